use crate::table::FrameError;

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// A name that no column has.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A table without rows.
    #[error("the table has no rows, so there is nothing to draw")]
    NoRows,
    /// A table of varied names, times and statuses only.
    #[error("the table has no variables, only {}: if fewer columns were varied, say how many with `--varied` (`Frame::with_varied`)", .known.join(", "))]
    NoVariables {
        /// All columns.
        known: Vec<String>,
    },
    /// No value that could be drawn.
    #[error("nothing to draw: no run that reached its end has a finite value of {} (on a logarithmic axis, a positive one)", .names.join(", "))]
    NothingToDraw {
        /// What was to be drawn.
        names: Vec<String>,
    },
    /// Contenders of which no point has a place on logarithmic axes.
    #[error("nothing to draw: {}", no_points(.names))]
    NoPoints {
        /// The methods or programs.
        names: Vec<String>,
    },
    /// A picture over time of a table without times.
    #[error(
        "a fan is drawn over time, and the table has no column `t`: solve with `--save-every TIME` (setting `save_every`), or draw a map"
    )]
    NoTime,
    /// A map of a table in which nothing is varied.
    #[error("a map needs one or two columns to be drawn against, and none is varied: name them with `--against` (`ParameterMap::against`); there are {}", .known.join(", "))]
    NothingVaried {
        /// All columns.
        known: Vec<String>,
    },
    /// More axes than a page has.
    #[error(
        "a map is drawn against one or two columns, not {count}: leave some out of `--against`; values are averaged over what is left out"
    )]
    TooManyAxes {
        /// Columns given.
        count: usize,
    },
    /// A phase plane needs two variables.
    #[error("a phase plane needs two variables, and there is only {}: draw a fan or a map", .known.join(", "))]
    OneVariable {
        /// The variables.
        known: Vec<String>,
    },
    /// More variables than a plane has axes.
    #[error("a phase plane has two variables, not {} ({}): name two of them, `--variable X,Y` (`PhasePlane::variables`)", .names.len(), .names.join(", "))]
    TooManyVariables {
        /// The variables.
        names: Vec<String>,
    },
    /// One column twice.
    #[error("column `{name}` is named twice: name each once")]
    NamedTwice {
        /// The column.
        name: String,
    },
    /// A name that tells of another kind of picture.
    #[error("{file}: pictures are SVG: name the file `{svg}`, and convert it afterwards where another kind is needed")]
    Ending {
        /// The file.
        file: String,
        /// Its name with the ending of SVG.
        svg: String,
    },
    /// A time that was not saved, or of a table without times.
    #[error("no run has values at t = {time}{}", .span.map_or_else(|| ": the table has no column `t`, leave the time out".to_owned(), |(first, last)| format!(": times from {first} to {last} were saved")))]
    NoSuchTime {
        /// The time asked for.
        time: f64,
        /// First and last time saved.
        span: Option<(f64, f64)>,
    },
    /// The drawing library refused.
    #[error("the picture could not be laid out: {reason}")]
    Layout {
        /// What it said.
        reason: String,
    },
}

fn no_points(names: &[String]) -> String {
    match names.is_empty() {
        true => "there is nothing to compare, add a method or a curve".to_owned(),
        false => format!(
            "{} has no point that is finite and positive on both axes, which are logarithmic: measure longer times, and leave out errors of zero",
            names.join(", ")
        ),
    }
}

impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>> for PlotError {
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        Self::Layout { reason: error.to_string() }
    }
}
