use std::f64::consts::TAU;

use super::*;

/// Drivers with one column `u` of a function's values at `count` samples over 0…`end`.
fn sampled(count: usize, end: f64, f: impl Fn(f64) -> f64) -> DriversBuilder {
    let period = end / (count - 1) as f64;
    Drivers::sampled(0.0, period).column("u", (0..count).map(|i| f(i as f64 * period)))
}

fn build(builder: &DriversBuilder) -> Drivers {
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

fn error_of(builder: &DriversBuilder) -> DriversError {
    builder.build().expect_err("is refused")
}

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not within {tolerance:e} of {b}");
}

/// The largest error against `f` at many times over 0…`end`.
fn error_against(drivers: &Drivers, end: f64, f: impl Fn(f64) -> f64) -> f64 {
    let times = (0..=1000).map(|i| i as f64 / 1000.0 * end);
    times.map(|t| (drivers.value("u", t).expect("is there") - f(t)).abs()).fold(0.0, f64::max)
}

const BOUNDARIES: [Boundary; 4] =
    [Boundary::Natural, Boundary::Periodic, Boundary::Clamped { start: 0.5, end: -1.0 }, Boundary::NotAKnot];

#[test]
fn cubic_polynomials_are_reproduced() {
    let cubic = |t: f64| 2.0 - 3.0 * t + 0.5 * t * t - 1.5 * t * t * t;
    let slope = |t: f64| -3.0 + t - 4.5 * t * t;
    for count in [4, 5, 12] {
        let not_a_knot = build(&sampled(count, 2.0, cubic));
        assert!(error_against(&not_a_knot, 2.0, cubic) < 1e-13, "{count}");
        let clamped = Boundary::Clamped { start: slope(0.0), end: slope(2.0) };
        let clamped = build(&sampled(count, 2.0, cubic).boundary(clamped));
        assert!(error_against(&clamped, 2.0, cubic) < 1e-13, "{count}");
    }
    let line = |t: f64| 3.0 - 2.0 * t;
    assert!(error_against(&build(&sampled(2, 2.0, line).boundary(Boundary::Natural)), 2.0, line) < 1e-14);
}

#[test]
fn samples_are_interpolated() {
    let samples = [1.0, -2.0, 0.5, 3.0, 3.0, 1.0];
    for boundary in BOUNDARIES {
        let drivers = build(&Drivers::sampled(-1.0, 0.25).column("u", samples).boundary(boundary));
        for (index, sample) in samples.into_iter().enumerate() {
            close(drivers.value("u", -1.0 + 0.25 * index as f64).expect("is there"), sample, 1e-13);
        }
    }
    let lines = build(&Drivers::sampled(-1.0, 0.25).column("u", samples).order(1));
    close(lines.value("u", -1.0 + 0.25 * 1.5).expect("is there"), -0.75, 1e-15);
}

#[test]
fn two_derivatives_are_continuous() {
    let samples = [1.0, -2.0, 0.5, 3.0, 3.0, 1.0];
    for boundary in BOUNDARIES {
        let drivers = build(&Drivers::sampled(0.0, 0.5).column("u", samples).boundary(boundary));
        let segments: Vec<&[f64]> = drivers.coefficients().chunks(4).collect();
        let at_end = |c: &[f64]| [c[0] + c[1] + c[2] + c[3], c[1] + 2.0 * c[2] + 3.0 * c[3], 2.0 * c[2] + 6.0 * c[3]];
        let at_start = |c: &[f64]| [c[0], c[1], 2.0 * c[2]];
        let joins = segments.windows(2).map(|pair| (at_end(pair[0]), at_start(pair[1])));
        let around = (at_end(segments[4]), at_start(segments[0]));
        for (left, right) in joins.chain((boundary == Boundary::Periodic).then_some(around)) {
            (0..3).for_each(|derivative| close(left[derivative], right[derivative], 1e-12));
        }
        match boundary {
            Boundary::Natural => {
                close(at_start(segments[0])[2], 0.0, 1e-13);
                close(at_end(segments[4])[2], 0.0, 1e-12);
            }
            Boundary::Clamped { start, end } => {
                close(at_start(segments[0])[1], start * 0.5, 1e-13);
                close(at_end(segments[4])[1], end * 0.5, 1e-12);
            }
            Boundary::NotAKnot => {
                close(segments[0][3], segments[1][3], 1e-12);
                close(segments[3][3], segments[4][3], 1e-12);
            }
            Boundary::Periodic => {}
        }
    }
}

#[test]
fn splines_converge_with_order_four_and_lines_with_order_two() {
    let wave = |t: f64| (TAU * t).sin();
    let rate = |of: &dyn Fn(usize) -> DriversBuilder| {
        let error = |count| error_against(&build(&of(count)), 1.0, wave);
        (error(33) / error(65)).log2()
    };
    for boundary in [Boundary::NotAKnot, Boundary::Periodic, Boundary::Clamped { start: TAU, end: TAU }] {
        let rate = rate(&|count| sampled(count, 1.0, wave).boundary(boundary));
        // Not-a-knot comes from above, as its larger errors at the ends vanish.
        assert!((3.8..5.2).contains(&rate), "{boundary:?}: {rate}");
    }
    // The second derivative of the wave is zero at both ends, as a natural spline's.
    let natural = rate(&|count| sampled(count, 1.0, wave).boundary(Boundary::Natural));
    assert!((3.8..4.3).contains(&natural), "{natural}");
    let lines = rate(&|count| sampled(count, 1.0, wave).order(1));
    assert!((1.9..2.1).contains(&lines), "{lines}");
}

