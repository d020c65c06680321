use super::*;

fn parsed(text: &str) -> String {
    text.parse::<Expr>().expect("is valid").to_string()
}

#[test]
fn parentheses_are_printed_where_they_are_needed() {
    for text in [
        "a - (b - c)",
        "a - b - c",
        "(a ^ b) ^ c",
        "a ^ b ^ c",
        "(-a) ^ b",
        "-a ^ b",
        "a ^ -b",
        "-(a + b)",
        "a / (b * c)",
        "not (a < b and c < d)",
        "(not a < b) == c",
        "f(a, b + c, if(a < b, a, b))",
        "d(x, t)",
    ] {
        assert_eq!(parsed(text), text);
    }
    assert_eq!(parsed("((a)) + (b*c)"), "a + b * c");
}

#[test]
fn numbers_are_printed_so_that_they_are_read_back() {
    assert_eq!(parsed("1e-3 + 1E300 + .5 + 2."), "0.001 + 1e300 + 0.5 + 2.0");
    assert_eq!(Expr::from(-2.0).pow(2.0).to_string(), "(-2.0) ^ 2.0");
}

#[test]
fn conditions_combine() {
    let (x, y) = (Expr::symbol("x"), Expr::symbol("y"));
    let condition = (x.lt(1.0) & !y.ge(&x)) | x.equals(2.0);
    let expr = select(&condition, x.min(&y), 0.0);
    assert_eq!(expr.to_string(), "select(x < 1.0 and not y >= x or x == 2.0, min(x, y), 0.0)");
}

#[test]
fn depth_is_no_problem() {
    let sum: Expr = (0..200_000).map(|_| Expr::symbol("x")).sum();
    assert!(sum.abbreviated().ends_with('…'));
    assert_eq!(sum.to_string().matches('x').count(), 200_000);
    drop(sum);
}
