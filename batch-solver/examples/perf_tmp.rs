use batch_solver::*;
use buffer_runtime::{settings, Unknown, CpuDevice, CpuOptions};
fn main() {
    for (precision, threads, vb, pack) in [("f64",1,None,None),("f64",1,None,Some(1)),("f64",1,None,Some(2)),("f64",1,Some(0),None),("f32",1,None,None),("f32",1,None,Some(2)),("f32",1,Some(0),None),("f64",2,None,None),("f32",2,None,None)] {
        let lorenz = System::builder("lorenz").equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
            .states([("x", 1.0), ("y", 0.0), ("z", 0.0)]).parameter("rho", 28.0).constants([("sigma", 10.0), ("beta", 8.0 / 3.0)]).build().unwrap();
        let device = CpuDevice::with_options(CpuOptions { threads: Some(threads), vector_bytes: vb, pack, ..Default::default() }, Default::default()).unwrap();
        let mut solver = Solver::on(lorenz, device).unwrap();
        solver.update(&settings!{precision: precision, dt: 1e-3}, Unknown::Error).unwrap();
        let batch = Batch::grid().vary("rho", linspace(0.0, 21.0, 10_000));
        let mut best = f64::MAX; let mut total = 0.0;
        let mut c = 0.0;
        let n = if vb == Some(0) {2} else {9};
        for _ in 0..n { let s = match solver.solve(&batch, 0.0..1.0) { Ok(s) => s, Err(e) => { println!("{e}"); std::process::exit(1) } }; best = best.min(s.timings().kernel.as_secs_f64()); total = s.timings().total.as_secs_f64(); c += s.timings().compile.as_secs_f64(); 
        if n==2 { println!("{:?} {:?}", s.final_state(9999), s.checksum()); } else if total<0.0 { println!("{}", solver.source().unwrap()); } }
        println!("{precision} threads {threads} vb {vb:?} pack {pack:?}: {:.0} runs/s, compile {c:.3}, total {total:.4} best {best:.4}", 1e4/best);
        if std::env::args().nth(1).is_some() { std::fs::write("/tmp/lz/k.cpp", solver.source().unwrap()).unwrap(); return; }
    }
}
