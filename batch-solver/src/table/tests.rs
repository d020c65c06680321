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
fn a_batch_of_another_size_is_refused() {
    let solution = solution(3, &[0.0]);
    let error = Table::new(&Batch::grid().vary("a", [1.0, 2.0]), &solution).unwrap_err();
    assert_eq!(error, TableError { solution: 3, batch: 2 });
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
