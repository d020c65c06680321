// One explicit Runge–Kutta step of any tableau.
//
// Row-oriented: the derivative of each stage is kept once, and what a stage needs is summed when it begins. Everything that depends on the tableau (zero coefficients, first
// terms, a stage that already is the result) is decided from its data while compiling.

/// In place of an array: no error estimate is wanted.
struct no_error {};
template <class E> constexpr bool wants_error = true;
template <> constexpr bool wants_error<no_error> = false;

template <class System, class Buffers> struct erk_step : plain_step<Buffers> {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

    /// The derivative at the start of a run, in the lanes of `m`: the first stage of the first step of a tableau whose last stage is the next step's first.
    template <class Y, class P, class C>
    BR_DEVICE static void begin(const frame& f, state_t& s, const mask& m, const real& t, const Y& y, const P& p, const C& c) {
        if constexpr (Tableau::fsal) {
            Buffers b(f, s);
            System::rhs(t, y, p, c, b.last_stage_rhs);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(m, b.last_stage_rhs[i], b.stage_rhs[i]);
        }
    }

    /// proposed = y advanced by h from t, and done: the next step begins there. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame& f, state_t& s, const step_scope&, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        no_error none;
        all_stages(b, t, h, y, p, c, proposed, none);
        if constexpr (Tableau::fsal) {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = b.last_stage_rhs[i];
        }
    }

    /// proposed = y advanced by h from t, and an estimate of its error; commit() says in which lanes the next step begins there.
    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void step_with_error(const frame& f, state_t& s, const step_scope&, const real& t, const H& h, const Y& y, const P& p, const C& c,
                                          Z& proposed, E& error) {
        Buffers b(f, s);
        all_stages(b, t, h, y, p, c, proposed, error);
    }

    BR_DEVICE static void commit(const frame& f, state_t& s, const mask& accepted, const real&, const step_report&) {
        if constexpr (Tableau::fsal) {
            Buffers b(f, s);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(accepted, b.last_stage_rhs[i], b.stage_rhs[i]);
        }
    }

  private:
    /// Whether sums are formed in units of the step size: a multiplication per sum and state, where scaling the coefficients takes one for each of them. It also rounds less.
    /// Not for steps without an error estimate: all lanes usually share their size, and coefficients are scaled outside the loop. (The type of h would tell, but on one
    /// machine only, and both have the same bits.)
    template <class E> static constexpr bool in_units_of_step = wants_error<E> && Tableau::nonzeros > n * stages;

    /// The derivatives of stage j as an array.
    template <int j> struct derivatives {
        Buffers& b;
        BR_DEVICE real& operator[](int i) const {
            if constexpr (j == 0) {
                return b.stage_rhs[i];
            } else if constexpr (Tableau::fsal && j == stages - 1) {
                return b.last_stage_rhs[i];
            } else {
                return b.stage_derivatives[(j - 1) * n + i];
            }
        }
    };

    /// Rows of coefficients: those of a stage, of the step, of the error.
    template <int row> struct stage_row {
        static constexpr int length = row;
        BR_DEVICE static constexpr double at(int j) { return Tableau::a(row, j); }
    };
    struct step_row {
        static constexpr int length = stages;
        BR_DEVICE static constexpr double at(int j) { return Tableau::b(j); }
    };
    struct error_row {
        static constexpr int length = stages;
        BR_DEVICE static constexpr double at(int j) { return Tableau::e(j); }
    };

    /// The first nonzero coefficient of a row, its length if there is none.
    template <class Row> BR_DEVICE static constexpr int first_of() {
        int j = 0;
        while (j < Row::length && Row::at(j) == 0.0) ++j;
        return j;
    }

    /// Adds row(j) k_j to the sum, in units of the row's first coefficient if `relative`; the first term begins it.
    template <class Row, int j, bool relative, class S> BR_DEVICE static void add_term(Buffers& b, S& sum) {
        if constexpr (Row::at(j) != 0.0) {
            const derivatives<j> k{b};
            constexpr scalar weight = scalar(relative ? Row::at(j) / Row::at(first_of<Row>()) : Row::at(j));
            UNROLL_STATES
            for (int i = 0; i < n; ++i) {
                if constexpr (weight == scalar(1)) {
                    sum[i] = j == first_of<Row>() ? k[i] : sum[i] + k[i];
                }
            }
            if constexpr (weight != scalar(1)) {
                const auto held = hold(weight);
                UNROLL_STATES
                for (int i = 0; i < n; ++i) {
                    if constexpr (j == first_of<Row>()) {
                        sum[i] = held * k[i];
                    } else {
                        sum[i] = fma(held, k[i], sum[i]);
                    }
                }
            }
        }
    }

    /// sum = Σ row(j) k_j, from term j on.
    template <class Row, int j, bool relative, class S> BR_DEVICE static void sum_terms(Buffers& b, S& sum) {
        if constexpr (j < Row::length) {
            add_term<Row, j, relative>(b, sum);
            sum_terms<Row, j + 1, relative>(b, sum);
        }
    }

    /// sum = y + Σ h row(j) k_j, coefficients scaled by the step; without y, Σ h row(j) k_j.
    template <class Row, int j, bool with_y, class H, class Y, class S> BR_DEVICE static void add_scaled(Buffers& b, const H& h, const Y& y, S& sum) {
        if constexpr (j < Row::length) {
            if constexpr (Row::at(j) != 0.0) {
                const derivatives<j> k{b};
                const H weight = h * scalar(Row::at(j));
                UNROLL_STATES
                for (int i = 0; i < n; ++i) {
                    if constexpr (j > first_of<Row>()) {
                        sum[i] = fma(weight, k[i], sum[i]);
                    } else if constexpr (with_y) {
                        sum[i] = fma(weight, k[i], y[i]);
                    } else {
                        sum[i] = weight * k[i];
                    }
                }
            }
            add_scaled<Row, j + 1, with_y>(b, h, y, sum);
        }
    }

    /// z = y + h Σ a_jk k_k: the input of stage j.
    template <int j, bool in_units, class H, class Y, class Z> BR_DEVICE static void stage_input(Buffers& b, const H& h, const Y& y, Z& z) {
        using row = stage_row<j>;
        if constexpr (first_of<row>() == row::length) {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = y[i];
        } else if constexpr (in_units) {
            sum_terms<row, 0, false>(b, z);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) z[i] = fma(h, z[i], y[i]);
        } else {
            add_scaled<row, 0, true>(b, h, y, z);
        }
    }

    /// Whether an array for the input of stages is there, because sums over all stages grow with each of them.
    static constexpr bool sums_early = Tableau::sums_early;

    /// Stages from j on; `input` holds the argument of each in turn.
    template <int j, class H, class Y, class P, class C, class I, class Z, class E>
    BR_DEVICE static void stages_from(Buffers& b, const real& t, const H& h, const Y& y, const P& p, const C& c, I& input, Z& proposed, E& error) {
        if constexpr (j < stages) {
            const real at = Tableau::c(j) == 0.0 ? t : fma(h, real(scalar(Tableau::c(j))), t);
            derivatives<j> k{b};
            if constexpr (j == 0) {
                if constexpr (!Tableau::fsal) System::rhs(at, y, p, c, k);
            } else {
                stage_input<j, in_units_of_step<E>>(b, h, y, input);
                System::rhs(at, input, p, c, k);
            }
            if constexpr (sums_early) {
                add_term<step_row, j, true>(b, proposed);
                if constexpr (wants_error<E> && Tableau::b_hat_row <= 0) add_term<error_row, j, false>(b, error);
            }
            if constexpr (Buffers::trace) {
                for (int i = 0; i < n; ++i) b.trace_derivatives[j * n + i] = k[i];
            }
            // An embedded solution that is the argument of a stage is there before the next replaces it.
            if constexpr (wants_error<E> && j > 0 && Tableau::b_hat_row == j) {
                UNROLL_STATES
                for (int i = 0; i < n; ++i) error[i] = input[i];
            }
            placement_fence<Buffers>();
            stages_from<j + 1>(b, t, h, y, p, c, input, proposed, error);
        }
    }

    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void all_stages(Buffers& b, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed, E& error) {
        if constexpr (sums_early) {
            stages_from<0>(b, t, h, y, p, c, b.stage_input, proposed, error);
        } else {
            stages_from<0>(b, t, h, y, p, c, proposed, proposed, error);
        }
        // The last stage's input is the result where the row of the last stage is that of the step. Otherwise the weighted sum is formed in units of its first weight: one
        // product fewer and a smaller rounding error than adding h b_j k_j to y one by one.
        if constexpr (Tableau::b_row != stages - 1) {
            if constexpr (!sums_early) sum_terms<step_row, 0, true>(b, proposed);
            const H scale = h * scalar(Tableau::b(first_of<step_row>()));
            UNROLL_STATES
            for (int i = 0; i < n; ++i) proposed[i] = fma(scale, proposed[i], y[i]);
        }
        if constexpr (wants_error<E>) {
            if constexpr (Tableau::b_hat_row > 0) {
                UNROLL_STATES
                for (int i = 0; i < n; ++i) error[i] = proposed[i] - error[i];
            } else if constexpr (sums_early || in_units_of_step<E>) {
                if constexpr (!sums_early) sum_terms<error_row, 0, false>(b, error);
                UNROLL_STATES
                for (int i = 0; i < n; ++i) error[i] = h * error[i];
            } else {
                add_scaled<error_row, 0, false>(b, h, y, error);
            }
        }
    }
};
