//! Each function by itself.

use super::*;

/// The derivatives of `f(x, y)` by both.
fn gradient(f: &str, x: f64, y: f64) -> [f64; 2] {
    // Both are in the equations whatever f is.
    let system = system(&format!("dx = {f}; dy = x*y"), &["x", "y"]);
    let entries = system.jacobian(0.0, &[x, y], &[], &[]).expect("right lengths");
    [0, 1].map(|column| system.jacobian_sparsity().position(0, column).map_or(0.0, |entry| entries[entry]))
}

fn value(f: &str, x: f64, y: f64) -> f64 {
    let system = system(&format!("dx = {f}; dy = x*y"), &["x", "y"]);
    system.evaluate(0.0, &[x, y], &[], &[]).expect("right lengths")[0]
}

#[test]
fn functions_agree_with_central_differences() {
    let anywhere: [f64; 4] = [-1.3, -0.4, 0.6, 2.1];
    let positive = [0.3, 1.0, 2.5];
    let below_one = [-0.8, -0.1, 0.4, 0.9];
    for (f, points) in [
        ("exp(x)", &anywhere[..]),
        ("exp2(x)", &anywhere),
        ("expm1(x)", &anywhere),
        ("log(x)", &positive),
        ("log2(x)", &positive),
        ("log10(x)", &positive),
        ("log1p(x)", &below_one),
        ("sqrt(x)", &positive),
        ("cbrt(x)", &anywhere),
        ("sin(x)", &anywhere),
        ("cos(x)", &anywhere),
        ("tan(x)", &anywhere),
        ("asin(x)", &below_one),
        ("acos(x)", &below_one),
        ("atan(x)", &anywhere),
        ("sinh(x)", &anywhere),
        ("cosh(x)", &anywhere),
        ("tanh(x)", &anywhere),
        ("abs(x)", &anywhere),
        ("-x", &anywhere),
        ("x^3", &anywhere),
        ("x^-2", &anywhere),
        ("x^1.5", &positive),
        ("x^-0.5", &positive),
        ("x^0.3", &positive),
        ("x^40", &below_one),
        ("3^x", &anywhere),
        ("2^x", &anywhere),
        ("1/x", &anywhere),
        ("x/3", &anywhere),
        ("x^y", &positive),
        ("x*y", &anywhere),
        ("x/y", &anywhere),
        ("(x - y)/(x*x + 2)", &anywhere),
        ("atan2(x, y)", &anywhere),
        ("hypot(x, y)", &anywhere),
        ("min(x, y)", &anywhere),
        ("max(x, y)", &anywhere),
        ("if(x < y, x*y, x - y)", &anywhere),
        ("sign(x)", &anywhere),
        ("floor(x)", &anywhere),
        ("ceil(x)", &anywhere),
    ] {
        // By itself, and as a function of both states, whose derivatives share divisors.
        for f in [
            f.to_owned(),
            f.replace('x', "(x + 0.125*y)").replace("e(x + 0.125*y)", "ex").replace("ma(x + 0.125*y)", "max"),
        ] {
            for &x in points {
                for y in [0.35, 0.7] {
                    let h = 1e-6 * x.abs();
                    let by_x = (value(&f, x + h, y) - value(&f, x - h, y)) / (2.0 * h);
                    let by_y = (value(&f, x, y + 1e-6) - value(&f, x, y - 1e-6)) / 2e-6;
                    let found = gradient(&f, x, y);
                    for (found, expected) in found.into_iter().zip([by_x, by_y]) {
                        let error = (found - expected).abs();
                        assert!(error <= 1e-7 * (1.0 + expected.abs()), "{f} at {x}, {y}: {found} and {expected}");
                    }
                }
            }
        }
    }
}

#[test]
fn at_kinks_and_jumps_the_chosen_branch_counts() {
    assert_eq!(gradient("abs(x)", 0.0, 1.0)[0], 1.0);
    assert_eq!(gradient("abs(x)", -0.0, 1.0)[0], 1.0);
    assert_eq!([gradient("abs(x)", -1e-300, 1.0)[0], gradient("abs(x)", 1e-300, 1.0)[0]], [-1.0, 1.0]);
    assert_eq!(gradient("min(2*x, 3*y)", 3.0, 2.0), [0.0, 3.0], "equal: the second operand");
    assert_eq!(gradient("max(2*x, 3*y)", 3.0, 2.0), [0.0, 3.0], "equal: the second operand");
    assert_eq!(gradient("min(2*x, 3*y)", 2.9, 2.0), [2.0, 0.0]);
    assert_eq!(gradient("max(2*x, 3*y)", 3.1, 2.0), [2.0, 0.0]);
    assert_eq!(gradient("if(x <= 1, 2*x, 5*y)", 1.0, 2.0), [2.0, 0.0]);
    assert_eq!(gradient("if(x < 1, 2*x, 5*y)", 1.0, 2.0), [0.0, 5.0]);
    assert_eq!(gradient("sign(x)*y + floor(x) + ceil(x)", 0.0, 2.0), [0.0, 0.0]);
    assert_eq!(gradient("floor(x)*y", 3.0, 2.0), [0.0, 3.0]);
}

#[test]
fn at_the_ends_of_domains() {
    for (f, expected) in [("x^1.5", 0.0), ("x^2.5", 0.0), ("y*x^1.25", 0.0), ("x^2*sqrt(x)", 0.0), ("x^3", 0.0)] {
        assert_eq!(gradient(f, 0.0, 2.0)[0], expected, "{f}");
    }
    assert_eq!(gradient("x^y", 0.0, 2.0), [0.0, 0.0], "neither by the base nor by the exponent NaN");
    for f in ["x^select(y > 1, 2, y)", "x^min(y, 2)"] {
        assert_eq!(gradient(f, -3.0, 2.5), [-6.0, 0.0], "{f}: the exponent is a number, of whichever sign the base is");
    }
    assert_eq!(gradient("(-3)^min(y, 2) + x", -3.0, 2.5), [1.0, 0.0], "so is that of a base that is a number");
    for f in ["sqrt(x)", "cbrt(x)", "x^0.25"] {
        assert_eq!(gradient(f, 0.0, 2.0)[0], f64::INFINITY, "{f}");
    }
    assert!(gradient("hypot(x, y)", 0.0, 0.0)[0].is_nan());
    assert_eq!(gradient("asin(x)", 1.0, 0.0)[0], f64::INFINITY);
    // The factors of 1 − x² keep their digits: 1 − x = 2⁻⁵⁰.
    let x = 1.0 - 2.0_f64.powi(-50);
    let expected = 2.0_f64.powi(25) / (1.0 + x).sqrt();
    assert!((gradient("asin(x)", x, 0.0)[0] / expected - 1.0).abs() < 1e-15);
}

#[test]
fn divisors_are_divided_by_once() {
    let divisions = |equations: &str| system(equations, &["x", "y"]).jacobian_program(UNFUSED).counts().divisions;
    assert_eq!(divisions("dx = x*y/(1 + x*y); dy = x"), 2, "the quotient itself, and the reciprocal for both columns");
    assert_eq!(divisions("dx = 1/(x + y*y); dy = x"), 1, "the reciprocal is the quotient itself");
    assert_eq!(divisions("dx = x*y/3; dy = x"), 0, "numbers are multiplied with");
    assert_eq!(divisions("dx = sqrt(x*x + y*y); dy = x"), 1);
    assert_eq!(divisions("dx = y; dy = log(x)"), 1);
}
