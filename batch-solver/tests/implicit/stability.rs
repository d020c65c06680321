use buffer_runtime::settings;

use crate::coefficients::Coefficients;
use crate::methods;
use crate::support::linear::assert_stability;

#[test]
fn one_step_of_the_linear_test_equation_is_the_stability_function() {
    for algorithm in methods() {
        let method = Coefficients::of(algorithm);
        let limit = if method.l_stable { 0.0 } else { 1.0 };
        // One correction is exact; the next is as large as the rounding error of the start, to which the tolerance must leave room.
        let tolerance = if method.explicit_start() { 1e-2 } else { 1e-13 };
        let given = settings! { newton_rtol: tolerance, newton_atol: tolerance, newton_kappa: 1e-3 };
        let rounding = |z: f64| 2e-13 + if method.explicit_start() { 4e-15 * z.abs() } else { 0.0 };
        assert_stability(algorithm.name(), &given, limit, |z| method.stability(z), rounding);
    }
}
