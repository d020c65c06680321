//! The verb `plot`, and the picture of a table that was just solved.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use batch_solver::Frame;
use batch_solver::plot::{Fan, Histogram, ParameterMap, PhasePlane, Picture, check_ending};
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::files;
use crate::output::{Output, tell};

/// Draw a table that `solve` wrote, as SVG that is readable in light and dark.
///
/// A fan shows variables over time: quantiles of all runs, or each run where there are few. A phase plane shows one variable against another, a map final values or summaries
/// over one or two varied columns, a histogram how values are spread over runs. Without `--kind` a table with a column `t` becomes a fan, another a map over what was varied.
///
/// Failed runs are left out of curves and hatched in maps.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve plot trajectories.csv
  batch-solve plot trajectories.parquet --kind phase --variable x,z --out plane.svg
  batch-solve plot trajectories.csv --kind map --time 2.5 --variable x
  batch-solve plot summary.npz --variable v_max --against current,epsilon --out map.svg
  batch-solve plot random.csv --kind histogram --variable x,y")]
pub(crate) struct PlotArguments {
    /// Table to draw: CSV, .npz or Parquet, by the name of the file
    #[arg(value_name = "RESULT")]
    pub(crate) result: PathBuf,
    /// File to write, `-` for standard output [default: RESULT with the extension svg]
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: PlotOptions,
}

/// What of a table is drawn, and how.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PlotOptions {
    /// Kind of picture
    #[arg(long, value_enum, default_value_t = Kind::Auto)]
    pub(crate) kind: Kind,
    /// Variables to draw [default: the first ones]
    #[arg(long = "variable", value_name = "NAMES", value_delimiter = ',')]
    pub(crate) variables: Vec<String>,
    /// Columns a map is drawn against, one or two [default: the first varied ones]
    #[arg(long, value_name = "X[,Y]", value_delimiter = ',')]
    pub(crate) against: Vec<String>,
    /// Draw a map or a histogram at the saved time nearest to this, not at the end
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) time: Option<f64>,
    /// How many of the first columns were varied [default: those before `t`; in a table without `t` the fewest that tell all its rows apart, and initial values `x_0` before `x`. Several that were drawn at random cannot be told from results there: give their number]
    #[arg(long, value_name = "COUNT")]
    pub(crate) varied: Option<usize>,
    /// A title instead of the one that says what is drawn
    #[arg(long)]
    pub(crate) title: Option<String>,
}

/// Kinds of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// What suits the table
    #[default]
    Auto,
    /// Variables over time
    Fan,
    /// One variable against another
    Phase,
    /// Values over one or two varied columns
    Map,
    /// How values are spread over runs
    Histogram,
}

pub(crate) fn plot(arguments: &PlotArguments) -> Result<(), Failure> {
    let file = arguments.out.clone().unwrap_or_else(|| arguments.result.with_extension("svg"));
    files::refuse_same(&[("--out", &file)], &[("the result", &arguments.result)])?;
    check_ending(&file)?;
    let output = Output::open(&file).map_err(Failure::output(&file))?;
    let mut frame = Frame::read(&arguments.result)?;
    if let Some(varied) = arguments.options.varied {
        frame = frame.with_varied(varied);
    }
    let svg = draw(&frame, &arguments.options)?;
    if let Some(part) = part(&arguments.result) {
        tell(&format!("note: {} is a part of a result, {part}, and so is the picture", arguments.result.display()));
    }
    output.write(&svg).map_err(Failure::output(&file))
}

/// How much of a result is in a file that says, as a solve does that was interrupted, that it is not all.
fn part(file: &Path) -> Option<String> {
    if file.file_stem()?.to_str()?.ends_with(".partial") {
        return Some("what is left of an interrupted solve".to_owned());
    }
    // What is read once, as a pipe, has no last line any more.
    fs::metadata(file).ok().filter(|metadata| metadata.is_file())?;
    // The last line, if it is a short one.
    let mut open = File::open(file).ok()?;
    let from = open.metadata().ok()?.len().saturating_sub(80);
    let mut end = Vec::new();
    open.seek(SeekFrom::Start(from)).ok()?;
    open.read_to_end(&mut end).ok()?;
    let end = String::from_utf8_lossy(&end);
    let (solved, all) =
        end.trim_end().rsplit('\n').next()?.strip_prefix("# ")?.strip_suffix(" runs")?.split_once(" of ")?;
    let (solved, all) = (solved.parse::<u64>().ok()?, all.parse::<u64>().ok()?);
    Some(format!("{solved} of {all} runs"))
}

/// The picture of a table.
pub(crate) fn draw(frame: &Frame, options: &PlotOptions) -> Result<String, Failure> {
    // What only a map or a histogram has asks for one.
    let kind = match options.kind {
        Kind::Auto if !options.against.is_empty() || options.time.is_some() => Kind::Map,
        kind => kind,
    };
    if !options.against.is_empty() && kind != Kind::Map {
        return Err(Failure::AgainstNothing);
    }
    if options.time.is_some() && matches!(kind, Kind::Fan | Kind::Phase) {
        return Err(Failure::TimeOfFan);
    }
    let mut picture = match kind {
        Kind::Auto => Picture::choose(frame)?,
        Kind::Fan => Picture::Fan(Fan::new(frame)),
        Kind::Phase => Picture::PhasePlane(PhasePlane::new(frame)),
        Kind::Map => {
            let map = ParameterMap::new(frame).against(options.against.clone());
            Picture::ParameterMap(options.time.into_iter().fold(map, ParameterMap::at))
        }
        Kind::Histogram => Picture::Histogram(options.time.into_iter().fold(Histogram::new(frame), Histogram::at)),
    };
    if !options.variables.is_empty() {
        picture = picture.variables(options.variables.clone());
    }
    if let Some(title) = &options.title {
        picture = picture.title(title);
    }
    Ok(picture.to_svg()?)
}
