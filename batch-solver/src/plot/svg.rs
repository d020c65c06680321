//! SVG from Plotters, small: what is drawn in one colour is one path, and colours of the scheme are classes.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

use super::colours::{self, HATCH, PAPER};

/// The style of the document is chosen where it is shown, by the page around it or by the system. The ground goes with the ink: should a page be dark that claims to
/// be light, the picture is a card on it, never black on black.
#[derive(Debug)]
pub(super) struct Document {
    size: (u32, u32),
    body: String,
    open: Option<Open>,
    scheme: Vec<(RGBColor, RGBColor)>,
    filled: Vec<bool>,
    stroked: Vec<bool>,
}

/// How a path is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pen {
    colour: RGBColor,
    /// In thousandths.
    opacity: u32,
    /// Width of the stroke; none where the path is filled.
    stroke: Option<u32>,
    /// Edges along pixels, so that areas touch.
    crisp: bool,
}

/// A path that can be continued.
#[derive(Debug)]
struct Open {
    pen: Pen,
    at: BackendCoord,
}

impl Document {
    pub(super) fn new(size: (u32, u32)) -> Self {
        let scheme = colours::scheme();
        let used = vec![false; scheme.len()];
        Self { size, body: String::new(), open: None, filled: used.clone(), stroked: used, scheme }
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.body.push_str("\"/>\n");
        }
    }

    /// Where the next path begins.
    fn move_to(&mut self, pen: Pen, (x, y): BackendCoord) {
        // Where translucent shapes lie on each other, each is to be seen.
        if self.open.as_ref().is_none_or(|open| open.pen != pen || pen.opacity < 1000) {
            self.close();
            let paint = self.paint(pen.colour, pen.stroke.is_some());
            let _ = write!(self.body, "<path {paint}");
            if let Some(width) = pen.stroke {
                let _ = write!(self.body, " fill=\"none\" stroke-width=\"{width}\"");
            }
            if pen.opacity < 1000 {
                let _ = write!(self.body, " opacity=\"{}\"", f64::from(pen.opacity) / 1000.0);
            }
            if pen.crisp {
                self.body.push_str(" shape-rendering=\"crispEdges\"");
            }
            self.body.push_str(" d=\"");
        }
        let _ = write!(self.body, "M{x} {y}");
        self.open = Some(Open { pen, at: (x, y) });
    }

    /// A line to each of the points that are elsewhere than the one before.
    fn lines_to(&mut self, points: impl Iterator<Item = BackendCoord>) {
        let Some(open) = &mut self.open else { return };
        let mut command = "l";
        for (x, y) in points {
            let (dx, dy) = (x - open.at.0, y - open.at.1);
            if (dx, dy) == (0, 0) {
                continue;
            }
            let (gap, comma) = (if command.is_empty() && dx >= 0 { " " } else { "" }, if dy < 0 { "" } else { " " });
            let _ = write!(self.body, "{command}{gap}{dx}{comma}{dy}");
            (command, open.at) = ("", (x, y));
        }
        if command == "l" {
            self.body.push_str("h0");
        }
    }

    /// The attribute for a colour.
    fn paint(&mut self, colour: RGBColor, stroke: bool) -> String {
        let RGBColor(red, green, blue) = colour;
        if !stroke && colour == HATCH {
            return "fill=\"url(#hatch)\"".to_owned();
        }
        match self.scheme.iter().position(|(light, _)| *light == colour) {
            Some(index) if stroke => {
                self.stroked[index] = true;
                format!("class=\"s{index}\"")
            }
            Some(index) => {
                self.filled[index] = true;
                format!("class=\"f{index}\"")
            }
            None => format!("{}=\"#{red:02x}{green:02x}{blue:02x}\"", if stroke { "stroke" } else { "fill" }),
        }
    }

    /// The classes of one scheme.
    fn classes(&self, of: impl Fn(&(RGBColor, RGBColor)) -> RGBColor) -> String {
        let mut text = String::new();
        for (index, pair) in self.scheme.iter().enumerate() {
            let RGBColor(red, green, blue) = of(pair);
            for (used, class, property) in [(&self.filled, 'f', "fill"), (&self.stroked, 's', "stroke")] {
                if used[index] {
                    let _ = write!(text, ".{class}{index}{{{property}:#{red:02x}{green:02x}{blue:02x}}}");
                }
            }
        }
        text
    }

    /// The document.
    pub(super) fn finish(mut self) -> String {
        self.close();
        let (width, height) = self.size;
        let hatched = self.body.contains("url(#hatch)");
        let hatch = if hatched { self.paint(HATCH, true) } else { String::new() };
        let ground = self.paint(PAPER, false);
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<style>{}\n@media(prefers-color-scheme:dark){{{}}}</style>\n",
            width / 2,
            height / 2,
            self.classes(|pair| pair.0),
            self.classes(|pair| pair.1),
        );
        if hatched {
            let _ = writeln!(
                text,
                "<defs><pattern id=\"hatch\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path {hatch} stroke-width=\"3\" d=\"M3 0v12\"/></pattern></defs>"
            );
        }
        let _ = write!(text, "<path {ground} d=\"M0 0h{width}v{height}H0z\"/>\n{}</svg>\n", self.body);
        text
    }
}

