use super::*;
use crate::solution::{Counted, Summaries, Timings, Trace};

/// Two states and an observable of the given runs and times; every value says where it belongs.
fn solution(runs: usize, times: &[f64]) -> Solution {
    let values = |variables: usize, offset: f64| {
        let count = times.len() * variables * runs;
        Values::F64((0..count).map(|i| offset + i as f64).collect())
    };
    Solution {
        times: times.to_vec(),
        system_states: ["x", "y", "z"].map(str::to_owned).to_vec(),
        state_names: vec!["x".to_owned(), "y".to_owned()],
        observable_names: vec!["energy".to_owned()],
        runs,
        first_run: 0,
        batch_runs: runs,
        states: values(2, 0.0),
        observables: values(1, 0.5),
        status: (0..runs).map(|run| if run % 100 == 99 { 16 } else { 0 }).collect(),
        timings: Timings::default(),
        steps: Some(1),
        counters: Vec::new(),
        resources: None,
        summaries: Summaries::default(),
        counted: Counted::default(),
        trace: Trace::default(),
        choice: None,
    }
}

fn written(table: &Table<'_>) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    assert_eq!(table.write_csv(&mut out).unwrap(), out.len() as u64);
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn every_value_is_where_it_belongs_in_more_runs_than_are_held_back() {
    let runs = 100_003;
    let batch = Batch::grid().vary("rho", (0..runs).map(|run| run as f64).collect::<Vec<_>>());
    let solution = solution(runs, &[1.0]);
    let rows = written(&Table::new(&batch, &solution).unwrap());
    assert_eq!(rows[0], ["rho", "x", "y", "energy", "status"]);
    assert_eq!(rows.len(), runs + 1);
    for (run, row) in rows[1..].iter().enumerate() {
        let numbers: Vec<f64> = row.iter().map(|field| field.parse().unwrap()).collect();
        let status = if run % 100 == 99 { 16.0 } else { 0.0 };
        assert_eq!(numbers, [run as f64, run as f64, (runs + run) as f64, run as f64 + 0.5, status]);
    }
}

#[test]
fn rows_are_ordered_by_run_then_time() {
    let batch = Batch::grid().vary("a", [5.0, 6.0]).vary("y", [7.0, 8.0]);
    let solution = solution(4, &[0.0, 0.5]);
    let table = Table::new(&batch, &solution).unwrap();
    assert_eq!(table.columns(), ["a", "y_0", "t", "x", "y", "energy", "status"]);
    let numbers: Vec<Vec<f64>> =
        written(&table)[1..].iter().map(|row| row.iter().map(|field| field.parse().unwrap()).collect()).collect();
    assert_eq!(numbers.len(), 8);
    // Time × variable × run: x of run 3 at the second time is value 8 + 3.
    assert_eq!(numbers[1], [5.0, 7.0, 0.5, 8.0, 12.0, 4.5, 0.0]);
    assert_eq!(numbers[7], [6.0, 8.0, 0.5, 11.0, 15.0, 7.5, 0.0]);
    let without: Vec<String> = table.with_times(false).columns();
    assert!(!without.contains(&"t".to_owned()));
}

#[test]
fn long_trajectories_are_written_in_pieces() {
    let times: Vec<f64> = (0..10_001).map(f64::from).collect();
    let batch = Batch::grid().vary("z", [5.0, 6.0, 7.0]);
    let solution = solution(3, &times);
    let rows = written(&Table::new(&batch, &solution).unwrap());
    assert_eq!(
        rows[0],
        ["z_0", "t", "x", "y", "energy", "status"],
        "an initial value, whether the state is saved or not"
    );
    assert_eq!(rows.len(), 3 * times.len() + 1);
    for (index, row) in rows[1..].iter().enumerate() {
        let (run, time) = (index / times.len(), index % times.len());
        let x: f64 = row[2].parse().unwrap();
        assert_eq!((row[1].parse::<f64>().unwrap(), x), (time as f64, (6 * time + run) as f64), "row {index}");
    }
}

#[test]
fn a_batch_of_another_size_is_refused() {
    let solution = solution(3, &[0.0]);
    let error = Table::new(&Batch::grid().vary("a", [1.0, 2.0]), &solution).unwrap_err();
    assert_eq!(error, TableError::Runs { solution: 3, batch: 2 });
}

#[test]
fn a_full_disk_is_reported() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (batch, solution) = (Batch::grid(), solution(1, &[0.0]));
    let error = Table::new(&batch, &solution).unwrap().write_csv(Full).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

/// The runs of a part, and every value as in the solution of all.
fn part(whole: &Solution, runs: std::ops::Range<usize>) -> Solution {
    let rows = |values: &Values, variables: usize| {
        let of_run = |row: usize| runs.clone().map(move |run| row * whole.runs + run);
        let at: Vec<usize> = (0..whole.times.len() * variables).flat_map(of_run).collect();
        match values {
            Values::F64(all) => Values::F64(at.iter().map(|at| all[*at]).collect()),
            Values::F32(all) => Values::F32(at.iter().map(|at| all[*at]).collect()),
        }
    };
    Solution {
        runs: runs.len(),
        first_run: runs.start,
        states: rows(&whole.states, 2),
        observables: rows(&whole.observables, 1),
        status: whole.status[runs.clone()].to_vec(),
        ..whole.clone()
    }
}

fn to_single(solution: &mut Solution) {
    for values in [&mut solution.states, &mut solution.observables] {
        if let Values::F64(all) = values {
            *values = Values::F32(all.iter().map(|value| *value as f32 / 3.0).collect());
        }
    }
}

fn formats() -> impl Iterator<Item = TableFormat> {
    let paths = ["a.csv", "a.npz", "a.parquet"];
    paths.into_iter().filter_map(|path| TableFormat::from_path(path.as_ref()).ok())
}

fn path_in(folder: &tempfile::TempDir, name: &str, format: TableFormat) -> std::path::PathBuf {
    folder.path().join(name).with_extension(format.to_string().to_lowercase())
}

#[test]
fn parts_and_what_an_earlier_file_has_make_the_table_of_all_runs() {
    let folder = tempfile::tempdir().unwrap();
    let batch = Batch::grid().vary("a", (0..10).map(f64::from).collect::<Vec<_>>()).vary("y", vec![0.25; 30]);
    for (times, single) in [(vec![0.0, 0.5, 2.0], false), (vec![1.0], false), (vec![0.5, 1.0], true)] {
        let mut whole = solution(300, &times);
        if let Values::F64(states) = &mut whole.states {
            states[7] = f64::NAN;
            states[8] = f64::NEG_INFINITY;
        }
        if single {
            to_single(&mut whole);
        }
        let parts = [0..1, 1..130, 130..300].map(|runs| part(&whole, runs));
        let tables = parts.each_ref().map(|part| Table::new(&batch, part).unwrap());
        let mut kept = Frame::default();
        tables.iter().for_each(|table| kept.push(table).unwrap());
        assert_eq!(kept.rows(), 300 * times.len());
        for format in formats() {
            let (partial, path) = (path_in(&folder, "partial", format), path_in(&folder, "all", format));
            let mut writer = TableWriter::new(format, std::fs::File::create(&partial).unwrap());
            writer.push(&tables[0]).unwrap();
            writer.push(&tables[1]).unwrap();
            writer.finish().unwrap();
            let out = std::fs::File::create(&path).unwrap();
            let mut writer = TableWriter::new(format, out).spool_in(folder.path());
            assert_eq!(writer.copy_from(&partial).unwrap(), 130 * times.len() as u64);
            writer.push(&tables[2]).unwrap();
            writer.finish().unwrap();
            let read = Frame::read(&path).unwrap();
            assert!(read.names().eq(kept.names()), "{format}");
            for name in kept.names() {
                let bits = |frame: &Frame| frame.column(name).unwrap().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&read), bits(&kept), "{format}: {name} at {times:?}");
            }
        }
    }
}

