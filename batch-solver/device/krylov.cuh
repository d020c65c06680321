// Solves M x = b by iterations that know the matrix by its products with vectors: what they have in common, and the preconditioners.
//
// A matrix has m.apply(v, out), which leaves M v in out, and m.diagonal(d), which leaves the diagonal in d; a norm is a function from a vector to the square of its norm,
// which is homogeneous. Every lane computes until the last one is done, and what it commits is chosen by select: its solution depends on nothing but its own system.

/// Numbers that matter to the guards. Solvers work on a right-hand side whose largest entry is 1, so that these do not depend on the units.
struct krylov_range {
    /// What is smaller is no divisor.
    static BR_DEVICE constexpr scalar least() { return sizeof(scalar) == 4 ? scalar(1e-30) : scalar(1e-200); }
    /// What is larger is no quotient, and no entry of a solution.
    static BR_DEVICE constexpr scalar largest() { return sizeof(scalar) == 4 ? scalar(1e30) : scalar(1e200); }
    /// Square of the rounding error of 1.
    static BR_DEVICE constexpr scalar squared_rounding() { return sizeof(scalar) == 4 ? scalar(3.5527136788005009e-15) : scalar(1.2325951644078310e-32); }
};

/// a / b; where that is no number to go on with, 0, and the lane leaves `usable`.
BR_DEVICE real guarded_quotient(const real& a, const real& b, mask& usable) {
    const mask divides = abs(b) >= krylov_range::least();
    const real quotient = a / select(divides, b, real(1));
    const mask good = divides & (abs(quotient) <= krylov_range::largest());
    usable = usable & good;
    return select(good, quotient, real(0));
}

template <int n, class A, class B> BR_DEVICE real dot_product(const A& a, const B& b) {
    real sum(0);
    UNROLL_STATES
    for (int i = 0; i < n; ++i) sum = fma(real(a[i]), real(b[i]), sum);
    return sum;
}

/// target += factor * step in the lanes of `m`.
template <int n, class Target, class Step> BR_DEVICE void advance(Target& target, const real& factor, const Step& step, const mask& m) {
    UNROLL_STATES
    for (int i = 0; i < n; ++i) target[i] = select(m, fma(factor, real(step[i]), real(target[i])), real(target[i]));
}

/// Where a solution stands in each lane, from a zero guess to the rule that stops it: the norm of the residual is at most floor + reduction times that of the right-hand side.
template <int n> struct linear_progress {
    /// Largest entry of the right-hand side, in units of which everything else is.
    real scale;
    /// Squared norms of the residual: where it is small enough, and where rounding has taken from the solution what the target asks for.
    real target, lost;
    /// Lanes that go on.
    mask active;
    linear_report report{i32(0), i32(0)};

    /// Takes x for the right-hand side: leaves the residual of a zero solution, and that solution in x.
    template <class State, class Norm, class X, class R>
    BR_DEVICE linear_progress(const State& s, const Norm& norm, const mask& wanted, X& x, R& residual, int failure) {
        real largest(0);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) largest = max(abs(real(x[i])), largest);
        scale = at_least(largest, real(krylov_range::least()));
        const real inverse = scalar(1) / scale;
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            residual[i] = real(x[i]) * inverse;
            x[i] = real(0);
        }
        const real squared = norm(residual);
        const real wanted_norm = fma(real(scalar(s.reduction)), sqrt(squared), scalar(s.floor) * inverse);
        target = wanted_norm * wanted_norm;
        lost = max(target * (scalar(1) / krylov_range::squared_rounding()), squared);
        const mask finite = isfinite(squared);
        active = wanted & finite & !(squared <= target);
        report.status = select(wanted & !finite, i32(failure), i32(0));
    }

    BR_DEVICE void count() { report.iterations = select(active, report.iterations + i32(1), report.iterations); }

    /// Ends the lanes of `broken`.
    BR_DEVICE void fail(const mask& broken, int failure) {
        report.status = select(active & broken, i32(failure), report.status);
        active = active & !broken;
    }

    /// Ends the lanes whose residual is small enough, or so large that what is added to the solution hides what is looked for.
    BR_DEVICE void reached(const real& squared, int failure) {
        fail(!(squared <= lost), failure);
        active = active & !(squared <= target);
    }

    /// Lanes that still go on had too few iterations. Gives the solution its units; one out of range is zero, and a failure.
    template <class X> BR_DEVICE linear_report finish(const mask& wanted, X& x, int failure) {
        fail(active, status_max_linear);
        mask whole(true);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            const real value = real(x[i]) * scale;
            const mask fits = abs(value) <= krylov_range::largest();
            whole = whole & fits;
            x[i] = select(fits, value, real(0));
        }
        report.status = select(wanted & !whole & (report.status == i32(0)), i32(failure), report.status);
        return report;
    }
};

