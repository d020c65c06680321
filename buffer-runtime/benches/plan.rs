//! Host cost of an update: a tree of 100 buffers in 10 factories, one location moved to and fro.

use std::hint::black_box;

use buffer_runtime::{Buffer, Buffers, Plan, Precision, Settings, Unknown, settings};
use criterion::{Criterion, criterion_group, criterion_main};

/// Ten arrays of a factory.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "leaf")]
pub struct LeafConfig {
    /// Elements of each.
    #[input]
    pub n: usize,
    /// Array 0.
    #[buffer(len = n)]
    pub b0: Buffer,
    /// Array 1.
    #[buffer(len = n, location = shared)]
    pub b1: Buffer,
    /// Array 2.
    #[buffer(len = 2 * n, persistent)]
    pub b2: Buffer,
    /// Array 3.
    #[buffer(len = n, aliases = b1)]
    pub b3: Buffer,
    /// Array 4.
    #[buffer(len = 1)]
    pub b4: Buffer<i32>,
    /// Array 5.
    #[buffer(len = n * n)]
    pub b5: Buffer,
    /// Array 6.
    #[buffer(len = n, location = shared)]
    pub b6: Buffer,
    /// Array 7.
    #[buffer(len = n)]
    pub b7: Buffer<f64>,
    /// Array 8.
    #[buffer(len = n, aliases = b6)]
    pub b8: Buffer,
    /// Array 9.
    #[buffer(len = n)]
    pub b9: Buffer,
}

/// Ten factories.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "tree")]
pub struct TreeConfig {
    /// Elements.
    #[input]
    pub n: usize,
    /// Child 0.
    #[child(prefix = "c0", with(n))]
    pub c0: LeafConfig,
    /// Child 1.
    #[child(prefix = "c1", with(n))]
    pub c1: LeafConfig,
    /// Child 2.
    #[child(prefix = "c2", with(n))]
    pub c2: LeafConfig,
    /// Child 3.
    #[child(prefix = "c3", with(n))]
    pub c3: LeafConfig,
    /// Child 4.
    #[child(prefix = "c4", with(n))]
    pub c4: LeafConfig,
    /// Child 5.
    #[child(prefix = "c5", with(n))]
    pub c5: LeafConfig,
    /// Child 6.
    #[child(prefix = "c6", with(n))]
    pub c6: LeafConfig,
    /// Child 7.
    #[child(prefix = "c7", with(n))]
    pub c7: LeafConfig,
    /// Child 8.
    #[child(prefix = "c8", with(n))]
    pub c8: LeafConfig,
    /// Child 9.
    #[child(prefix = "c9", with(n))]
    pub c9: LeafConfig,
}

fn update(criterion: &mut Criterion) {
    let config = TreeConfig::new(TreeInputs { n: 8 }).expect("the declarations are valid");
    let mut plan = Plan::new(config, Precision::F64).expect("the declarations are valid");
    assert_eq!(plan.layout().buffers().len(), 100);
    let moves: [Settings; 2] = [settings! { c4_b0_location: "shared" }, settings! { c4_b0_location: "local" }];
    let mut turn = 0;
    criterion.bench_function("update a tree of 100 buffers", |bencher| {
        bencher.iter(|| {
            turn = 1 - turn;
            black_box(plan.update(&moves[turn], Unknown::Error).expect("the key exists"));
        });
    });
}

criterion_group!(benches, update);
criterion_main!(benches);
