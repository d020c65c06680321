// BiCGSTAB, preconditioned from the right: H. A. van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992) 631–644. For any matrix; its residual may grow in between.

template <class System, class Preconditioner, class Buffers> struct bicgstab {
    static constexpr int n = Buffers::n;
    static constexpr bool direct = false;
    using state_t = typename Buffers::state_type;

    /// The matrix has changed: what preconditioners need of it.
    template <class Matrix> BR_DEVICE static void prepare(const frame& f, state_t& s, const Matrix& m) { Preconditioner::prepare(f, s.preconditioning, m); }

    /// Replaces x, the right-hand side, by the solution in the lanes of `wanted`.
    template <class Matrix, class Norm, class X>
    BR_DEVICE static linear_report solve(const frame& f, state_t& s, const Matrix& m, const Norm& norm, const mask& wanted, X& x) {
        constexpr int broken = status_bicgstab_breakdown;
        Buffers b(f, s);
        linear_progress<n> progress(s, norm, wanted, x, b.residual, broken);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            b.r0_hat[i] = real(b.residual[i]);
            b.p[i] = real(b.residual[i]);
        }
        real rho = dot_product<n>(b.r0_hat, b.residual);
        BR_NO_UNROLL
        for (int k = 0; k < int(s.max_iterations); ++k) {
            if (none(progress.active)) break;
            progress.count();
            mask usable(true);
            auto& p_hat = preconditioned<Preconditioner>(f, s, m, b.p, b.s_hat);
            m.apply(p_hat, b.v);
            const real alpha = guarded_quotient(rho, dot_product<n>(b.r0_hat, b.v), usable);
            progress.fail(!usable, broken);
            advance<n>(x, alpha, p_hat, progress.active);
            advance<n>(b.residual, -alpha, b.v, progress.active);
            // Half of the iteration may be enough.
            progress.reached(norm(b.residual), broken);
            if (none(progress.active)) break;

            auto& s_hat = preconditioned<Preconditioner>(f, s, m, b.residual, b.s_hat);
            m.apply(s_hat, b.tmp);
            const real omega = guarded_quotient(dot_product<n>(b.tmp, b.residual), dot_product<n>(b.tmp, b.tmp), usable);
            progress.fail(!usable, broken);
            advance<n>(x, omega, s_hat, progress.active);
            advance<n>(b.residual, -omega, b.tmp, progress.active);
            progress.reached(norm(b.residual), broken);

            const real next = dot_product<n>(b.r0_hat, b.residual);
            const real beta = guarded_quotient(next, rho, usable) * guarded_quotient(alpha, omega, usable);
            // Without the part along the first residual there is no next direction.
            progress.fail(!usable | !(abs(beta) <= krylov_range::largest()) | (abs(next) < krylov_range::least()), broken);
            rho = next;
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.p[i] = fma(beta, fma(-omega, real(b.v[i]), real(b.p[i])), real(b.residual[i]));
            placement_fence<Buffers>();
        }
        return progress.finish(wanted, x, broken);
    }
};
