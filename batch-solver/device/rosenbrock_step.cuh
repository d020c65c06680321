// One step of any Rosenbrock method, with the Jacobian of its start.
//
// Stages solve (I / gamma - h J) u_j = h f(t + c_j h, y + sum a_jk u_k) + sum C_jk u_k + d_j h^2 df/dt, the form without products of a matrix and a vector (Hairer & Wanner,
// Solving Ordinary Differential Equations II, 2nd ed., p. 111) in units of the step, which nothing is divided by then. Everything that depends on the tableau is decided from
// its data.

/// An index known while compiling. Stages take one, or a plain int where their loop is not unrolled.
template <int k> struct index {
    static constexpr int value = k;
    BR_DEVICE constexpr operator int() const { return k; }
};

template <class System, class Linear, class Buffers> struct rosenbrock_step {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

    template <class Y, class P, class C> BR_DEVICE static void begin(const frame&, state_t&, const mask&, const real&, const Y&, const P&, const C&) {}

    /// proposed = y advanced by h from t, and done: the next step begins there. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame& f, state_t& s, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        all_stages(f, s, b, t, h, y, p, c, proposed);
    }

    /// proposed = y advanced by h from t, and an estimate of its error.
    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void step_with_error(const frame& f, state_t& s, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed,
                                          E& error) {
        Buffers b(f, s);
        all_stages(f, s, b, t, h, y, p, c, proposed);
        begin_with<first_of_error()>(b, error_row{}, error);
        constexpr int next = first_of_error() + 1;
        if constexpr (Buffers::unroll_stages) {
            add(b, error_row{}, index<next>{}, index<stages>{}, error);
        } else {
            add(b, error_row{}, next, stages, error);
        }
    }

    BR_DEVICE static void commit(const frame&, state_t&, const mask&) {}

    /// The derivative of state i at the argument of stage j of the last step, for a trace.
    BR_DEVICE static real stage_derivative(const frame& f, state_t& s, int j, int i) {
        Buffers b(f, s);
        return b.trace_derivatives[j * n + i];
    }

  private:
    /// The solution of stage j as an array.
    struct solution {
        Buffers& b;
        int first;
        BR_DEVICE solution(Buffers& buffers, int j) : b(buffers), first(j * n) {}
        BR_DEVICE real& operator[](int i) const { return b.stage_store[first + i]; }
    };

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

    /// sum += sum over first <= k < j of row(j, k) u_k.
    template <class Row, int first, int j, class S> BR_DEVICE static void add(Buffers& b, Row row, index<first>, index<j> stage, S& sum) {
        if constexpr (first < j) {
            constexpr double weight = Row::at(j, first);
            if constexpr (weight == 1.0) {
                const solution u(b, first);
                UNROLL_STATES
                for (int i = 0; i < n; ++i) sum[i] = sum[i] + u[i];
            } else if constexpr (weight != 0.0) {
                add_term(hold(scalar(weight)), solution(b, first), sum);
            }
            add(b, row, index<first + 1>{}, stage, sum);
        }
    }
    template <class Row, class S> BR_DEVICE static void add(Buffers& b, Row, int first, int j, S& sum) {
        BR_NO_UNROLL
        for (int k = first; k < j; ++k) {
            const double weight = Row::at(j, k);
            if (weight != 0.0) add_term(real(scalar(weight)), solution(b, k), sum);
        }
    }

    /// The first stage that takes part in the error.
    BR_DEVICE static constexpr int first_of_error() {
        int k = 0;
        while (k < stages - 1 && Tableau::e(k) == 0.0) ++k;
        return k;
    }

    /// sum = row(0, k) u_k.
    template <int k, class Row, class S> BR_DEVICE static void begin_with(Buffers& b, Row, S& sum) {
        constexpr double weight = Row::at(0, k);
        const solution u(b, k);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            if constexpr (weight == 1.0) {
                sum[i] = u[i];
            } else {
                sum[i] = scalar(weight) * u[i];
            }
        }
    }

    template <class W, class S> BR_DEVICE static void add_term(const W& weight, const solution& u, S& sum) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) sum[i] = fma(weight, u[i], sum[i]);
    }

    /// z = y + sum a_jk u_k. A row that continues the one before takes on from its sum.
    template <int j, class Y, class Z> BR_DEVICE static void input(Buffers& b, index<j> stage, const Y& y, Z& z) {
        if constexpr (Tableau::continues(j)) {
            add(b, input_row{}, index<j - 1>{}, stage, z);
        } else {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = y[i];
            add(b, input_row{}, index<0>{}, stage, z);
        }
    }
    template <class Y, class Z> BR_DEVICE static void input(Buffers& b, int j, const Y& y, Z& z) {
        int first = j - 1;
        if (!Tableau::continues(j)) {
            first = 0;
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = y[i];
        }
        add(b, input_row{}, first, j, z);
    }

    /// Stage j, whose argument is in z; stage_rhs holds the derivative there.
    template <class H, class J> BR_DEVICE static void solve(const frame& f, state_t& s, Buffers& b, J j, const H& h) {
        solution u(b, j);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) u[i] = h * b.stage_rhs[i];
        add(b, coupling_row{}, index<0>{}, j, u);
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
