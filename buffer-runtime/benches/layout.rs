//! Registering and laying out 1,000 buffers, flat and as a tree, and moving one of them.

use std::hint::black_box;

use buffer_runtime::registry::{BufferRegistry, CudaBuffer, ParentId};
use buffer_runtime::{ElementType, Location, Precision, Unknown};
use criterion::{Criterion, criterion_group, criterion_main};

const BUFFERS: usize = 1_000;

/// Every third buffer in shared memory, every fifth persistent, every seventh of integers, every fourth an alias of one
/// before.
fn fill(registry: &mut BufferRegistry, parent: ParentId, names: &[String]) {
    for (index, name) in names.iter().enumerate() {
        let mut buffer = CudaBuffer::new(name, 1 + index % 17).persistent(index % 5 == 0);
        if index % 3 == 0 {
            buffer = buffer.location(Location::Shared);
        }
        if index % 7 == 0 {
            buffer = buffer.element(ElementType::I32);
        }
        if let (3, Some(target)) = (index % 4, names.get(index / 2)) {
            buffer = buffer.aliases(target);
        }
        registry.register(parent, buffer).unwrap_or_else(|error| panic!("{error}"));
    }
}

fn flat(names: &[String]) -> (BufferRegistry, ParentId) {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("flat", Precision::F64);
    fill(&mut registry, parent, names);
    (registry, parent)
}

/// 50 groups of 20 buffers, each mounted in the one before or beside it.
fn tree(names: &[String]) -> (BufferRegistry, ParentId) {
    let mut registry = BufferRegistry::new();
    let root = registry.add_parent("root", Precision::F64);
    let mut owners = vec![root];
    for (index, names) in names.chunks(20).enumerate() {
        let parent = registry.add_parent("group", Precision::F64);
        let owner = owners.get(index / 2).copied().unwrap_or(root);
        let mounted = registry.register_child(owner, parent, &format!("child_{index}"), None);
        mounted.unwrap_or_else(|error| panic!("{error}"));
        fill(&mut registry, parent, names);
        owners.push(parent);
    }
    (registry, root)
}

fn benches(criterion: &mut Criterion) {
    let names: Vec<String> = (0..BUFFERS).map(|index| format!("buffer_{index}")).collect();
    criterion.bench_function("register and lay out 1000 buffers", |bench| {
        bench.iter(|| {
            let (registry, parent) = flat(black_box(&names));
            registry.sizes(parent)
        });
    });
    criterion.bench_function("register and resolve 1000 buffers", |bench| {
        bench.iter(|| {
            let (registry, parent) = flat(black_box(&names));
            registry.resolve(parent)
        });
    });
    criterion.bench_function("register and resolve 1000 buffers in 50 groups", |bench| {
        bench.iter(|| {
            let (registry, root) = tree(black_box(&names));
            registry.resolve(root)
        });
    });
    let (mut registry, parent) = flat(&names);
    let mut turn = 0_usize;
    criterion.bench_function("move one of 1000 buffers and lay out", |bench| {
        bench.iter(|| {
            turn += 1;
            let location = if turn.is_multiple_of(2) { Location::Shared } else { Location::Local };
            let update = registry.update(parent, [("buffer_1_location", location)], Unknown::Error);
            (update, registry.sizes(parent))
        });
    });
}

criterion_group!(layout, benches);
criterion_main!(layout);
