//! Runs from a file of any kind: from arrays of NumPy, as they are or by name, and from tables.

use std::path::Path;

use ndarray::ArrayView2;

use super::runs_file::check_name;
use super::{Batch, RunsFileError};
use crate::system::{Quantity, System};
use crate::table::{Frame, npy};

impl Batch {
    /// Reads the runs of a file, of a kind that its extension says. What the file does not give has its default.
    ///
    /// | extension | what the file has |
    /// | --- | --- |
    /// | `.csv` | a header of names and one line per run, see [`read_csv`](Self::read_csv) |
    /// | `.npy` | a two-dimensional array with a row for each run and a column for each state and then each parameter, or for each state, or for each parameter, in the system's order |
    /// | `.npz` | for each name a one-dimensional array with a value for each run, or a single value that all runs have; `numpy.savez("runs.npz", rho=rho, x=1.0)` writes one |
    /// | `.parquet` | a column of numbers for each name; read in builds with the feature `parquet` |
    ///
    /// Where a system has equally many states and parameters, as many columns in a `.npy` file could be either and are refused. What is named `duration`, where the system has no such
    /// state or parameter, gives each run its own [duration](Self::durations).
    ///
    /// ```
    /// use batch_solver::{Batch, System};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let file = folder.path().join("runs.csv");
    /// std::fs::write(&file, "k,x\n0.1,1\n0.2,2\n")?;
    /// let decay = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 0.5).build()?;
    /// assert_eq!(Batch::read(&file, &decay)?, Batch::zip().vary("k", [0.1, 0.2]).vary("x", [1.0, 2.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the extension is another, the file cannot be read, names or the number of columns do not fit the system, arrays have different lengths, or values are not finite.
    pub fn read(path: impl AsRef<Path>, system: &System) -> Result<Self, RunsFileError> {
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "csv" => Self::read_csv(path, system),
            "npy" => from_array(path, npy::read_npy(path)?, system),
            "npz" => from_arrays(path, npy::read_npz(path)?.into_iter().collect(), system, true),
            "parquet" => from_frame(path, &Frame::read(path)?, system),
            _ => Err(RunsFileError::Extension { file: path.display().to_string() }),
        }
    }
}

fn from_array(path: &Path, (shape, values): npy::Array, system: &System) -> Result<Batch, RunsFileError> {
    let file = path.display().to_string();
    let names = |quantities: &[Quantity]| quantities.iter().map(|quantity| quantity.name.clone()).collect::<Vec<_>>();
    let (states, parameters) = (names(system.states()), names(system.parameters()));
    let (all, either) = ([states.clone(), parameters.clone()].concat(), states.len() == parameters.len());
    let mut choices = vec![all.clone()];
    if !either && !parameters.is_empty() {
        choices.extend([states.clone(), parameters]);
    }
    let view = match shape.as_slice() {
        [runs, columns] => ArrayView2::from_shape((*runs, *columns), &values).ok(),
        _ => None,
    };
    let columns = view.as_ref().map(ArrayView2::ncols);
    if either && columns == Some(states.len()) {
        let (columns, system) = (states.len(), system.name().to_owned());
        return Err(RunsFileError::StatesOrParameters { file, columns, system, names: all });
    }
    let fitting = choices.iter().find(|names| Some(names.len()) == columns);
    let (Some(view), Some(names)) = (view, fitting) else {
        let allowed = choices.iter().map(|names| format!("[runs, {}] for {}", names.len(), names.join(", "))).collect();
        return Err(RunsFileError::Shape { file, shape, system: system.name().to_owned(), allowed });
    };
    if view.nrows() == 0 {
        return Err(RunsFileError::NoRuns { place: file });
    }
    names.iter().zip(view.columns()).try_fold(Batch::zip(), |batch, (name, column)| {
        let values = column.to_vec();
        check_finite(&file, name, &values)?;
        Ok(batch.vary(name.as_str(), values))
    })
}

