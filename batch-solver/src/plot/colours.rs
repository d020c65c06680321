//! Colours of both schemes: each has a light and a dark form, and the style of the document chooses.

use plotters::style::RGBColor;

use super::axis::Scale;

/// Text, axes and outlines.
pub(super) const INK: RGBColor = RGBColor(0x24, 0x29, 0x2f);
/// Numbers on axes.
pub(super) const QUIET: RGBColor = RGBColor(0x57, 0x60, 0x6a);
/// Lines behind the data.
pub(super) const GRID: RGBColor = RGBColor(0xdf, 0xe3, 0xe8);
/// What all is drawn on.
pub(super) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Failed runs. As a fill it becomes a hatching.
pub(super) const HATCH: RGBColor = RGBColor(0x8c, 0x95, 0x9f);

/// Colours of things that have no order.
pub(super) const PALETTE: [RGBColor; 8] = [
    RGBColor(0x1f, 0x6f, 0xd0),
    RGBColor(0xc4, 0x57, 0x0c),
    RGBColor(0x1a, 0x7f, 0x37),
    RGBColor(0x82, 0x50, 0xdf),
    RGBColor(0xcf, 0x22, 0x2e),
    RGBColor(0x0e, 0x7c, 0x86),
    RGBColor(0x8a, 0x6d, 0x00),
    RGBColor(0xbf, 0x39, 0x89),
];

const DARK: [(RGBColor, u32); 13] = [
    (INK, 0xe6edf3),
    (QUIET, 0x9aa4ae),
    (GRID, 0x272d35),
    (PAPER, 0x0d1117),
    (HATCH, 0x6e7781),
    (PALETTE[0], 0x58a6ff),
    (PALETTE[1], 0xf0883e),
    (PALETTE[2], 0x3fb950),
    (PALETTE[3], 0xbc8cff),
    (PALETTE[4], 0xff7b72),
    (PALETTE[5], 0x39c5cf),
    (PALETTE[6], 0xd8b62a),
    (PALETTE[7], 0xff80c0),
];

/// Levels of the ramp that lines and dots are coloured with.
const RAMP: usize = 24;
/// Levels of the colours of a map.
pub(super) const LEVELS: usize = 64;

/// Viridis at equal distances.
const VIRIDIS: [u32; 10] =
    [0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725];

fn rgb(hex: u32) -> RGBColor {
    let [_, red, green, blue] = hex.to_be_bytes();
    RGBColor(red, green, blue)
}

/// The colour of a value between 0 and 1.
fn viridis(at: f64) -> RGBColor {
    let at = at.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let low = (at as usize).min(VIRIDIS.len() - 2);
    let (RGBColor(r0, g0, b0), RGBColor(r1, g1, b1)) = (rgb(VIRIDIS[low]), rgb(VIRIDIS[low + 1]));
    let mix =
        |from: u8, to: u8| (f64::from(from) + (at - low as f64) * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(r0, r1), mix(g0, g1), mix(b0, b1))
}

/// The colour with an odd or even amount of blue: colours of the scheme are odd and change, those of areas are even and stay.
fn with_parity(RGBColor(red, green, blue): RGBColor, odd: bool) -> RGBColor {
    RGBColor(red, green, blue & !1 | u8::from(odd))
}

/// Colour of an area whose value is at a fraction of the scale. Areas touch each other, so the whole of viridis is seen on every ground.
pub(super) fn of_area(fraction: f64) -> RGBColor {
    let level = (fraction * LEVELS as f64).floor().clamp(0.0, LEVELS as f64 - 1.0);
    with_parity(viridis(level / (LEVELS as f64 - 1.0)), false)
}

/// Colour of a line or a dot at a fraction of the scale. Thin things need contrast: the lightest end is left out on white, the darkest on black.
pub(super) fn of_line(fraction: f64) -> RGBColor {
    ramp((fraction * RAMP as f64).floor().clamp(0.0, RAMP as f64 - 1.0) as usize).0
}

fn ramp(level: usize) -> (RGBColor, RGBColor) {
    let at = (level as f64 + 0.37) / RAMP as f64;
    (with_parity(viridis(0.84 * at), true), viridis(0.3 + 0.7 * at))
}

/// Every colour that depends on the scheme: its light form, by which it is drawn, and its dark form.
pub(super) fn scheme() -> Vec<(RGBColor, RGBColor)> {
    DARK.iter().map(|(light, dark)| (*light, rgb(*dark))).chain((0..RAMP).map(ramp)).collect()
}

/// What numbers are shown as colours, and how.
#[derive(Clone, Debug)]
pub(super) struct Colours {
    pub(super) scale: Scale,
    /// Whether areas are coloured, not lines.
    pub(super) areas: bool,
}

impl Colours {
    pub(super) fn of(&self, value: f64) -> Option<RGBColor> {
        let fraction = self.scale.fraction(value)?;
        Some(self.at(fraction))
    }

    pub(super) fn at(&self, fraction: f64) -> RGBColor {
        if self.areas { of_area(fraction) } else { of_line(fraction) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_areas_and_of_the_scheme_are_different() {
        let scheme = scheme();
        for (index, (light, _)) in scheme.iter().enumerate() {
            assert!(!scheme[..index].iter().any(|(other, _)| other == light), "{light:?} twice");
            assert!((0..LEVELS).all(|level| of_area(level as f64 / LEVELS as f64) != *light), "{light:?}");
        }
    }
}
