//! Pictures of results, as SVG.
//!
//! | picture | of |
//! |---|---|
//! | [`Fan`] | variables over time: quantiles of many runs, or a few runs one by one |
//! | [`PhasePlane`] | one variable against another |
//! | [`ParameterMap`] | a final value or a summary over one or two varied columns |
//! | [`Histogram`] | how a variable is spread over runs |
//! | [`WorkPrecision`] | errors over the time they take, by method |
//! | [`Scaling`] | time over the number of runs, by contender |
//!
//! [`Picture::choose`] takes one for a table. The memory map is `LayoutReport::to_svg` of `buffer-runtime`.
//!
//! ```
//! use batch_solver::Frame;
//! use batch_solver::plot::Picture;
//!
//! let frame = Frame::new([("rho", vec![1.0, 2.0, 3.0]), ("x", vec![0.1, 0.7, 0.2]), ("status", vec![0.0; 3])])?.with_varied(1);
//! let svg = Picture::choose(&frame)?.to_svg()?;
//! assert!(svg.contains("prefers-color-scheme:dark"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What was varied
//!
//! A table that was just made knows its varied columns, as does one that is [told](crate::Frame::with_varied). Of others, the columns before `t` were varied. Without a column `t` they are the fewest first columns that tell all different rows apart, an initial value `x_0` before the state `x`, and
//! durations, with all columns before these. Of several columns that were drawn at random the first may tell all rows apart; the others then look like results.
//!
//! # Light and dark
//!
//! A picture holds both its light and its dark colours, in a `<style>` that asks for `prefers-color-scheme`: browsers answer that for an SVG in an `<img>` too, GitHub's pages included. Colours that must
//! serve both grounds have little contrast on either. The ground is drawn, white or GitHub's dark, and changes with the ink: where the page's scheme is not the system's the picture is a card, and never dark on dark.
//! What knows no style sheets shows the light form. The same table gives the same bytes.
//!
//! # Size
//!
//! Millions of rows make a picture of less than 300 kB: curves keep their lowest and highest points, maps are averaged over cells, of points that lie on each other one is kept.

mod axis;
mod colours;
mod columns;
mod contenders;
mod error;
mod fan;
mod histogram;
mod map;
mod page;
mod phase;
mod svg;
#[cfg(test)]
mod tests;
mod varied;

pub use contenders::{Scaling, WorkPrecision};
pub use error::PlotError;
pub use fan::Fan;
pub use histogram::Histogram;
pub use map::ParameterMap;
pub use phase::PhasePlane;

use std::path::Path;

use crate::table::Frame;
use columns::Columns;

/// A picture of a table, of the kind that suits it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Picture<'a> {
    /// Variables over time.
    Fan(Fan<'a>),
    /// One variable against another.
    PhasePlane(PhasePlane<'a>),
    /// Values over what was varied.
    ParameterMap(ParameterMap<'a>),
    /// How values are spread.
    Histogram(Histogram<'a>),
}

impl<'a> Picture<'a> {
    /// With a column `t` and several times, a fan; else with one or more varied columns, a map over the first or the first two of them; else a histogram.
    ///
    /// # Errors
    /// When the table has no rows.
    pub fn choose(frame: &'a Frame) -> Result<Self, PlotError> {
        let columns = Columns::of(frame)?;
        Ok(if columns.time.is_some() && columns.runs.iter().any(|run| run.len() > 1) {
            Self::Fan(Fan::new(frame))
        } else if columns.varied.is_empty() || columns.runs.len() == 1 {
            Self::Histogram(Histogram::new(frame))
        } else {
            Self::ParameterMap(ParameterMap::new(frame))
        })
    }

    /// These variables instead of the first ones.
    #[must_use]
    pub fn variables<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        match self {
            Self::Fan(picture) => Self::Fan(picture.variables(names)),
            Self::PhasePlane(picture) => Self::PhasePlane(picture.variables(names)),
            Self::ParameterMap(picture) => Self::ParameterMap(picture.variables(names)),
            Self::Histogram(picture) => Self::Histogram(picture.variables(names)),
        }
    }

    /// A title of one's own.
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Self {
        match self {
            Self::Fan(picture) => Self::Fan(picture.title(title)),
            Self::PhasePlane(picture) => Self::PhasePlane(picture.title(title)),
            Self::ParameterMap(picture) => Self::ParameterMap(picture.title(title)),
            Self::Histogram(picture) => Self::Histogram(picture.title(title)),
        }
    }

    /// The picture.
    ///
    /// # Errors
    /// Those of the kind of picture.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        match self {
            Self::Fan(picture) => picture.to_svg(),
            Self::PhasePlane(picture) => picture.to_svg(),
            Self::ParameterMap(picture) => picture.to_svg(),
            Self::Histogram(picture) => picture.to_svg(),
        }
    }
}

/// Refuses a file whose name has an ending that is not that of SVG, which is what every picture is. Devices have none.
///
/// # Errors
/// [`PlotError::Ending`] with the name that it could have.
pub fn check_ending(file: impl AsRef<Path>) -> Result<(), PlotError> {
    let file = file.as_ref();
    match file.extension() {
        Some(ending) if !ending.eq_ignore_ascii_case("svg") => {
            let svg = file.with_extension("svg").display().to_string();
            Err(PlotError::Ending { file: file.display().to_string(), svg })
        }
        _ => Ok(()),
    }
}

/// A title, if one was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Titled(Option<String>);

impl Titled {
    fn or(&self, other: impl FnOnce() -> String) -> String {
        self.0.clone().unwrap_or_else(other)
    }
}

/// The option that all pictures have.
macro_rules! title_option {
    () => {
        /// A title of one's own.
        #[must_use]
        pub fn title(mut self, title: impl Into<String>) -> Self {
            self.title = $crate::plot::Titled(Some(title.into()));
            self
        }
    };
}
use title_option;

/// The options that pictures of tables have in common.
macro_rules! picture_options {
    () => {
        /// These variables instead of the first ones; any column may be one.
        #[must_use]
        pub fn variables<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
            self.variables = names.into_iter().map(Into::into).collect();
            self
        }

        $crate::plot::title_option!();
    };
}
use picture_options;
