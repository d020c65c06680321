use proptest::prelude::*;

use super::*;

fn frame(columns: Vec<(&str, Vec<f64>)>) -> Frame {
    Frame::new(columns).unwrap()
}

/// Text of a picture, which is XML without exception.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let attributes = document.descendants().flat_map(|node| node.attributes());
    for attribute in attributes {
        assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"), "{attribute:?}");
    }
    document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text())
        .map(Into::into)
        .collect()
}

/// A decay for each of several rates, saved at several times.
fn decays(runs: usize, times: usize) -> Frame {
    let rows = || (0..runs).flat_map(|run| (0..times).map(move |time| (1.0 + run as f64, time as f64 / 10.0)));
    let column = |of: fn((f64, f64)) -> f64| rows().map(of).collect::<Vec<f64>>();
    frame(vec![
        ("k", column(|(k, _)| k)),
        ("t", column(|(_, t)| t)),
        ("x", column(|(k, t)| (-k * t).exp())),
        ("y", column(|(k, t)| (k * t).cos())),
        ("status", vec![0.0; runs * times]),
    ])
}

/// A grid of two swept columns.
fn grid(side: usize) -> Frame {
    let cells = || (0..side * side).map(|row| ((row / side) as f64, (row % side) as f64));
    frame(vec![
        ("a", cells().map(|(a, _)| a).collect()),
        ("b", cells().map(|(_, b)| 10.0_f64.powf(b / side as f64 * 4.0)).collect()),
        ("x_max", cells().map(|(a, b)| (0.1 * a).sin() * (0.05 * b).cos()).collect()),
        ("status", cells().map(|(a, b)| f64::from(u8::from(a == 3.0 && b > 2.0))).collect()),
    ])
}

#[test]
fn a_kind_is_chosen_by_what_there_is() {
    let is = |frame: &Frame| match Picture::choose(frame).unwrap() {
        Picture::Fan(_) => "fan",
        Picture::PhasePlane(_) => "phase",
        Picture::ParameterMap(_) => "map",
        Picture::Histogram(_) => "histogram",
    };
    assert_eq!(is(&decays(1, 5)), "fan");
    assert_eq!(is(&decays(40, 5)), "fan");
    assert_eq!(is(&grid(5)), "map");
    assert_eq!(is(&frame(vec![("x", vec![1.0, 2.0, 2.5])])), "histogram");
    assert_eq!(Picture::choose(&Frame::default()).unwrap_err(), PlotError::NoRows);
}

#[test]
fn of_one_time_there_is_a_map_and_a_fan_has_bars() {
    let rates = || (0..1000).map(f64::from);
    let one = frame(vec![("k", rates().collect()), ("t", vec![0.5; 1000]), ("x", rates().collect())]);
    assert!(matches!(Picture::choose(&one).unwrap(), Picture::ParameterMap(_)));
    let svg = Fan::new(&one).to_svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let bars = document.descendants().filter(|node| node.attribute("opacity").is_some());
    let bars = bars.filter_map(|node| node.attribute("d")).filter(|outline| {
        let (_, sides) = outline.split_once('l').unwrap_or_default();
        let sides = sides.trim_end_matches('z').replace('-', " -");
        let sides: Vec<f64> = sides.split_whitespace().filter_map(|side| side.parse().ok()).collect();
        let [across, up] = [0, 1].map(|first| sides.iter().skip(first).step_by(2).any(|side| side.abs() > 9.0));
        across && up
    });
    assert_eq!(bars.count(), 2, "{svg}");
}

#[test]
fn runs_of_one_place_share_a_point() {
    let rows = || (0..100).flat_map(|a| [0.0, 1.0].map(|b| (f64::from(a), b)));
    let column = |of: fn((f64, f64)) -> f64| rows().map(of).collect::<Vec<f64>>();
    let both = frame(vec![
        ("a", column(|(a, _)| a)),
        ("b", column(|(_, b)| b)),
        ("x", column(|(a, b)| a + 8.0 * (b - 0.5))),
        ("status", vec![0.0; 200]),
    ]);
    let mean = frame(vec![("a", (0..100).map(f64::from).collect()), ("x", (0..100).map(f64::from).collect())]);
    let curve = |frame: &Frame| {
        let frame = frame.clone().with_varied(frame.names().len() - 1 - usize::from(frame.names().len() > 2));
        let svg = ParameterMap::new(&frame).against(["a"]).title("x over a").to_svg().unwrap();
        svg.lines().filter(|line| line.contains("stroke-width=\"4\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(!curve(&mean).is_empty());
    assert_eq!(curve(&both), curve(&mean));
    let title = texts(&ParameterMap::new(&both.with_varied(2)).against(["a"]).to_svg().unwrap());
    assert!(title.iter().any(|text| text == "x over a, averages, 200 runs"), "{title:?}");
}

#[test]
fn numbers_of_an_axis_do_not_touch() {
    let times = || (0..100).map(|row| f64::from(row) * 3e-5);
    let one = |name| (name, times().map(|t| t * 1e-3).collect::<Vec<f64>>());
    let three = frame(vec![("t", times().collect()), one("u"), one("v"), one("w")]);
    let svg = Fan::new(&three).to_svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let number = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name)?.parse::<f64>().ok();
    let mut labels: Vec<(i64, f64, usize)> = document
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.attribute("text-anchor") == Some("middle"))
        .filter(|node| node.text().is_some_and(|text| text.trim().starts_with("0.0")))
        .filter_map(|node| {
            let (x, y) = (number(&node, "x")?, number(&node, "y")?);
            Some((y as i64, x, node.text()?.trim().chars().count()))
        })
        .collect();
    labels.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap());
    assert!(labels.len() >= 6, "{labels:?}");
    for pair in labels.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        // A digit is 0.556 of the size of the font wide.
        let widths = 0.5 * 0.556 * 26.0 * (pair[0].2 + pair[1].2) as f64;
        assert!(pair[1].1 - pair[0].1 > widths, "{pair:?}");
    }
}