fn from_frame(path: &Path, frame: &Frame, system: &System) -> Result<Batch, RunsFileError> {
    let column = |name: &str| (name.to_owned(), (vec![frame.rows()], frame.column(name).unwrap_or_default().to_vec()));
    from_arrays(path, frame.names().map(column).collect(), system, false)
}

/// Where `one_for_all`, an array of one value among longer ones is the same in all runs, and so is one without an axis; in a table a single row is a run.
fn from_arrays(
    path: &Path,
    arrays: Vec<(String, npy::Array)>,
    system: &System,
    one_for_all: bool,
) -> Result<Batch, RunsFileError> {
    let file = path.display().to_string();
    for (name, (shape, values)) in &arrays {
        check_name(name, system, || file.clone())?;
        if shape.len() > 1 {
            return Err(RunsFileError::NotAList { file, name: name.clone(), shape: shape.clone() });
        }
        if values.is_empty() {
            return Err(RunsFileError::NoRuns { place: format!("{file}: array `{name}`") });
        }
        check_finite(&file, name, values)?;
    }
    let longer = || arrays.iter().map(|(name, (_, values))| (name, values.len())).filter(|(_, length)| *length > 1);
    let (first, runs) = longer().next().map_or((String::new(), 1), |(name, length)| (name.clone(), length));
    if let Some((other, length)) = longer().find(|(_, length)| *length != runs) {
        let other = other.clone();
        return Err(RunsFileError::UnequalLengths { file, first, first_len: runs, other, other_len: length });
    }
    if arrays.is_empty() {
        return Err(RunsFileError::NoRuns { place: file });
    }
    Ok(arrays.into_iter().fold(Batch::zip(), |batch, (name, (shape, mut values))| {
        let is_duration = super::runs_file::is_duration(&name, system);
        if is_duration && values.len() == 1 {
            values.resize(runs, values[0]);
        }
        match values.as_slice() {
            [value] if one_for_all && !is_duration && (runs > 1 || shape.is_empty()) => batch.fix(name, *value),
            _ => batch.with_column(name, values, system),
        }
    }))
}