/// Draws on a document.
#[derive(Debug)]
pub(super) struct Svg<'a>(pub(super) &'a mut Document);

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

fn pen(colour: BackendColor, stroke: Option<u32>) -> Option<Pen> {
    let (red, green, blue) = colour.rgb;
    let opacity = (1000.0 * colour.alpha).round() as u32;
    (opacity > 0).then_some(Pen { colour: RGBColor(red, green, blue), opacity, stroke, crisp: false })
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.0.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        if let Some(pen) = pen(colour, None) {
            self.0.move_to(pen, (x, y));
            self.0.body.push_str("h1v1h-1z");
        }
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let stroke = (!fill).then(|| style.stroke_width());
        if let Some(pen) = pen(style.color(), stroke) {
            self.0.move_to(Pen { crisp: true, ..pen }, (left, top));
            let (width, height) = (right - left, bottom - top);
            let _ = write!(self.0.body, "h{width}v{height}h{}z", -width);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let mut path = path.into_iter();
        if let (Some(pen), Some(first)) = (pen(style.color(), Some(style.stroke_width())), path.next()) {
            self.0.move_to(pen, first);
            self.0.lines_to(path);
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        // The shortest disc is a line without length.
        if fill {
            if let Some(pen) = pen(style.color(), Some(2 * radius)) {
                self.0.move_to(pen, (x, y));
                self.0.body.push_str("h0");
            }
        } else if let Some(pen) = pen(style.color(), Some(style.stroke_width())) {
            let across = 2 * radius;
            self.0.move_to(pen, (x - radius as i32, y));
            let _ = write!(self.0.body, "a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0-{across} 0z");
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let mut path = path.into_iter();
        if let (Some(pen), Some(first)) = (pen(style.color(), None), path.next()) {
            self.0.move_to(pen, first);
            self.0.lines_to(path);
            self.0.body.push('z');
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let Some(pen) = pen(style.color(), None) else { return Ok(()) };
        self.0.close();
        let paint = self.0.paint(pen.colour, false);
        let body = &mut self.0.body;
        let _ = write!(body, "<text {paint} x=\"{x}\" y=\"{y}\" font-size=\"{}\"", style.size());
        let dy = match style.anchor().v_pos {
            VPos::Top => ".8em",
            VPos::Center => ".35em",
            VPos::Bottom => "-.2em",
        };
        let _ = write!(body, " dy=\"{dy}\"");
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => body.push_str(" text-anchor=\"middle\""),
            HPos::Right => body.push_str(" text-anchor=\"end\""),
        }
        if matches!(style.style(), FontStyle::Bold) {
            body.push_str(" font-weight=\"bold\"");
        }
        let turned = match style.transform() {
            FontTransform::None => None,
            FontTransform::Rotate90 => Some(90),
            FontTransform::Rotate180 => Some(180),
            FontTransform::Rotate270 => Some(270),
        };
        if let Some(degrees) = turned {
            let _ = write!(body, " transform=\"rotate({degrees} {x} {y})\"");
        }
        let _ = writeln!(body, ">{}</text>", escape(text));
        Ok(())
    }
}

/// Text as XML character data; what XML 1.0 cannot hold becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if character.is_control() => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}