#[test]
fn many_runs_are_bands_and_few_are_curves() {
    let many = texts(&Fan::new(&decays(40, 20)).to_svg().unwrap());
    assert!(many.iter().any(|text| text == "5 to 95 % of the runs"), "{many:?}");
    let few = texts(&Fan::new(&decays(3, 20)).variables(["x"]).to_svg().unwrap());
    assert!(few.iter().any(|text| text == "k = 2"), "{few:?}");
    assert!(few.iter().any(|text| text == "x over time, 3 runs"), "{few:?}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let map = grid(4);
    assert_eq!(Fan::new(&map).to_svg().unwrap_err(), PlotError::NoTime);
    let error = ParameterMap::new(&map).variables(["x_mx"]).to_svg().unwrap_err().to_string();
    assert!(error.contains("did you mean `x_max`?"), "{error}");
    let error = ParameterMap::new(&map).at(1.0).to_svg().unwrap_err().to_string();
    assert!(error.contains("no column `t`"), "{error}");
    let error = ParameterMap::new(&map).against(["a", "b", "x_max"]).to_svg().unwrap_err();
    assert_eq!(error, PlotError::TooManyAxes { count: 3 });
    let decays = decays(3, 4);
    let error = ParameterMap::new(&decays).at(7.0).to_svg().unwrap_err().to_string();
    assert!(error.contains("times from 0 to 0.3"), "{error}");
    let error = PhasePlane::new(&decays).variables(["x"]).to_svg().unwrap_err().to_string();
    assert!(error.contains("only x"), "{error}");
    let nothing = frame(vec![("k", vec![1.0, 2.0]), ("x", vec![f64::NAN; 2])]).with_varied(1);
    assert!(matches!(ParameterMap::new(&nothing).to_svg(), Err(PlotError::NothingToDraw { .. })));
    let error = WorkPrecision::new().to_svg().unwrap_err().to_string();
    assert!(error.contains("add a method"), "{error}");
    let error = WorkPrecision::new().method("euler", [(1.0, 0.0)]).to_svg().unwrap_err().to_string();
    assert!(error.contains("euler has no point") && !error.contains("run"), "{error}");
}

#[test]
fn names_that_would_be_dropped_are_refused() {
    let decays = decays(3, 4);
    let error = PhasePlane::new(&decays).variables(["x", "y", "k"]).to_svg().unwrap_err().to_string();
    assert!(error.contains("not 3 (x, y, k)") && error.contains("`--variable X,Y`"), "{error}");
    let twice = PlotError::NamedTwice { name: "a".to_owned() };
    assert_eq!(ParameterMap::new(&grid(4)).against(["a", "a"]).to_svg().unwrap_err(), twice);
    assert_eq!(PhasePlane::new(&grid(4)).variables(["a", "a"]).to_svg().unwrap_err(), twice);
}

#[test]
fn files_of_pictures_end_as_svg_does() {
    for file in ["a.svg", "folder.d/A.SVG", "-", "/dev/null", "picture"] {
        assert_eq!(check_ending(file), Ok(()), "{file}");
    }
    let error = check_ending("o/z.png").unwrap_err().to_string();
    assert!(error.starts_with("o/z.png: pictures are SVG: name the file `o/z.svg`"), "{error}");
    assert!(check_ending("z.svg.gz").is_err());
}

#[test]
fn areas_of_several_places_are_averages() {
    let title = |side: usize| texts(&ParameterMap::new(&grid(side)).to_svg().unwrap()).concat();
    assert!(!title(40).contains("averages"));
    assert!(title(200).contains("x_max over a and b, averages, 40,000 runs"), "{}", &title(200)[..200]);
}

#[test]
fn failed_runs_are_hatched_and_decades_logarithmic() {
    let svg = ParameterMap::new(&grid(12)).to_svg().unwrap();
    let texts = texts(&svg);
    assert!(svg.contains("url(#hatch)") && texts.iter().any(|text| text == "failed, or not finite"));
    assert!(texts.iter().any(|text| text == "1000") && texts.iter().any(|text| text == "10"), "{texts:?}");
}

#[test]
fn summaries_of_one_variable_share_a_panel() {
    let k: Vec<f64> = (0..50).map(f64::from).collect();
    let z = |plus: f64| k.iter().map(|k| k * k + plus).collect::<Vec<f64>>();
    let frame = frame(vec![("k", k.clone()), ("z_mean", z(0.0)), ("z_std", vec![3.0; 50]), ("z_max", z(9.0))]);
    let texts = texts(&ParameterMap::new(&frame).to_svg().unwrap());
    assert!(texts.iter().any(|text| text == "z over k, 50 runs"), "{texts:?}");
    assert!(
        texts.iter().any(|text| text == "mean ± standard deviation") && texts.iter().any(|text| text == "greatest")
    );
}

#[test]
fn large_tables_make_small_pictures_of_the_same_bytes() {
    let noise = |row: usize| ((row.wrapping_mul(2_654_435_761) >> 7) % 100_003) as f64 / 100_003.0;
    let large = decays(500, 600);
    let random = frame(
        (0..4)
            .map(|column| (["a", "b", "x", "y"][column], (0..200_000).map(|row| noise(row * 5 + column)).collect()))
            .collect(),
    )
    .with_varied(2);
    let pictures = || {
        [
            Fan::new(&large).to_svg().unwrap(),
            PhasePlane::new(&large).sample(50).to_svg().unwrap(),
            ParameterMap::new(&grid(500)).to_svg().unwrap(),
            ParameterMap::new(&random).variables(["x"]).to_svg().unwrap(),
            ParameterMap::new(&random).variables(["x"]).against(["a"]).to_svg().unwrap(),
            PhasePlane::new(&random).to_svg().unwrap(),
            Histogram::new(&random).to_svg().unwrap(),
        ]
    };
    let drawn = pictures();
    for svg in &drawn {
        texts(svg);
        assert!(svg.len() < 300_000, "{} bytes: {}", svg.len(), &svg[..1500]);
    }
    assert_eq!(drawn, pictures());
}

/// Numbers as they come, and as they should not.
fn numbers(rows: usize) -> impl Strategy<Value = Vec<f64>> {
    let odd =
        prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, 0.0, -0.0]);
    let each = prop_oneof![-10.0..10.0, (0..4_i32).prop_map(f64::from), any::<f64>(), odd];
    prop_oneof![
        prop::collection::vec(each, rows),
        Just((0..rows).map(|row| row as f64).collect()),
        Just((0..rows).map(|row| (row % 3) as f64).collect()),
        Just(vec![4.0; rows]),
    ]
}

