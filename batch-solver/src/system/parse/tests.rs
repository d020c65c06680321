use super::*;

fn values(text: &str) -> Vec<String> {
    let (equations, errors) = equations(text);
    assert_eq!(errors, [], "{text}");
    equations.iter().map(|equation| equation.value.to_string()).collect()
}

fn errors(text: &str) -> Vec<String> {
    equations(text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn targets_have_several_spellings() {
    let (equations, errors) = equations("dx = 1; d(y, t) = 2\ndz/dt = 3; f(a, b) = a; g() = 1");
    assert_eq!(errors, []);
    let targets: Vec<_> = equations.into_iter().map(|equation| equation.target).collect();
    let function = |name: &str, arguments: &[&str]| Target::Function {
        name: name.to_owned(),
        arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
    };
    assert_eq!(
        targets,
        [
            Target::Name("dx".to_owned()),
            Target::Derivative("y".to_owned()),
            Target::Derivative("z".to_owned()),
            function("f", &["a", "b"]),
            function("g", &[]),
        ]
    );
}

#[test]
fn precedence_and_associativity() {
    for (text, meaning) in [
        ("-x^2", "-(x^2)"),
        ("2^3^4", "2^(3^4)"),
        ("2**-x", "2^(-x)"),
        ("a - b - c", "(a - b) - c"),
        ("a/b*c", "(a/b)*c"),
        ("-a*b", "(-a)*b"),
        ("a < b + c", "a < (b + c)"),
        ("not a < b and c < d || e < f", "((not (a < b)) and (c < d)) or (e < f)"),
        ("a if x > 0 else b if y > 0 else c", "if(x > 0, a, if(y > 0, b, c))"),
        ("+a", "a"),
    ] {
        assert_eq!(values(&format!("q = {text}")), values(&format!("q = {meaning}")), "{text}");
    }
}

#[test]
fn comments_blank_lines_and_lines_in_brackets() {
    let text = "# a system\n\n  dx = a + ( # first\n   b\n ) ; ; dy = f(1,\n 2) # second\n";
    assert_eq!(values(text), ["a + b", "f(1.0, 2.0)"]);
}

#[test]
fn every_statement_is_checked() {
    assert_eq!(
        errors("dx = 1 +\ndy = (2\ndz = 3 4\nr = a b\ns = $ + 1e999"),
        [
            "expected a number, a name or `(`, found the end of the line (line 1, column 9)\n1 | dx = 1 +\n  |         ^",
            "this `(` is never closed (line 2, column 6)\n2 | dy = (2\n  |      ^",
            "expected an operator or the end of the equation (a product is written with `*`), found `4` (line 3, column 8)\n\
             3 | dz = 3 4\n  |        ^",
            "expected an operator or the end of the equation (a product is written with `*`), found `b` (line 4, column 7)\n\
             4 | r = a b\n  |       ^",
            "expected a name, a number or an operator, found `$` (line 5, column 5)\n5 | s = $ + 1e999\n  |     ^",
            "the number 1e999 is not representable as a finite, non-zero binary64 number (line 5, column 9)\n\
             5 | s = $ + 1e999\n  |         ^^^^^",
        ]
    );
}

#[test]
fn an_error_inside_brackets_spoils_its_statement_only() {
    let found = errors("dx = f(a,\n b c,\n d1)\ndy = ) + 1\ndz = 2");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("found `c` (line 2, column 4)"), "{}", found[0]);
    assert!(found[1].contains("found `)` (line 4, column 6)"), "{}", found[1]);
}

#[test]
fn frequent_mistakes_have_their_own_words() {
    for (text, part) in [
        ("dx = a = b", "equality is written `==`"),
        ("dx = 0 < x < 1", "write `a < b and b < c`"),
        ("dx = 2x", "a product is written with `*`"),
        ("d(x) = 1", "a derivative `d(state, t)`"),
        ("x + 1", "expected `=`"),
        ("x/y = 1", "a derivative such as `dx/dt`"),
        ("3 = x", "an equation such as `dx = …`"),
        ("dx = a if b", "expected `else`, found the end of the text"),
        ("dx = 1e-400", "not representable"),
    ] {
        let found = errors(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(part), "{text}: {}", found[0]);
    }
    assert_eq!(values("q = 0e-999"), ["0.0"], "a zero is a zero");
}

#[test]
fn nesting_is_limited_and_length_is_not() {
    for (open, close) in [("(", ")"), ("-", ""), ("exp(", ")"), ("x^", ""), ("not ", ""), ("1 if x else ", "")] {
        let nested = |levels: usize| format!("q = {}x{}", open.repeat(levels), close.repeat(levels));
        assert_eq!(errors(&nested(90)), [""; 0], "{open}");
        let found = errors(&nested(10_000));
        assert!(found.len() == 1 && found[0].contains("nested more than"), "{open}: {}", found.len());
    }
    let sum = format!("q = x{}", " + x".repeat(20_000));
    assert_eq!(equations(&sum).1, []);
}

#[test]
fn deep_nesting_through_all_precedences_fits_a_thread() {
    let level = "a or b and not c < d + e * f ^ (";
    let text = format!("q = {}x{}", level.repeat(60), ")".repeat(60));
    assert_eq!(errors(&text), [""; 0]);
}

#[test]
fn a_lone_expression_must_be_alone() {
    assert_eq!("x + 1\n".parse::<Expr>().expect("is valid").to_string(), "x + 1.0");
    let found = "x = 1".parse::<Expr>().expect_err("is an equation").to_string();
    assert!(found.starts_with("expected an operator or the end of the expression, found `=`"), "{found}");
    assert!("".parse::<Expr>().is_err());
}
