//! Tables of text, aligned for a terminal or as Markdown.

/// Rows of cells under a header.
#[derive(Debug)]
pub(crate) struct Columns<const N: usize> {
    header: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    pub(crate) fn new(header: [&'static str; N]) -> Self {
        Self { header, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: [String; N]) {
        // A cell is one line, whatever the text was.
        self.rows.push(row.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")));
    }

    pub(crate) fn render(&self, markdown: bool) -> String {
        if markdown { self.to_markdown() } else { self.to_text() }
    }

    /// Every column as wide as its widest cell, two spaces between columns.
    fn to_text(&self) -> String {
        let header = self.header.map(str::to_owned);
        let lines = || std::iter::once(&header).chain(&self.rows);
        let width = |column: usize| lines().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        let mut text = String::new();
        for row in lines() {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            text += cells.join("  ").trim_end();
            text.push('\n');
        }
        text
    }

    fn to_markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(&self.header.map(str::to_owned)) + &line(&self.header.map(|_| "---".to_owned()));
        for row in &self.rows {
            text += &line(&row.each_ref().map(|cell| cell.replace('|', "\\|")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns<2> {
        let mut columns = Columns::new(["name", "use"]);
        columns.push(["Störmer".into(), "two\n  lines".into()]);
        columns.push(["a".into(), "b | c".into()]);
        columns
    }

    #[test]
    fn text_is_aligned_by_characters() {
        assert_eq!(columns().render(false), "name     use\nStörmer  two lines\na        b | c\n");
    }

    #[test]
    fn markdown_keeps_its_columns() {
        assert_eq!(columns().render(true), "| name | use |\n| --- | --- |\n| Störmer | two lines |\n| a | b \\| c |\n");
    }
}
