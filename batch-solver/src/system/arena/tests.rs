use super::*;

/// An arena with the states 0 and 1.
fn arena() -> (Arena, ExprId, ExprId) {
    let mut arena = Arena::default();
    let (x, y) = (arena.symbol(Symbol::State(0)), arena.symbol(Symbol::State(1)));
    (arena, x, y)
}

fn text(arena: &Arena, id: ExprId) -> String {
    let names = ["x", "y"];
    let name = |symbol| if let Symbol::State(index) = symbol { names[index] } else { "?" };
    arena.to_expr(id, name).to_string()
}

/// The canonical form of `left op right` as text, where the operands are made by the arena.
fn made(make: impl FnOnce(&mut Arena, ExprId, ExprId) -> ExprId) -> String {
    let (mut arena, x, y) = arena();
    let id = make(&mut arena, x, y);
    text(&arena, id)
}

#[test]
fn equal_expressions_are_one() {
    let (mut arena, x, y) = arena();
    let a = arena.binary(BinaryOp::Mul, x, y);
    let size = arena.len();
    assert_eq!(arena.binary(BinaryOp::Mul, x, y), a);
    assert_eq!(arena.binary(BinaryOp::Mul, y, x), a, "products commute");
    assert_eq!(arena.len(), size);
    let quotient = arena.binary(BinaryOp::Div, x, y);
    assert_ne!(arena.binary(BinaryOp::Div, y, x), quotient);
}

#[test]
fn correctly_rounded_operations_on_literals_are_folded() {
    let (mut arena, ..) = arena();
    let [a, b] = [0.1, 0.2].map(|value| arena.literal(value));
    for (op, expected) in
        [(BinaryOp::Add, 0.1 + 0.2), (BinaryOp::Sub, 0.1 - 0.2), (BinaryOp::Mul, 0.1 * 0.2), (BinaryOp::Div, 0.1 / 0.2)]
    {
        let id = arena.binary(op, a, b);
        assert_eq!(arena.literal_value(id).map(f64::to_bits), Some(f64::to_bits(expected)), "{op:?}");
    }
    let two = arena.literal(2.0);
    let root = arena.unary(UnaryOp::Sqrt, two);
    assert_eq!(arena.literal_value(root), Some(2.0_f64.sqrt()));
}

#[test]
fn what_is_not_finite_or_not_correctly_rounded_is_not_folded() {
    let one_over_zero = made(|arena, _, _| {
        let (one, zero) = (arena.literal(1.0), arena.literal(0.0));
        arena.binary(BinaryOp::Div, one, zero)
    });
    assert_eq!(one_over_zero, "1.0 / 0.0");
    let root = made(|arena, _, _| {
        let minus_one = arena.literal(-1.0);
        arena.unary(UnaryOp::Sqrt, minus_one)
    });
    assert_eq!(root, "sqrt(-1.0)");
    let exponential = made(|arena, _, _| {
        let one = arena.literal(1.0);
        arena.unary(UnaryOp::Exp, one)
    });
    assert_eq!(exponential, "exp(1.0)");
}

#[test]
fn infinities_and_nan_are_never_simplified_away() {
    for (expected, op) in [("x - x", BinaryOp::Sub), ("x / x", BinaryOp::Div)] {
        assert_eq!(made(|arena, x, _| arena.binary(op, x, x)), expected);
    }
    let product = made(|arena, x, _| {
        let zero = arena.literal(0.0);
        arena.binary(BinaryOp::Mul, zero, x)
    });
    assert_eq!(product, "0.0 * x");
    let comparison = made(|arena, x, y| {
        let less = arena.compare(CompareOp::Lt, x, y);
        let not_less = arena.not(less);
        arena.select(not_less, x, y)
    });
    assert_eq!(comparison, "if(x < y, y, x)", "the branches are exchanged, the comparison is not");
}

#[test]
fn neutral_elements_vanish() {
    for (op, literal) in
        [(BinaryOp::Add, 0.0), (BinaryOp::Sub, 0.0), (BinaryOp::Mul, 1.0), (BinaryOp::Div, 1.0), (BinaryOp::Pow, 1.0)]
    {
        let simplified = made(|arena, x, _| {
            let literal = arena.literal(literal);
            arena.binary(op, x, literal)
        });
        assert_eq!(simplified, "x", "{op:?}");
    }
}