#[test]
fn parts_of_other_columns_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let one = solution(2, &[0.0, 1.0]);
    let mut single = one.clone();
    to_single(&mut single);
    let (batch, other) = (Batch::grid().vary("a", [1.0, 2.0]), Batch::grid().vary("b", [1.0, 2.0]));
    for format in formats() {
        let path = path_in(&folder, "earlier", format);
        let mut writer = TableWriter::new(format, std::fs::File::create(&path).unwrap());
        writer.push(&Table::new(&other, &one).unwrap()).unwrap();
        writer.finish().unwrap();
        let mut writer = TableWriter::new(format, Vec::new());
        writer.push(&Table::new(&batch, &one).unwrap()).unwrap();
        let error = writer.copy_from(&path).unwrap_err();
        assert!(
            matches!(&error, WriteError::OtherColumns { earlier, found } if earlier.starts_with('a') && found.starts_with('b')),
            "{error}"
        );
        if format != TableFormat::Csv {
            let error = writer.push(&Table::new(&batch, &single).unwrap()).unwrap_err();
            assert!(matches!(error, WriteError::OtherColumns { .. }), "{error}");
        }
        let error = writer.copy_from(folder.path().join("nothing")).unwrap_err();
        assert!(matches!(error, WriteError::Partial(_)), "{error}");
        // What was refused left nothing behind.
        std::fs::write(&path, writer.finish().unwrap()).unwrap();
        assert_eq!(Frame::read(&path).unwrap().rows(), 4);
    }
    let mut kept = Frame::default();
    kept.push(&Table::new(&batch, &one).unwrap()).unwrap();
    let error = kept.push(&Table::new(&other, &one).unwrap()).unwrap_err();
    assert!(matches!(error, FrameError::OtherColumns { .. }), "{error}");
}

#[test]
fn the_line_in_which_csv_was_cut_off_is_left_out() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "# a comment\na,x,status\n1,2,0\n3,4").unwrap();
    let mut writer = TableWriter::new(TableFormat::Csv, Vec::new());
    assert_eq!(writer.copy_from(file.path()).unwrap(), 1);
    assert_eq!(writer.finish().unwrap(), b"a,x,status\n1,2,0\n");
    std::fs::write(file.path(), "a,x").unwrap();
    let error = TableWriter::new(TableFormat::Csv, Vec::new()).copy_from(file.path()).unwrap_err();
    assert!(matches!(error, WriteError::Partial(ReadError::Csv(_))), "{error}");
}
