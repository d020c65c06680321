//! A growing SVG document: shapes, text that keeps to its box, and the colours of both schemes.

use std::fmt::Write as _;

/// Width of the page; its height grows.
pub(super) const WIDTH: f64 = 960.0;
/// Free space at the edges.
pub(super) const MARGIN: f64 = 24.0;
/// Width between the margins.
pub(super) const INNER: f64 = WIDTH - 2.0 * MARGIN;
/// Height of a line of text.
pub(super) const LINE: f64 = 18.0;
/// Fill colours there are: classes `c0` to `c7`.
pub(super) const COLOURS: usize = 8;

/// Width of a character of the 12-pixel monospaced font, rounded up from the 0.6 em that such fonts have.
const CHARACTER: f64 = 7.3;

const STYLE: &str = "\
text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#1b1f24}\
.title{font-size:16px;font-weight:bold}.head{font-weight:bold}.small{font-size:10px}.quiet{fill:#57606a}.warn{fill:#b3202a}\
.paper{fill:#fff}.track{fill:#eaeef2}.edge{fill:none;stroke:#57606a}.rule{stroke:#57606a}.hatch{stroke:#1b1f24;stroke-opacity:.3}\
.own{fill:none;stroke:#cf222e;stroke-width:2;stroke-dasharray:5 3}.keep{fill:#1b1f24}.focus{fill:none;stroke:#1b1f24;stroke-width:2}\
.c0{fill:#9ecbff}.c1{fill:#ffd58a}.c2{fill:#b4e6a4}.c3{fill:#f7b3c2}.c4{fill:#d3bdf5}.c5{fill:#9fe0dc}.c6{fill:#e3d08c}.c7{fill:#c9d1d9}\
@media(prefers-color-scheme:dark){\
text{fill:#e6edf3}.quiet{fill:#9aa4ae}.warn{fill:#ff8f88}\
.paper{fill:#0d1117}.track{fill:#21262d}.edge,.rule{stroke:#8b949e}.hatch{stroke:#e6edf3}.own{stroke:#ff7b72}.keep{fill:#e6edf3}.focus{stroke:#e6edf3}\
.c0{fill:#1f4f85}.c1{fill:#6e4c0d}.c2{fill:#2b5e2b}.c3{fill:#7a2f43}.c4{fill:#4f3a80}.c5{fill:#1e5f5c}.c6{fill:#5c5220}.c7{fill:#444c56}}";

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The document so far; `y` is where the next thing goes.
#[derive(Debug)]
pub(super) struct Canvas {
    body: String,
    pub(super) y: f64,
}

impl Canvas {
    pub(super) fn new() -> Self {
        Self { body: String::new(), y: MARGIN }
    }

