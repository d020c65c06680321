use super::*;
fn report(system: &System) {
    for fuse in [true] {
        let options = EmitOptions { fuse, ..EmitOptions::default() };
        let mut arena = system.arena.clone();
        let rows = system.jacobian_rows(&mut arena);
        let by_time = if system.is_autonomous() { Vec::new() } else { system.time_derivatives(&mut arena) };
        let n = system.derivatives.len();
        let mut outputs = system.derivatives.clone();
        outputs.extend(rows.iter().flatten());
        let first = outputs.len();
        outputs.extend(&by_time);
        let lowered = Lowered::new(system, &arena, &outputs, options);
        let mut fi = vec![]; let mut ri = vec![]; 
        let mut k = n;
        for r in &rows { fi.push(fi.len()); ri.push((k..k + r.len()).collect::<Vec<_>>()); k += r.len(); }
        let t = |i: usize| (!by_time.is_empty()).then_some(first + i);
        let a: Vec<usize> = (0..outputs.len()).collect();
        let b: Vec<usize> = (0..n).flat_map(|i| [i].into_iter().chain(ri[i].clone()).chain(t(i))).collect();
        let c: Vec<usize> = (0..n).flat_map(|i| ri[i].clone().into_iter().chain(t(i)).chain([i])).collect();
        let d: Vec<usize> = (n..outputs.len()).chain(0..n).collect();
        let live: Vec<usize> = [a, b, c, d].into_iter().map(|o| lowered.clone().in_order(o).program().live_values()).collect();
        let p = lowered.program();
        let growth: Vec<String> = [200, 500, 1500].iter().map(|&m| { let ps = lowered.clone().in_order(system_order(n, &rows, &by_time)).pieces(m); let s: usize = ps.iter().map(|p| p.program.statements()).sum(); let mx = ps.iter().map(|p| p.program.statements()).max().unwrap(); format!("{}p {:.2} max {}", ps.len(), s as f64 / p.statements() as f64, mx) }).collect();
        let f = system.derivative_program(options);
        let fg: Vec<String> = [200, 500, 1500].iter().map(|&m| { let ps = system.lowered_derivatives(options).pieces(m); let s: usize = ps.iter().map(|p| p.program.statements()).sum(); format!("{}p {:.2}", ps.len(), s as f64 / f.statements() as f64) }).collect();
        let jv = system.jacobian_vector_program(options);
        eprintln!("{:14} n {} nnz {} f {} (live {}) lin {} jac {} jv {} live f-J {} by state {} J_i f_i {} J then f {} | split lin {:?} rhs {:?}", system.name(), n, system.jacobian_sparsity().nonzeros(), f.statements(), f.live_values(), p.statements(), system.jacobian_program(options).statements(), jv.statements(), live[0], live[1], live[2], live[3], growth, fg);
    }
}
fn system_order(n: usize, rows: &[Vec<ExprId>], by_time: &[ExprId]) -> Vec<usize> {
    let mut k = n; let first = n + rows.iter().map(Vec::len).sum::<usize>();
    let mut o = vec![];
    for (i, r) in rows.iter().enumerate() { o.push(i); o.extend(k..k + r.len()); k += r.len(); if !by_time.is_empty() { o.push(first + i); } }
    o
}
#[test]
fn measure() {
    for name in ["brusselator", "duffing", "fitzhugh_nagumo", "lorenz", "lotka_volterra", "pleiades", "sir", "vanderpol"] {
        let model = crate::model::Model::read(format!("{}/../examples/models/{name}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        report(model.system());
    }
    let make = |name: &str, eqs: String, states: Vec<String>| System::builder(name).equations(&eqs).states(states.into_iter().map(|s| (s, 0.5))).build().unwrap();
    report(&make("robertson", "da = -0.04*a + 1e4*b*c; db = 0.04*a - 1e4*b*c - 3e7*b^2; dc = 3e7*b^2".into(), vec!["a".into(), "b".into(), "c".into()]));
    for n in [10, 30, 60] {
        let mut e = String::new();
        for i in 0..n { let s: Vec<String> = (0..n).filter(|j| *j != i).map(|j| format!("sin(y{j} - y{i})")).collect(); e += &format!("dy{i} = {}.5 + ({})/{n}\n", i, s.join(" + ")); }
        report(&make(&format!("kuramoto{n}"), e, (0..n).map(|i| format!("y{i}")).collect()));
    }
    for n in [20, 100, 400] {
        let mut e = String::new();
        for i in 0..n { let l = (i + n - 1) % n; let r = (i + 1) % n; e += &format!("du{i} = 1 + u{i}^2*v{i} - 4*u{i} + 0.02*(u{l} - 2*u{i} + u{r})\ndv{i} = 3*u{i} - u{i}^2*v{i} + 0.02*(v{l} - 2*v{i} + v{r})\n"); }
        report(&make(&format!("brusschain{n}"), e, (0..n).map(|i| format!("u{i}")).chain((0..n).map(|i| format!("v{i}"))).collect()));
        let mut e = String::from("m = (") + &(0..n).map(|i| format!("y{i}")).collect::<Vec<_>>().join(" + ") + &format!(")/{n}\n");
        for i in 0..n { e += &format!("dy{i} = y{i}*(1 - y{i}^2) + tanh(m)*{i}/(1 + y{i})\n"); }
        if n <= 400 { report(&make(&format!("meanfield{n}"), e, (0..n).map(|i| format!("y{i}")).collect())); }
    }
    for n in [50, 200] {
        // reaction network: mass action, random
        let mut seed = 12345u64; let mut rnd = |m: usize| { seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); ((seed >> 33) as usize) % m };
        let m = 3 * n; let mut e = String::new(); let mut eq = vec![String::from("0"); n];
        for r in 0..m { let (a, b, c) = (rnd(n), rnd(n), rnd(n)); e += &format!("r{r} = {}.25*y{a}*y{b}\n", r + 1); eq[a] += &format!(" - r{r}"); eq[b] += &format!(" - r{r}"); eq[c] += &format!(" + r{r}"); }
        for i in 0..n { e += &format!("dy{i} = {} - y{i}\n", eq[i]); }
        report(&make(&format!("network{n}"), e, (0..n).map(|i| format!("y{i}")).collect()));
    }
}
