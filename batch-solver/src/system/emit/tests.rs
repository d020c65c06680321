use super::*;

fn lorenz() -> System {
    System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z; r = sqrt(x^2 + y^2)/2")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .observable("r")
        .build()
        .expect("is valid")
}

#[test]
fn the_text_of_a_system() {
    let expected = "\
struct lorenz_system {
    static constexpr int states = 3, parameters = 1, constants = 2, observables = 1;

    template <class Y, class P, class C, class D>
    BR_DEVICE static void rhs(const real&, const Y& y, const P& p, const C& c, D& dydt) {
        const real y1 = y[1];
        const real y0 = y[0];
        const real v0 = y1 - y0;
        const real c0 = real(c[0]);
        const real v1 = c0 * v0;
        dydt[0] = v1;  // dx/dt
        const real p0 = p[0];
        const real y2 = y[2];
        const real v2 = p0 - y2;
        const real v3 = fma(y0, v2, -y1);
        dydt[1] = v3;  // dy/dt
        const real c1 = real(c[1]);
        const real v4 = c1 * y2;
        const real v5 = fma(y0, y1, -v4);
        dydt[2] = v5;  // dz/dt
    }

    template <class Y, class P, class C, class O>
    BR_DEVICE static void observables_of(const real&, const Y& y, const P&, const C&, O& out) {
        const real y1 = y[1];
        const real v0 = y1 * y1;
        const real y0 = y[0];
        const real v1 = fma(y0, y0, v0);
        const real v2 = sqrt(v1);
        const real v3 = v2 * scalar(0.5);
        out[0] = v3;  // r
    }
};
";
    let emitted = lorenz().emit(EmitOptions::default());
    assert_eq!(emitted.text, expected);
    assert_eq!((emitted.struct_name.as_str(), emitted.statements), ("lorenz_system", 10));
    assert_eq!(emitted, lorenz().emit(EmitOptions::default()), "emission is deterministic");
}

#[test]
fn baked_constants_are_literals_and_fold() {
    let options = EmitOptions { bake_constants: true, ..EmitOptions::default() };
    let emitted = lorenz().emit(options).text;
    assert!(emitted.contains("const real v1 = scalar(10.0) * v0;"), "{emitted}");
    assert!(emitted.contains("const real v4 = scalar(2.6666666666666665) * y2;"), "{emitted}");
    assert!(!emitted.contains("c["), "{emitted}");
    assert!(emitted.contains("constants = 2"), "the interface stays the same");

    let folding = System::builder("test")
        .equations("dx = a*b*x + x/b + max(a, x)")
        .state("x", 1.0)
        .constants([("a", 3.0), ("b", 0.5)])
        .build()
        .expect("is valid");
    let text = folding.emit(options).text;
    assert!(text.contains("fma(real(scalar(1.5)), y0, v0)") && text.contains("y0 * scalar(2.0)"), "{text}");
    assert!(text.contains("max(real(scalar(3.0)), y0)"), "literals become real as arguments of functions: {text}");
}

#[test]
fn every_kind_of_statement_is_written_in_the_vocabulary() {
    let system = System::builder("all")
        .equations("dx = t; dy = if(not (x < y) and x != 2 or y <= 1, sign(x), 1.5 - 2*x*y); dz = atan2(-z, x)^0.3 + cbrt(y)/z")
        .states([("x", 1.0), ("y", 2.0), ("z", 3.0)])
        .build()
        .expect("is valid");
    let text = system.emit(EmitOptions::default()).text;
    for part in [
        "dydt[0] = t;  // dx/dt",
        "const mask m0 = y0 < y1;",
        "const mask m1 = !m0;",
        "const mask m2 = y0 != scalar(2.0);",
        "const mask m3 = m1 & m2;",
        "const mask m4 = y1 <= scalar(1.0);",
        "const mask m5 = m3 | m4;",
        "select(y0 > scalar(0.0), real(scalar(1.0)), select(y0 < scalar(0.0), real(scalar(-1.0)), y0))",
        "= fma(-v",
        "real(scalar(1.5)));",
        "select(m5, v",
        "= pow(v",
        ", real(scalar(0.3)));",
        "cbrt(y1)",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    assert!(text.contains("const C&, O&) {\n    }\n};"), "without observables the function is empty:\n{text}");
}

#[test]
fn changing_a_value_changes_baked_code_only() {
    let decay = |rate| {
        System::builder("decay").equations("dx = -k*x").state("x", 1.0).constant("k", rate).build().expect("is valid")
    };
    let baked = EmitOptions { bake_constants: true, ..EmitOptions::default() };
    assert_eq!(decay(1.5).emit(EmitOptions::default()), decay(2.5).emit(EmitOptions::default()));
    assert_ne!(decay(1.5).emit(baked), decay(2.5).emit(baked));
}

#[test]
fn drivers_are_evaluated_once_and_only_where_they_are_read() {
    let system = System::builder("forced")
        .equations("dx = gain*wind - x; dy = x; power = wind*sun*x; twice = 2*x")
        .states([("x", 1.0), ("y", 0.0)])
        .constant("gain", 2.0)
        .drivers(["sun", "wind"])
        .observables(["power", "twice"])
        .build()
        .expect("is valid");
    let expected = "\
struct forced_system {
    static constexpr int states = 2, parameters = 0, constants = 1, observables = 2;
    static constexpr int drivers = 2;

    template <class Y, class P, class C, class D>
    BR_DEVICE static void rhs(const real& t, const Y& y, const P&, const C& c, D& dydt) {
        const auto& d = c.drivers_at(t);
        const real c0 = real(c[0]);
        const real d1 = d[1];
        const real y0 = y[0];
        const real v0 = fma(c0, d1, -y0);
        dydt[0] = v0;  // dx/dt
        dydt[1] = y0;  // dy/dt
    }

    template <class Y, class P, class C, class O>
    BR_DEVICE static void observables_of(const real& t, const Y& y, const P&, const C& c, O& out) {
        const auto& d = c.drivers_at(t);
        const real d1 = d[1];
        const real d0 = d[0];
        const real v0 = d1 * d0;
        const real y0 = y[0];
        const real v1 = v0 * y0;
        out[0] = v1;  // power
        const real v2 = scalar(2.0) * y0;
        out[1] = v2;  // twice
    }
};
";
    let text = system.emit(EmitOptions::default()).text;
    assert_eq!(text, expected, "{text}");
    let unobserved = System::builder("forced").equations("dx = u; twice = 2*x").state("x", 1.0).driver("u");
    let text = unobserved.observable("twice").build().expect("is valid").emit(EmitOptions::default()).text;
    assert_eq!(text.matches("drivers_at(t)").count(), 1, "{text}");
    assert!(text.contains("observables_of(const real&, const Y& y, const P&, const C&, O& out)"), "{text}");
}