#[test]
fn signs_move_outwards() {
    type Make = fn(&mut Arena, ExprId, ExprId) -> ExprId;
    let cases: [(&str, Make); 7] = [
        ("x - y", |arena, x, y| {
            let minus = arena.unary(UnaryOp::Neg, y);
            arena.binary(BinaryOp::Add, x, minus)
        }),
        ("x + y", |arena, x, y| {
            let minus = arena.unary(UnaryOp::Neg, y);
            arena.binary(BinaryOp::Sub, x, minus)
        }),
        ("-(x * y)", |arena, x, y| {
            let minus = arena.unary(UnaryOp::Neg, x);
            arena.binary(BinaryOp::Mul, minus, y)
        }),
        ("x / y", |arena, x, y| {
            let (minus_x, minus_y) = (arena.unary(UnaryOp::Neg, x), arena.unary(UnaryOp::Neg, y));
            arena.binary(BinaryOp::Div, minus_x, minus_y)
        }),
        ("x * -3.0", |arena, x, _| {
            let (minus, three) = (arena.unary(UnaryOp::Neg, x), arena.literal(3.0));
            arena.binary(BinaryOp::Mul, minus, three)
        }),
        ("x - 3.0", |arena, x, _| {
            let minus_three = arena.literal(-3.0);
            arena.binary(BinaryOp::Add, minus_three, x)
        }),
        ("abs(x)", |arena, x, _| {
            let minus = arena.unary(UnaryOp::Neg, x);
            arena.unary(UnaryOp::Abs, minus)
        }),
    ];
    for (expected, make) in cases {
        assert_eq!(made(make), expected);
    }
}

#[test]
fn powers_become_products_and_roots() {
    for (exponent, expected) in [
        (0.0, "1.0"),
        (2.0, "x * x"),
        (3.0, "x * (x * x)"),
        (4.0, "x * x * (x * x)"),
        (-1.0, "1.0 / x"),
        (-2.0, "1.0 / (x * x)"),
        (0.5, "sqrt(x)"),
        (1.5, "x * sqrt(x)"),
        (-0.5, "1.0 / sqrt(x)"),
        (1.0 / 3.0, "x ^ 0.3333333333333333"),
        (33.0, "x ^ 33.0"),
        (2.25, "x ^ 2.25"),
    ] {
        let power = made(|arena, x, _| {
            let exponent = arena.literal(exponent);
            arena.binary(BinaryOp::Pow, x, exponent)
        });
        assert_eq!(power, expected, "exponent {exponent}");
    }
    for (base, expected) in [(2.0, "exp2(x)"), (std::f64::consts::E, "exp(x)"), (3.0, "3.0 ^ x")] {
        let power = made(|arena, x, _| {
            let base = arena.literal(base);
            arena.binary(BinaryOp::Pow, base, x)
        });
        assert_eq!(power, expected, "base {base}");
    }
}

#[test]
fn only_exact_reciprocals_replace_divisions() {
    let smallest_normal = f64::from(f32::MIN_POSITIVE);
    for (divisor, expected) in [
        (2.0, "x * 0.5".to_owned()),
        (-4.0, "x * -0.25".to_owned()),
        (3.0, "x / 3.0".to_owned()),
        (smallest_normal, format!("x * {:?}", 1.0 / smallest_normal)),
        (smallest_normal / 2.0, format!("x / {:?}", smallest_normal / 2.0)),
    ] {
        let quotient = made(|arena, x, _| {
            let divisor = arena.literal(divisor);
            arena.binary(BinaryOp::Div, x, divisor)
        });
        assert_eq!(quotient, expected);
    }
}

#[test]
fn known_conditions_choose_at_once() {
    let (mut arena, x, y) = arena();
    let (one, two) = (arena.literal(1.0), arena.literal(2.0));
    let (yes, no) = (arena.compare(CompareOp::Lt, one, two), arena.compare(CompareOp::Eq, one, two));
    let open = arena.compare(CompareOp::Lt, x, y);
    assert_eq!(arena.select(yes, x, y), x);
    assert_eq!(arena.select(no, x, y), y);
    assert_eq!(arena.select(open, x, x), x);
    assert_eq!(arena.and(yes, open), open);
    assert_eq!(arena.and(open, no), no);
    assert_eq!(arena.or(open, yes), yes);
    assert_eq!(arena.or(no, open), open);
    let not_open = arena.not(open);
    assert_eq!(arena.not(not_open), open);
}

#[test]
fn rebuilding_replaces_symbols_and_folds() {
    let (mut arena, x, y) = arena();
    let sum = arena.binary(BinaryOp::Add, x, y);
    let root = arena.binary(BinaryOp::Mul, sum, y);
    let value = |symbol| (symbol == Symbol::State(1)).then_some(1.0);
    let (rebuilt, roots) = arena.rebuild(&[root], value);
    assert_eq!(text(&rebuilt, roots[0]), "x + 1.0");
}