fn tables() -> impl Strategy<Value = Frame> {
    let shape =
        (0..40_usize, prop::sample::subsequence(vec!["a<&", "b", "t", "x_mean", "x_std", "y", "status"], 0..=7));
    shape.prop_flat_map(|(rows, names)| {
        let columns = prop::collection::vec(numbers(rows), names.len());
        (columns, prop::option::of(0..9_usize)).prop_map(move |(columns, varied)| {
            let frame = Frame::new(names.iter().copied().zip(columns)).unwrap();
            varied.map_or(frame.clone(), |varied| frame.with_varied(varied))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_table_panics_and_every_picture_is_xml(frame in tables(), at in prop::option::of(-1.0..5.0)) {
        let names: Vec<String> = frame.names().map(str::to_owned).collect();
        let map = ParameterMap::new(&frame);
        let pictures = [
            Picture::choose(&frame).and_then(|picture| picture.to_svg()),
            Fan::new(&frame).to_svg(),
            PhasePlane::new(&frame).to_svg(),
            PhasePlane::new(&frame).variables(names.iter().rev().take(2).cloned()).sample(1).to_svg(),
            at.map_or(map.clone(), |at| map.clone().at(at)).to_svg(),
            map.clone().against(names.iter().take(1).cloned()).to_svg(),
            map.against(names.iter().take(2).cloned()).variables(names.clone()).title("a < b\u{1}").to_svg(),
            Histogram::new(&frame).variables(names).to_svg(),
        ];
        for svg in pictures.into_iter().flatten() {
            texts(&svg);
        }
    }

    #[test]
    fn no_contenders_panic(points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..12), curves in 0..12_usize) {
        let scaling = Scaling::new((0..curves).map(|index| (format!("{}", index % 4), format!("<{index}>"), points.clone())));
        let work = (0..curves).fold(WorkPrecision::new(), |work, index| work.beside(format!("{index}"), points.clone()));
        for svg in [scaling.to_svg(), work.to_svg()].into_iter().flatten() {
            texts(&svg);
        }
    }
}