fn check_finite(file: &str, name: &str, values: &[f64]) -> Result<(), RunsFileError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(run) => {
            Err(RunsFileError::NotFinite { file: file.to_owned(), name: name.to_owned(), run, value: values[run] })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system() -> System {
        System::builder("spring")
            .equations("dx = v\ndv = -k*x")
            .states([("x", 1.0), ("v", 0.0)])
            .parameter("k", 1.0)
            .build()
            .unwrap()
    }

    fn array(shape: &[usize]) -> npy::Array {
        (shape.to_vec(), (0..shape.iter().product::<usize>()).map(|value| value as f64).collect())
    }

    fn read(shape: &[usize]) -> Result<Batch, RunsFileError> {
        from_array(Path::new("runs.npy"), array(shape), &system())
    }

    fn archive(arrays: &[(&str, &[usize])]) -> Result<Batch, RunsFileError> {
        let arrays = arrays.iter().map(|(name, shape)| ((*name).to_owned(), array(shape))).collect();
        from_arrays(Path::new("runs.npz"), arrays, &system(), true)
    }

    #[test]
    fn columns_of_an_array_are_what_the_system_has_as_many_of() {
        let all = Batch::zip().vary("x", [0.0, 3.0]).vary("v", [1.0, 4.0]).vary("k", [2.0, 5.0]);
        assert_eq!(read(&[2, 3]).unwrap(), all);
        assert_eq!(read(&[2, 2]).unwrap(), Batch::zip().vary("x", [0.0, 2.0]).vary("v", [1.0, 3.0]));
        assert_eq!(read(&[3, 1]).unwrap(), Batch::zip().vary("k", [0.0, 1.0, 2.0]));
        for shape in [&[2, 4][..], &[3], &[], &[1, 2, 3], &[0, 0]] {
            let message = read(shape).unwrap_err().to_string();
            assert!(message.starts_with(&format!("runs.npy: the array has shape {shape:?}")), "{message}");
            assert!(message.contains("[runs, 3] for x, v, k, or [runs, 2] for x, v, or [runs, 1] for k"), "{message}");
        }
        assert!(matches!(read(&[0, 3]), Err(RunsFileError::NoRuns { .. })));
    }

    #[test]
    fn columns_that_could_be_either_are_refused() {
        let system = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 0.5).build();
        let system = system.unwrap();
        let message = from_array(Path::new("a.npy"), array(&[2, 1]), &system).unwrap_err().to_string();
        let expected = "a.npy: the 1 columns of the array could be the states or the parameters of `decay`: give columns for both, [runs, 2] for x, k, or";
        assert!(message.starts_with(expected) && message.contains("`.npz`"), "{message}");
        let message = from_array(Path::new("a.npy"), array(&[2, 3]), &system).unwrap_err().to_string();
        assert!(message.contains("allows [runs, 2] for x, k; arrays"), "{message}");
        let plain = System::builder("plain").equations("dx = -x").state("x", 1.0).build().unwrap();
        let batch = from_array(Path::new("a.npy"), array(&[2, 1]), &plain).unwrap();
        assert_eq!(batch, Batch::zip().vary("x", [0.0, 1.0]));
    }

    #[test]
    fn arrays_by_name_have_one_length_or_one_value() {
        let batch = archive(&[("k", &[3]), ("x", &[]), ("v", &[1])]).unwrap();
        assert_eq!(batch, Batch::zip().vary("k", [0.0, 1.0, 2.0]).fix("x", 0.0).fix("v", 0.0));
        let batch = archive(&[("k", &[1]), ("x", &[])]).unwrap();
        assert_eq!((batch.runs().unwrap(), batch.varied().collect::<Vec<_>>()), (1, vec!["k"]), "a list of one run");
        let batch = archive(&[("k", &[2]), ("duration", &[])]).unwrap();
        assert_eq!(batch, Batch::zip().vary("k", [0.0, 1.0]).durations([0.0, 0.0]));
        assert_eq!(archive(&[("x", &[]), ("duration", &[4])]).unwrap().check(&system()).unwrap(), 4);
        for (arrays, expected) in [
            (&[][..], "runs.npz: there are no runs"),
            (&[("k", &[0][..])], "runs.npz: array `k`: there are no runs"),
            (&[("kk", &[2])], "runs.npz: `kk` is neither a state nor a parameter of `spring` (did you mean `k`?)"),
            (&[("k", &[2, 1])], "runs.npz: array `k` has shape [2, 1]"),
            (&[("x", &[]), ("k", &[2]), ("v", &[3])], "runs.npz: `k` has 2 values, `v` 3"),
        ] {
            let message = archive(arrays).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn columns_of_a_table_are_arrays_by_name() {
        let of = |columns: [(&str, Vec<f64>); 2]| {
            from_frame(Path::new("runs.parquet"), &Frame::new(columns).unwrap(), &system())
        };
        let batch = of([("k", vec![1.0, 2.0]), ("duration", vec![3.0, 4.0])]).unwrap();
        assert_eq!(batch, Batch::zip().vary("k", [1.0, 2.0]).durations([3.0, 4.0]));
        let message = of([("k", vec![1.0, f64::NAN]), ("x", vec![1.0, 2.0])]).unwrap_err().to_string();
        assert!(message.starts_with("runs.parquet: `k` has the value NaN in run 1"), "{message}");
    }

    #[test]
    fn values_are_finite_and_extensions_known() {
        let array = (vec![1, 2], vec![1.0, f64::NAN]);
        let message = from_array(Path::new("runs.npy"), array, &system()).unwrap_err().to_string();
        assert!(message.starts_with("runs.npy: `v` has the value NaN in run 0"), "{message}");
        for file in ["runs", "runs.xlsx", "runs.csv.gz"] {
            let message = Batch::read(file, &system()).unwrap_err().to_string();
            assert!(message.starts_with(file) && message.contains("`.csv`, `.npy`, `.npz` or `.parquet`"), "{message}");
        }
        assert!(matches!(Batch::read("/nowhere/RUNS.NPZ", &system()), Err(RunsFileError::Npy(_))));
    }
}
