// One step of any Rosenbrock method, with the Jacobian of its start.
//
// Stages solve (I / gamma - h J) u_j = h f(t + c_j h, y + sum a_jk u_k) + sum C_jk u_k + d_j h^2 df/dt, the form without products of a matrix and a vector (Hairer & Wanner,
// Solving Ordinary Differential Equations II, 2nd ed., p. 111) in units of the step, which nothing is divided by then. Everything that depends on the tableau is decided from
// its data.

template <class System, class Linear, class Buffers> struct rosenbrock_step : plain_step<Buffers> {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

    /// proposed = y advanced by h from t, and done: the next step begins there. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame& f, state_t& s, const step_scope&, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        all_stages(f, s, b, t, h, y, p, c, proposed);
    }

    /// proposed = y advanced by h from t, and an estimate of its error.
    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void step_with_error(const frame& f, state_t& s, const step_scope&, const real& t, const H& h, const Y& y, const P& p, const C& c,
                                          Z& proposed, E& error) {
        Buffers b(f, s);
        all_stages(f, s, b, t, h, y, p, c, proposed);
        sums::template begin_with<first_of_error()>(b.stage_store, error_row{}, error);
        constexpr int next = first_of_error() + 1;
        if constexpr (Buffers::unroll_stages) {
            sums::add(b.stage_store, error_row{}, index<next>{}, index<stages>{}, error);
        } else {
            sums::add(b.stage_store, error_row{}, next, stages, error);
        }
    }

  private:
    using store_t = decltype(Buffers::stage_store);
    using sums = stage_sums<n, store_t>;
    using solution = typename sums::stage;

    /// Coefficients of the sums that begin stage j, those of the step where j is the number of stages.
    struct input_row {
        BR_DEVICE static constexpr double at(int j, int k) { return Tableau::a(j, k); }
    };
    struct coupling_row {
        BR_DEVICE static constexpr double at(int j, int k) { return Tableau::coupling(j, k); }
    };
    struct error_row {
        BR_DEVICE static constexpr double at(int, int k) { return Tableau::e(k); }
    };

    /// The first stage that takes part in the error.
    BR_DEVICE static constexpr int first_of_error() {
        int k = 0;
        while (k < stages - 1 && Tableau::e(k) == 0.0) ++k;
        return k;
    }

    /// z = y + sum a_jk u_k. A row that continues the one before takes on from its sum.
    template <int j, class Y, class Z> BR_DEVICE static void input(Buffers& b, index<j> stage, const Y& y, Z& z) {
        if constexpr (Tableau::continues(j)) {
            sums::add(b.stage_store, input_row{}, index<j - 1>{}, stage, z);
        } else {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = y[i];
            sums::add(b.stage_store, input_row{}, index<0>{}, stage, z);
        }
    }
    template <class Y, class Z> BR_DEVICE static void input(Buffers& b, int j, const Y& y, Z& z) {
        int first = j - 1;
        if (!Tableau::continues(j)) {
            first = 0;
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = y[i];
        }
        sums::add(b.stage_store, input_row{}, first, j, z);
    }

    /// Stage j, whose argument is in z; stage_rhs holds the derivative there.
    template <class H, class J> BR_DEVICE static void solve(const frame& f, state_t& s, Buffers& b, J j, const H& h) {
        solution u(b.stage_store, j);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) u[i] = h * b.stage_rhs[i];
        sums::add(b.stage_store, coupling_row{}, index<0>{}, j, u);
        if constexpr (!System::autonomous) {
            const double weight = Tableau::d(j);
            if (weight != 0.0) {
                const real scaled(h * h * scalar(weight));
                UNROLL_STATES
                for (int i = 0; i < n; ++i) u[i] = fma(scaled, b.time_derivative[i], u[i]);
            }
        }
        Linear::solve(f, s.lu, diagonal(), real(h), u);
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.trace_derivatives[j * n + i] = real(b.stage_rhs[i]);
        }
        placement_fence<Buffers>();
    }

    /// The multiple of the identity in the matrix.
    BR_DEVICE static real diagonal() { return real(scalar(1.0 / Tableau::gamma)); }

    template <class H> BR_DEVICE static real time_of(int j, const real& t, const H& h) {
        return Tableau::c(j) == 0.0 ? t : fma(real(h), real(scalar(Tableau::c(j))), t);
    }

    /// Stages from j on, unrolled.
    template <int j, class H, class Y, class P, class C, class Z>
    BR_DEVICE static void stages_from(const frame& f, state_t& s, Buffers& b, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& z) {
        if constexpr (j < stages) {
            if constexpr (j > 0) {
                if constexpr (!Tableau::repeats(j)) {
                    input(b, index<j>{}, y, z);
                    System::rhs(time_of(j, t, h), z, p, c, b.stage_rhs);
                }
            }
            solve(f, s, b, index<j>{}, h);
            stages_from<j + 1>(f, s, b, t, h, y, p, c, z);
        }
    }

    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void all_stages(const frame& f, state_t& s, Buffers& b, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Linear::assemble(f, s.lu, [&](auto& jacobian) { System::linearise(t, y, p, c, b.stage_rhs, jacobian, b.time_derivative); });
        Linear::factor(f, s.lu, diagonal(), real(h));
        placement_fence<Buffers>();
        if constexpr (Buffers::unroll_stages) {
            stages_from<0>(f, s, b, t, h, y, p, c, proposed);
            input(b, index<stages>{}, y, proposed);
        } else {
            BR_NO_UNROLL
            for (int j = 0; j < stages; ++j) {
                if (j > 0 && !Tableau::repeats(j)) {
                    input(b, j, y, proposed);
                    System::rhs(time_of(j, t, h), proposed, p, c, b.stage_rhs);
                }
                solve(f, s, b, j, h);
            }
            input(b, stages, y, proposed);
        }
    }
};
