// Linear equations of implicit steps by factorisation: of the one matrix I - alpha J; or, where the equations of all stages are coupled through a matrix A, of one matrix of the
// system's size for each real eigenvalue of A and each pair of complex ones (J. C. Butcher, BIT 16 (1976) 237-240; Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed., p. 121).

template <class System, class Real, class Pair, class SecondPair, class Buffers> struct direct_solver {
    using state_t = typename Buffers::state_type;
    using blocks = typename Buffers::blocks;
    static constexpr bool direct = true, has_real_block = blocks::has_real;
    static constexpr int n = Buffers::n;

    /// Factorises for a matrix. In blocks, alpha of the matrix is the step.
    template <class Matrix> BR_DEVICE static void prepare(const frame& f, state_t& s, const Matrix& m) {
        const auto fill = [&](auto& entries) { m.jacobian(entries); };
        if constexpr (blocks::count == 0) {
            Real::assemble(f, s.real_matrix, fill);
            Real::factor(f, s.real_matrix, real(1), m.alpha);
        } else if constexpr (blocks::has_real) {
            // Its factors replace the Jacobian: it comes last.
            Real::assemble(f, s.real_matrix, fill);
            Real::with_jacobian(f, s.real_matrix, [&](auto& jacobian) {
                Pair::factor(f, s.complex_matrix, eigenvalue(0), m.alpha, jacobian);
                if constexpr (blocks::pairs > 1) SecondPair::factor(f, s.second_complex_matrix, eigenvalue(1), m.alpha, jacobian);
            });
            Real::factor(f, s.real_matrix, real_eigenvalue(), m.alpha);
        } else {
            Pair::assemble(f, s.complex_matrix, fill);
            if constexpr (blocks::pairs > 1) {
                Pair::with_jacobian(f, s.complex_matrix, [&](auto& jacobian) { SecondPair::factor(f, s.second_complex_matrix, eigenvalue(1), m.alpha, jacobian); });
            }
            Pair::factor(f, s.complex_matrix, eigenvalue(0), m.alpha);
        }
        placement_fence<Buffers>();
    }

    /// Replaces x by the solution for it as the right-hand side.
    template <class Matrix, class Norm, class X>
    BR_DEVICE static linear_report solve(const frame& f, state_t& s, const Matrix& m, const Norm&, const mask&, X& x) {
        if constexpr (blocks::count == 0) {
            Real::solve(f, s.real_matrix, real(1), m.alpha, x);
        } else if constexpr (blocks::has_real) {
            const auto right = [&](int i) { return sum_of(x, i, [](int j) { return blocks::real_left(j); }); };
            Real::solve_for(f, s.real_matrix, real_eigenvalue(), m.alpha, right, [&](const auto& of_real) { solve_pairs(f, s, m.alpha, x, of_real); });
        } else {
            solve_pairs(f, s, m.alpha, x, discarded{});
        }
        placement_fence<Buffers>();
        return linear_report::none();
    }

    /// Replaces x, a vector of the system's size, by the solution for the matrix I - alpha / lambda J, lambda the real eigenvalue.
    template <class X> BR_DEVICE static void solve_real(const frame& f, state_t& s, const real& alpha, X& x) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) x[i] = scalar(blocks::real_eigenvalue) * x[i];
        Real::solve(f, s.real_matrix, real_eigenvalue(), alpha, x);
    }

  private:
    BR_DEVICE static real real_eigenvalue() { return real(scalar(blocks::real_eigenvalue)); }
    BR_DEVICE static cplx eigenvalue(int k) { return {real(scalar(blocks::eigenvalue_re(k))), real(scalar(blocks::eigenvalue_im(k)))}; }

    /// Sum over the stages of weight(j) x_j, of state i, times the eigenvalue, which is in the weights.
    template <class X, class Weight> BR_DEVICE static real sum_of(const X& x, int i, const Weight& weight) {
        real sum = scalar(weight(0)) * x[i];
        BR_UNROLL_FULL
        for (int j = 1; j < blocks::stages; ++j) sum = fma(real(scalar(weight(j))), x[j * n + i], sum);
        return sum;
    }

    template <int k, class X> BR_DEVICE static cplx pair_right(const X& x, int i) {
        return {sum_of(x, i, [](int j) { return blocks::left_re(k, j); }), sum_of(x, i, [](int j) { return blocks::left_im(k, j); })};
    }

    template <class X, class OfReal> BR_DEVICE static void solve_pairs(const frame& f, state_t& s, const real& alpha, X& x, const OfReal& of_real) {
        const auto right = [&](int i) { return pair_right<0>(x, i); };
        Pair::solve_for(f, s.complex_matrix, eigenvalue(0), alpha, right, [&](const auto& of_pair) {
            if constexpr (blocks::pairs > 1) {
                const auto other = [&](int i) { return pair_right<1>(x, i); };
                SecondPair::solve_for(f, s.second_complex_matrix, eigenvalue(1), alpha, other,
                                      [&](const auto& of_second) { combine(x, of_real, of_pair, of_second); });
            } else {
                combine(x, of_real, of_pair, of_pair);
            }
        });
    }

    /// x_j = real_right(j) w + 2 Re sum right(k, j) w_k.
    template <class X, class OfReal, class First, class Second>
    BR_DEVICE static void combine(X& x, [[maybe_unused]] const OfReal& of_real, const First& first, [[maybe_unused]] const Second& second) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            const cplx w = first[i];
            BR_UNROLL_FULL
            for (int j = 0; j < blocks::stages; ++j) {
                real sum = fma(real(scalar(2.0 * blocks::right_re(0, j))), w.re, scalar(-2.0 * blocks::right_im(0, j)) * w.im);
                if constexpr (blocks::pairs > 1) {
                    const cplx other = second[i];
                    sum = fma(real(scalar(2.0 * blocks::right_re(1, j))), other.re, sum);
                    sum = fma(real(scalar(-2.0 * blocks::right_im(1, j))), other.im, sum);
                }
                if constexpr (blocks::has_real) sum = fma(real(scalar(blocks::real_right(j))), real(of_real[i]), sum);
                x[j * n + i] = sum;
            }
        }
    }
};