#[test]
fn drivers_that_wrap_repeat_and_others_end() {
    let wave = |t: f64| (TAU * t / 3.0).cos();
    let wrapping = build(&sampled(25, 3.0, wave).wrap(true));
    let ending = build(&sampled(25, 3.0, wave));
    for t in [0.0, 0.1, 1.7, 2.999] {
        let value = wrapping.value("u", t).expect("is there");
        close(value, wave(t), 1e-3);
        for turns in [-100.0, -1.0, 1.0, 7.0] {
            close(wrapping.value("u", t + 3.0 * turns).expect("is there"), value, 1e-12);
        }
    }
    assert_eq!(ending.value("u", 3.0), Some(1.0));
    assert_eq!(ending.value("u", 3.0 + 1e-12), Some(0.0));
    assert_eq!(ending.value("u", -1e-12), Some(0.0));
    assert_eq!(ending.value("u", f64::NAN), Some(0.0));
    assert_eq!(ending.value("v", 1.0), None);
    // The end of the samples is inside however its time is rounded.
    let tenths = build(&Drivers::sampled(0.3, 0.1).column("u", [1.0; 4]));
    assert_eq!((tenths.value("u", 0.6), tenths.value("u", tenths.end())), (Some(1.0), Some(1.0)));
    // Lines may jump where they begin again.
    let saw = build(&Drivers::sampled(0.0, 1.0).column("u", [0.0, 1.0]).order(1).wrap(true));
    assert_eq!(saw.value("u", 7.25), Some(0.25));
}

#[test]
fn periodic_splines_exist_from_two_segments_on() {
    let two = build(&Drivers::sampled(0.0, 1.0).column("u", [1.0, 3.0, 1.0]).wrap(true));
    close(two.value("u", 0.5).expect("is there"), 2.0, 1e-14);
    close(two.value("u", 3.0).expect("is there"), 3.0, 1e-14);
    let constant = build(&Drivers::sampled(0.0, 1.0).column("u", [2.0; 9]).wrap(true));
    assert!(error_against(&constant, 9.0, |_| 2.0) == 0.0);
}

#[test]
fn columns_have_boundaries_of_their_own() {
    let column = [0.0, 1.0, 4.0, 9.0, 16.0];
    let drivers =
        build(&Drivers::sampled(0.0, 1.0).column("u", column).column("v", column).boundary_of("v", Boundary::Natural));
    close(drivers.value("u", 0.5).expect("is there"), 0.25, 1e-13);
    assert!((drivers.value("v", 0.5).expect("is there") - 0.25).abs() > 1e-3);
    assert_eq!(drivers.coefficients().len(), 4 * 2 * 4);
    assert_eq!(drivers.coefficients()[4], 0.0);
}

#[test]
fn times_are_uniform_within_a_tolerance() {
    let samples = [0.0, 1.0, 2.0, 3.0];
    let drivers = build(&Drivers::at_times(&[0.1, 0.2, 0.3 + 1e-9, 0.4]).column("u", samples));
    close(drivers.period(), 0.1, 1e-12);
    assert_eq!((drivers.t0(), drivers.segments()), (0.1, 3));
    close(drivers.end(), 0.4, 1e-12);
    let refused = |times: &[f64]| error_of(&Drivers::at_times(times).column("u", samples));
    let uneven = refused(&[0.0, 1.0, 2.5, 3.0]);
    assert!(matches!(uneven, DriversError::TimesNotUniform { index: 2, time, .. } if time == 2.5), "{uneven}");
    assert!(
        uneven.to_string().contains("sample time 2 is 2.5") && uneven.to_string().contains("have 2 there"),
        "{uneven}"
    );
    assert!(matches!(refused(&[3.0, 2.0, 1.0, 0.0]), DriversError::TimesNotAscending { .. }));
    assert!(matches!(refused(&[0.0, f64::NAN, 2.0, 3.0]), DriversError::TimeNotFinite { index: 1, .. }));
    assert!(matches!(refused(&[0.0]), DriversError::TooFewTimes { found: 1 }));
    assert!(matches!(refused(&[0.0, 1.0, 2.0]), DriversError::SamplesAndTimes { samples: 4, times: 3, .. }));
}