    pub(super) fn rect(&mut self, class: &str, frame: Frame) {
        let Frame { x, y, width, height } = frame;
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}"/>"#
        );
    }

    /// A rectangle filled with the hatching of overlays.
    pub(super) fn hatched(&mut self, frame: Frame) {
        let Frame { x, y, width, height } = frame;
        let _ = writeln!(
            self.body,
            r#"<rect fill="url(#hatching)" x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}"/>"#
        );
    }

    pub(super) fn vertical(&mut self, x: f64, from: f64, to: f64) {
        let _ = writeln!(self.body, r#"<line class="rule" x1="{x:.2}" x2="{x:.2}" y1="{from:.2}" y2="{to:.2}"/>"#);
    }

    /// Opens a group whose tooltip is `title`; to be closed with [`close`](Self::close).
    pub(super) fn open(&mut self, title: &str) {
        let _ = writeln!(self.body, "<g><title>{}</title>", escape(title));
    }

    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// Text that begins at `x` with its baseline at `y`.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x:.2}" y="{y:.2}">{}</text>"#, escape(text));
    }

    /// Text centred on `x`.
    pub(super) fn centred(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = writeln!(
            self.body,
            r#"<text class="{class}" text-anchor="middle" x="{x:.2}" y="{y:.2}">{}</text>"#,
            escape(text)
        );
    }

    /// The first of `choices` that fits, centred in the frame; nothing if none does. Its length is fixed, so that a
    /// wider font cannot make it spill.
    pub(super) fn label(&mut self, frame: Frame, choices: &[&str]) {
        let Some(text) = choices.iter().find(|text| text_width(text) <= frame.width - 4.0) else {
            return;
        };
        let _ = writeln!(
            self.body,
            r#"<text text-anchor="middle" x="{:.2}" y="{:.2}" textLength="{:.2}" lengthAdjust="spacingAndGlyphs">{}</text>"#,
            frame.x + frame.width / 2.0,
            frame.y + frame.height / 2.0 + 4.0,
            text_width(text),
            escape(text)
        );
    }

    /// A heading with space above.
    pub(super) fn heading(&mut self, text: &str) {
        self.y += LINE * 1.5;
        self.text("head", MARGIN, self.y, text);
        self.y += LINE * 0.5;
    }

    /// Text broken into lines that end at the right margin.
    pub(super) fn paragraph(&mut self, class: &str, indent: f64, text: &str) {
        for line in wrap(text, ((INNER - indent) / CHARACTER) as usize) {
            self.y += LINE;
            self.text(class, MARGIN + indent, self.y, &line);
        }
    }

    /// The document.
    pub(super) fn finish(self) -> String {
        let height = self.y + MARGIN;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\">\n\
             <style>{STYLE}</style>\n\
             <defs><pattern id=\"hatching\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <line class=\"hatch\" x1=\"1\" x2=\"1\" y1=\"0\" y2=\"6\" stroke-width=\"1.5\"/></pattern></defs>\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height:.0}\"/>\n{}</svg>\n",
            self.body
        )
    }
}

/// Width of a text in pixels.
fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

/// `text`, or as much of it as fits and an ellipsis.
pub(super) fn shortened(text: &str, width: f64) -> String {
    let room = (width / CHARACTER).max(0.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// Lines of at most `room` characters, broken at spaces, and inside words that are longer.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + letters.len() <= room {
            length += 1;
            if let Some(line) = lines.last_mut() {
                line.push(' ');
            }
        } else if length > 0 {
            lines.push(String::new());
            length = 0;
        }
        for (index, part) in letters.chunks(room).enumerate() {
            if index > 0 {
                lines.push(String::new());
                length = 0;
            }
            length += part.len();
            if let Some(line) = lines.last_mut() {
                line.extend(part);
            }
        }
    }
    lines
}

/// Text as XML character data; what XML 1.0 cannot hold becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if character.is_control() && !matches!(character, '\t' | '\n' | '\r') => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_what_xml_cannot_hold_are_replaced() {
        assert_eq!(escape("a<b>&\"\u{1}\u{ffff}\n"), "a&lt;b&gt;&amp;&quot;\u{fffd}\u{fffd}\n");
    }

    #[test]
    fn lines_are_broken_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a abcdefgh b", 3), ["a", "abc", "def", "gh", "b"]);
        assert_eq!(wrap("ab cd", 1), ["a", "b", "c", "d"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn a_label_that_does_not_fit_gives_way_to_a_shorter_one() {
        let frame = Frame { x: 0.0, y: 0.0, width: 40.0, height: 20.0 };
        let mut canvas = Canvas::new();
        canvas.label(frame, &["stage_base", "12"]);
        assert!(canvas.body.contains(">12</text>") && !canvas.body.contains("stage_base"));
        let mut canvas = Canvas::new();
        canvas.label(Frame { width: 5.0, ..frame }, &["stage_base", "12"]);
        assert_eq!(canvas.body, "");
    }

    #[test]
    fn shortening_keeps_to_the_width() {
        assert_eq!(shortened("abc", 100.0), "abc");
        assert_eq!(shortened("abcdefgh", 4.0 * CHARACTER), "abc…");
        assert_eq!(shortened("abc", -1.0), "…");
    }
}
