//! Keys, ranges and sizes of matrix-free solvers.

use buffer_runtime::{Plan, Precision, Unknown, settings};

use super::*;

fn plan(n: usize) -> Plan<BicgstabConfig> {
    Plan::new(BicgstabConfig::new(BicgstabInputs { n }).expect("has defaults"), Precision::F64).expect("fits")
}

fn bytes(plan: &Plan<BicgstabConfig>) -> usize {
    plan.layout().buffers().iter().map(|buffer| buffer.bytes.get()).sum()
}

#[test]
fn without_a_preconditioner_its_vectors_take_no_space() {
    let mut plan = plan(4);
    assert_eq!(bytes(&plan), 5 * 4 * 8);
    for (preconditioner, order, vectors) in [("jacobi", 0, 7), ("jacobi", 2, 8), ("neumann", 1, 7)] {
        let given = settings! { preconditioner: preconditioner, preconditioner_order: order };
        plan.update(&given, Unknown::Error).expect("are settings");
        assert_eq!(bytes(&plan), vectors * 4 * 8, "{preconditioner} of order {order}");
    }
}

#[test]
fn orders_have_the_range_of_their_preconditioner() {
    let mut plan = plan(4);
    for (preconditioner, order) in [("jacobi", 3), ("neumann", 0), ("neumann", 3)] {
        let given = settings! { preconditioner: preconditioner, preconditioner_order: order };
        assert!(plan.update(&given, Unknown::Error).is_err(), "{preconditioner} of order {order}");
    }
    assert!(plan.update(&settings! { reduction: 1.0 }, Unknown::Error).is_err());
    assert!(plan.update(&settings! { max_iterations: 0 }, Unknown::Error).is_err());
    assert_eq!(plan.config().preconditioner, Preconditioner::None, "nothing was changed");
}