#[test]
fn what_cannot_be_interpolated_is_refused() {
    let at = Drivers::sampled(0.0, 1.0);
    let u = |samples: &[f64]| at.clone().column("u", samples.to_vec());
    assert_eq!(error_of(&at), DriversError::NoDrivers);
    assert_eq!(error_of(&u(&[1.0]).column("u", [1.0])), DriversError::DuplicateName { name: "u".to_owned() });
    assert_eq!(error_of(&u(&[1.0; 4]).order(2)), DriversError::Order { order: 2 });
    assert_eq!(error_of(&u(&[1.0; 4]).order(1).boundary(Boundary::Natural)), DriversError::BoundaryOfLines);
    for (builder, needed) in [
        (u(&[1.0; 3]), 4),
        (u(&[1.0; 2]).wrap(true), 3),
        (u(&[1.0]).boundary(Boundary::Natural), 2),
        (u(&[]).order(1), 2),
    ] {
        let error = error_of(&builder);
        assert!(matches!(error, DriversError::TooFewSamples { needed: n, .. } if n == needed), "{error}");
    }
    let error = error_of(&u(&[1.0; 4]).column("v", [1.0; 5]));
    assert!(matches!(error, DriversError::UnequalLengths { first_len: 4, other_len: 5, .. }), "{error}");
    let error = error_of(&u(&[1.0, 2.0, f64::INFINITY, 1.0]));
    assert!(matches!(error, DriversError::NotFinite { index: 2, .. }), "{error}");
    assert!(matches!(error_of(&u(&[1.7e308, -1.7e308, 1.7e308, 0.0])), DriversError::TooLarge { .. }));
    let error = error_of(&u(&[1.0, 2.0, 3.0, 2.0]).wrap(true));
    assert!(matches!(error, DriversError::UnequalEnds { first: 1.0, last: 2.0, implied: true, .. }), "{error}");
    assert!(error.to_string().contains("`wrap = true`"), "{error}");
    let error = error_of(&u(&[1.0, 2.0, 3.0, 2.0]).boundary(Boundary::Periodic)).to_string();
    assert!(error.contains("choose another boundary") && !error.contains("wrap"), "{error}");
    assert!(u(&[1.0, 2.0, 3.0, 2.0]).wrap(true).boundary(Boundary::NotAKnot).build().is_ok());
    assert!(u(&[1.0, 2.0, 3.0, 1.0 + 1e-15]).wrap(true).build().is_ok(), "rounding is forgiven");
    let clamped = Boundary::Clamped { start: 0.0, end: f64::NAN };
    assert!(matches!(error_of(&u(&[1.0; 4]).boundary(clamped)), DriversError::SlopeNotFinite { .. }));
    let error = error_of(&u(&[1.0; 4]).column("wind", [1.0; 4]).boundary_of("wnid", Boundary::Natural));
    assert!(error.to_string().contains("did you mean `wind`?"), "{error}");
    for period in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-310] {
        let error = error_of(&Drivers::sampled(0.0, period).column("u", [1.0; 4]));
        assert!(matches!(error, DriversError::Period { .. }), "{error}");
    }
    let error = error_of(&Drivers::sampled(f64::NAN, 1.0).column("u", [1.0; 4]));
    assert!(matches!(error, DriversError::StartNotFinite { .. }), "{error}");
}

#[test]
fn drivers_take_the_order_of_the_system() {
    let system = System::builder("forced").equations("dx = wind*sun").state("x", 0.0).drivers(["wind", "sun"]);
    let system = system.build().expect("is valid");
    let at = Drivers::sampled(0.0, 1.0);
    let drivers = build(&at.clone().column("sun", [1.0; 4]).column("wind", [2.0, 3.0, 4.0, 5.0]));
    let ordered = drivers.for_system(&system).expect("fits");
    assert_eq!(ordered.names(), ["wind", "sun"]);
    assert_eq!(ordered.values(1.5), [3.5, 1.0]);
    assert_eq!(ordered.for_system(&system).as_ref(), Ok(&ordered));
    let error = build(&at.clone().column("wnid", [1.0; 4])).for_system(&system).expect_err("is refused");
    assert_eq!(
        error.to_string(),
        "`wnid` is not a driver of `forced` (did you mean `wind`?): its drivers are wind, sun"
    );
    let error = build(&at.column("wind", [1.0; 4])).for_system(&system).expect_err("is refused");
    assert_eq!(error.to_string(), "driver `sun` of `forced` has no samples: add a column `sun`");
}

#[test]
fn rates_are_derivatives() {
    let cubic = |t: f64| 2.0 - 3.0 * t + 0.5 * t * t - 1.5 * t * t * t;
    let slope = |t: f64| -3.0 + t - 4.5 * t * t;
    let drivers = build(&sampled(9, 2.0, cubic));
    for t in [0.0, 0.1, 0.9, 1.25, 2.0] {
        close(drivers.rates(t)[0], slope(t), 1e-12);
    }
    assert_eq!((drivers.rates(-0.1), drivers.rates(2.1)), (vec![0.0], vec![0.0]), "zero where drivers are");
    let lines = build(&Drivers::sampled(0.0, 0.5).column("u", [0.0, 1.0, -1.0]).order(1).wrap(true));
    assert_eq!([0.25, 0.5, 0.75, 1.25, -0.25].map(|t| lines.rates(t)[0]), [2.0, -4.0, -4.0, 2.0, -4.0]);
}
