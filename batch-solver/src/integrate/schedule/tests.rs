use super::*;

fn saving(save_every: Option<f64>, t_eval: Option<&[f64]>) -> Recording<'_> {
    Recording { save_every, t_eval, saves: true, ..Recording::default() }
}

fn saves(span: Range<f64>, save_every: Option<f64>, t_eval: Option<&[f64]>) -> Vec<f64> {
    Schedule::new(&span, &saving(save_every, t_eval)).unwrap().saves
}

fn fixed(begin: f64, times: Vec<f64>, dt: f64) -> Result<FixedSteps, SolveError> {
    Schedule { begin, times, ..Schedule::default() }.fixed_steps(dt)
}

#[test]
fn whole_steps_leave_no_remainder() {
    let way = fixed(0.0, vec![1.0], 1e-3).unwrap();
    assert_eq!((way.steps, way.last), (vec![1000], vec![0.0]));
    let way = fixed(0.0, vec![0.0, 0.1, 0.2, 0.3], 0.1).unwrap();
    assert_eq!((way.steps, way.last), (vec![0, 1, 1, 1], vec![0.0; 4]));
}

#[test]
fn a_shorter_step_ends_a_segment_exactly() {
    let way = fixed(1.0, vec![1.25, 2.0], 0.1).unwrap();
    assert_eq!(way.steps, [2, 7]);
    assert!((way.last[0] - 0.05).abs() < 1e-15 && (way.last[1] - 0.05).abs() < 1e-15);
    assert_eq!(way.start, [1.0, 1.25]);
    assert_eq!(way.total(), 11);
}

#[test]
fn save_times_are_multiples_within_the_span() {
    assert_eq!(saves(0.0..1.0, Some(0.25), None), [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert_eq!(saves(0.0..0.3, Some(0.1), None), [0.0, 0.1, 0.2, 0.3]);
    assert_eq!(saves(0.0..1.0, Some(0.4), None), [0.0, 0.4, 0.8]);
    assert_eq!(saves(0.0..1.0, None, None), [1.0]);
    // Far from zero the span itself is rounded, here to less than three intervals; the last time is the end.
    assert_eq!(saves(1000.0..1000.3, Some(0.1), None).len(), 4);
    assert_eq!(saves(1000.0..1000.01, Some(1e-5), None).len(), 1001);
    assert_eq!(saves(0.0..0.9, Some(0.3), None), [0.0, 0.3, 0.6, 0.9]);
    assert_eq!(saves(1000.0..1000.29, Some(0.1), None).len(), 3);
    assert_eq!(saves(0.0..1.0, Some(0.1), Some(&[0.5])), [0.5]);
}

#[test]
fn the_end_is_saved_when_asked_for_and_once() {
    let last = |save_every| Recording { save_last: true, ..saving(Some(save_every), None) };
    assert_eq!(Schedule::new(&(0.0..1.0), &last(0.4)).unwrap().saves, [0.0, 0.4, 0.8, 1.0]);
    assert_eq!(Schedule::new(&(0.0..1.0), &last(0.5)).unwrap().saves, [0.0, 0.5, 1.0]);
}

#[test]
fn nothing_is_recorded_while_settling() {
    let settling = Recording { settling_time: 0.5, ..saving(Some(0.25), None) };
    let schedule = Schedule::new(&(0.0..1.0), &settling).unwrap();
    assert_eq!((schedule.begin, schedule.saves), (0.0, vec![0.5, 0.75, 1.0]));
    let too_long = Recording { settling_time: 1.0, ..settling };
    assert!(matches!(Schedule::new(&(0.0..1.0), &too_long), Err(SolveError::SettlingTime { .. })));
}

#[test]
fn runs_with_ends_of_their_own_have_a_row_for_them() {
    let own = |recording| Recording { own_ends: true, ..recording };
    let end_only = Schedule::new(&(0.0..1.0), &own(saving(None, None))).unwrap();
    assert_eq!((end_only.times.len(), end_only.saves.len(), end_only.end_row), (0, 1, Some(0)));
    let regular = Schedule::new(&(0.0..1.0), &own(saving(Some(0.5), None))).unwrap();
    assert_eq!((regular.saves.len(), regular.end_row), (3, None));
    let both = Schedule::new(&(0.0..1.0), &own(Recording { save_last: true, ..saving(Some(0.5), None) })).unwrap();
    assert_eq!((both.times.len(), both.saves.len(), both.end_row), (3, 4, Some(3)));
}

#[test]
fn samples_fill_windows_and_meet_saves() {
    let recording =
        Recording { summarises: true, summarise_every: Some(0.5), sample_every: Some(0.1), ..saving(Some(0.3), None) };
    let schedule = Schedule::new(&(0.0..1.2), &recording).unwrap();
    assert_eq!(schedule.windows, [0.5, 1.0]);
    let kinds: Vec<(i64, i32)> =
        schedule.times.iter().zip(&schedule.kinds).map(|(time, kind)| ((time * 10.0).round() as i64, *kind)).collect();
    let both = SAVE | SAMPLE;
    let expected = [
        (0, SAVE),
        (1, SAMPLE),
        (2, SAMPLE),
        (3, both),
        (4, SAMPLE),
        (5, SAMPLE | WINDOW),
        (6, both),
        (7, SAMPLE),
        (8, SAMPLE),
        (9, both),
        (10, SAMPLE | WINDOW),
        (12, SAVE),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn one_window_without_an_interval() {
    let schedule = Schedule::new(&(0.0..2.0), &Recording { summarises: true, ..Recording::default() }).unwrap();
    assert_eq!((schedule.windows.as_slice(), schedule.times.len(), schedule.saves.len()), (&[2.0][..], 100, 0));
    assert!((schedule.sample_interval - 0.02).abs() < 1e-15);
}

#[test]
fn impossible_times_are_errors() {
    let of = |span: Range<f64>, recording: &Recording<'_>| Schedule::new(&span, recording).unwrap_err();
    assert!(matches!(of(1.0..1.0, &saving(None, None)), SolveError::TimeSpan { .. }));
    assert!(matches!(of(0.0..f64::INFINITY, &saving(None, None)), SolveError::TimeSpan { .. }));
    assert!(matches!(of(0.0..1.0, &saving(None, Some(&[2.0]))), SolveError::TimeOutside { .. }));
    assert!(matches!(of(0.0..1.0, &saving(Some(1e-12), None)), SolveError::TooManySaves { .. }));
    // Two thousand million times: 128 GB before there is a run.
    let error = of(0.0..2e9, &saving(Some(1.0), None));
    assert!(
        matches!(error, SolveError::Memory { runs: 1, .. }) && error.to_string().starts_with("1 run needs 128"),
        "{error}"
    );
    assert!(matches!(fixed(0.0, vec![1.0], 1e-12), Err(SolveError::TooManySteps { .. })));
    let summing = |window, interval| Recording {
        summarises: true,
        summarise_every: Some(window),
        sample_every: Some(interval),
        ..Recording::default()
    };
    assert!(matches!(of(0.0..1.0, &summing(2.0, 0.1)), SolveError::WindowTooLong { .. }));
    assert!(matches!(of(0.0..1.0, &summing(0.5, 0.2)), SolveError::SamplesPerWindow { .. }));
    assert!(matches!(of(0.0..1.0, &summing(0.5, 1.0)), SolveError::SamplesPerWindow { .. }));
    assert!(matches!(of(0.0..1.0, &summing(1.0, 1e-12)), SolveError::TooManySamples { .. }));
}