/// r with the preconditioner applied: in z, or r itself where there is none.
template <class Preconditioner, class State, class Matrix, class R, class Z>
BR_DEVICE auto& preconditioned(const frame& f, State& s, const Matrix& m, R& r, [[maybe_unused]] Z& z) {
    if constexpr (Preconditioner::identity) {
        return r;
    } else {
        Preconditioner::apply(f, s.preconditioning, m, r, z);
        return z;
    }
}

/// Iterations that go along the preconditioned residual, as far as `Method::length` says.
template <class Method, class Preconditioner, class Buffers> struct line_iteration {
    static constexpr int n = Buffers::n;
    static constexpr bool direct = false;
    using state_t = typename Buffers::state_type;

    /// The matrix has changed: what preconditioners need of it.
    template <class Matrix> BR_DEVICE static void prepare(const frame& f, state_t& s, const Matrix& m) { Preconditioner::prepare(f, s.preconditioning, m); }

    /// Replaces x, the right-hand side, by the solution in the lanes of `wanted`.
    template <class Matrix, class Norm, class X>
    BR_DEVICE static linear_report solve(const frame& f, state_t& s, const Matrix& m, const Norm& norm, const mask& wanted, X& x) {
        Buffers b(f, s);
        linear_progress<n> progress(s, norm, wanted, x, b.residual, status_max_linear);
        BR_NO_UNROLL
        for (int k = 0; k < int(s.max_iterations); ++k) {
            if (none(progress.active)) break;
            progress.count();
            auto& along = preconditioned<Preconditioner>(f, s, m, b.residual, b.preconditioned_vec);
            m.apply(along, b.temp);
            mask usable(true);
            const real length = Method::template length<n>(b.residual, along, b.temp, usable);
            // Along a direction that the matrix takes to one orthogonal to the residual, nothing is ever gained.
            progress.fail(!usable | (length == scalar(0)), status_max_linear);
            advance<n>(x, length, along, progress.active);
            advance<n>(b.residual, -length, b.temp, progress.active);
            progress.reached(norm(b.residual), status_max_linear);
            placement_fence<Buffers>();
        }
        return progress.finish(wanted, x, status_max_linear);
    }
};

/// The identity.
template <class System, class Buffers> struct no_preconditioner {
    static constexpr bool identity = true;
    using state_t = typename Buffers::state_type;
    template <class Matrix> BR_DEVICE static void prepare(const frame&, state_t&, const Matrix&) {}
};

/// Jacobi iterations: from the residual over the diagonal D of the matrix, z += (r - M z) / D as often as `preconditioner_order` says.
template <class System, class Buffers> struct jacobi_preconditioner {
    static constexpr bool identity = false;
    using state_t = typename Buffers::state_type;

    template <class Matrix> BR_DEVICE static void prepare(const frame& f, state_t& s, const Matrix& m) {
        Buffers b(f, s);
        m.diagonal(b.diagonal);
        UNROLL_STATES
        for (int i = 0; i < Buffers::n; ++i) b.diagonal[i] = pivots<real>::inverse(real(b.diagonal[i]));
    }

    template <class Matrix, class R, class Z>
    BR_DEVICE static void apply(const frame& f, state_t& s, [[maybe_unused]] const Matrix& m, const R& r, Z& z) {
        Buffers b(f, s);
        UNROLL_STATES
        for (int i = 0; i < Buffers::n; ++i) z[i] = real(r[i]) * real(b.diagonal[i]);
        if constexpr (Buffers::preconditioner_order > 0) {
            BR_NO_UNROLL
            for (int k = 0; k < Buffers::preconditioner_order; ++k) {
                m.apply(z, b.product);
                UNROLL_STATES
                for (int i = 0; i < Buffers::n; ++i) z[i] = fma(real(r[i]) - real(b.product[i]), real(b.diagonal[i]), real(z[i]));
                placement_fence<Buffers>();
            }
        }
    }
};

/// The first terms of Neumann's series for the inverse of a matrix near the identity: r + (I - M) r + (I - M)^2 r + ….
template <class System, class Buffers> struct neumann_preconditioner {
    static constexpr bool identity = false;
    using state_t = typename Buffers::state_type;

    template <class Matrix> BR_DEVICE static void prepare(const frame&, state_t&, const Matrix&) {}

    template <class Matrix, class R, class Z> BR_DEVICE static void apply(const frame& f, state_t& s, const Matrix& m, const R& r, Z& z) {
        Buffers b(f, s);
        UNROLL_STATES
        for (int i = 0; i < Buffers::n; ++i) z[i] = real(r[i]);
        BR_NO_UNROLL
        for (int k = 0; k < Buffers::preconditioner_order; ++k) {
            m.apply(z, b.product);
            UNROLL_STATES
            for (int i = 0; i < Buffers::n; ++i) z[i] = real(z[i]) + (real(r[i]) - real(b.product[i]));
            placement_fence<Buffers>();
        }
    }
};
