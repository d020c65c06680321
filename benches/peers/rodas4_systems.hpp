// The systems of the loop rodas4.cpp, for numbers and for vectors of runs: derivatives, and the factors of 4 - h J, both in units of the step.
#pragma once

#include "stiff.hpp"
#include "vectors.hpp"

namespace {

/// 1 / gamma, the multiple of the identity in the matrix of the stages.
constexpr double inverse_gamma = 4.0;

/// `begin` takes the step and the parameter, `factor` the state at the start of the step, after which `solve` finds x of (4 - h J) x = b. `add_derivative` adds h f(z) to b.
template <class Problem, class V> struct system_of;

template <class V> struct system_of<robertson, V> {
    /// The step times the rates.
    V hk1, h4, h7;
    /// Of the factors: the upper one with the reciprocals of its diagonal, and the lower one, whose last entry takes that reciprocal with it.
    V upper01, upper02, upper12, inverse0, inverse1, inverse2, lower10, scaled21;

    INLINE void begin(V step, V k1) { hk1 = step * k1, h4 = step * all<V>(1e4), h7 = step * all<V>(3e7); }
    INLINE void factor(const V* y) {
        const V by2 = h4 * y[2], by1 = h4 * y[1], square = (h7 + h7) * y[1];
        upper01 = -by2, upper02 = -by1;
        inverse0 = inverse(hk1 + all<V>(inverse_gamma));
        lower10 = -hk1 * inverse0;
        inverse1 = inverse(fma_of(lower10, by2, by2 + square) + all<V>(inverse_gamma));
        upper12 = fma_of(lower10, by1, by1);
        const V below = square * inverse1;
        inverse2 = inverse(fma_of(below, upper12, all<V>(inverse_gamma)));
        scaled21 = below * inverse2;
    }
    INLINE void add_derivative(const V* z, V* b) const {
        const V back = fma_of(h4 * z[1], z[2], -(hk1 * z[0])), on = (h7 * z[1]) * z[1];
        b[0] = b[0] + back, b[1] = b[1] - (back + on), b[2] = b[2] + on;
    }
    INLINE void solve(const V* b, V* x) const {
        const V b1 = fma_of(-lower10, b[0], b[1]);
        x[2] = fma_of(scaled21, b1, b[2] * inverse2);
        x[1] = fma_of(-upper12, x[2], b1) * inverse1;
        x[0] = fma_of(-upper02, x[2], fma_of(-upper01, x[1], b[0])) * inverse0;
    }
};

/// Factored in blocks, from both ends of the chain of reactions to its middle: {0, 1} and {5, 6, 7}, then 4, then {2, 3}. A block of two is solved by its inverse. That takes four divisions,
/// of which three wait for one another, where elimination by rows has seven or eight in a row; a block's determinant is that of sums of positive numbers wherever these cancel.
template <class V> struct system_of<hires, V> {
    /// The step times the rates, named after the rates.
    V decay, supply, h0_035, h0_43, h0_69, h1_12, h1_71, h1_745, h1_81, h8_32, h8_75, h10_03, binding;
    /// Inverses of the blocks, and what x0, x1 and x4 take from the middle.
    V inverse00, inverse01, inverse10, inverse11, inverse55, inverse56, inverse65, inverse66, inverse4, inverse22, inverse23, inverse32, inverse33;
    V x0_by2, x1_by2, x4_by3, x4_by56;
    /// What binding changes with the seventh reactant, the rows' only entry of x7.
    V of7;

    INLINE void begin(V step, V k1) {
        const auto times = [step](double rate) { return step * all<V>(rate); };
        decay = step * k1, supply = times(0.0007), binding = times(280.0);
        h0_035 = times(0.035), h0_43 = times(0.43), h0_69 = times(0.69), h1_12 = times(1.12), h1_71 = times(1.71), h1_745 = times(1.745);
        h1_81 = times(1.81), h8_32 = times(8.32), h8_75 = times(8.75), h10_03 = times(10.03);
    }
    INLINE void factor(const V* y) {
        const V identity = all<V>(inverse_gamma), diagonal3 = identity + h1_12;
        // Rows 6 and 7 sum to 4 (x6 + x7): that leaves two columns of this block.
        of7 = binding * y[5];
        const V of5 = binding * y[7], diagonal6 = identity + h1_81 + of7, reverse = identity + h0_43;
        const V by56 = inverse(fma_of(reverse, diagonal6, of5 * diagonal3));
        inverse55 = diagonal6 * by56, inverse56 = (h0_69 + of7) * by56, inverse65 = of5 * by56, inverse66 = (reverse + of5) * by56;
        const V diagonal0 = identity + decay, diagonal1 = identity + h8_75;
        const V by01 = inverse(fma_of(diagonal0, diagonal1, -(h0_43 * h1_71)));
        inverse00 = diagonal1 * by01, inverse01 = h0_43 * by01, inverse10 = h1_71 * by01, inverse11 = diagonal0 * by01;
        x0_by2 = inverse00 * h8_32, x1_by2 = inverse10 * h8_32;
        const V back4 = h0_43 * (inverse55 + inverse65);
        inverse4 = inverse(fma_of(-back4, h1_71, identity + h1_745));
        x4_by3 = inverse4 * (back4 * h0_69), x4_by56 = inverse4 * h0_43;
        const V diagonal2 = identity + h10_03, by3 = fma_of(h0_035, x4_by3, h0_43), by2 = fma_of(h8_32, x1_by2, h1_71);
        const V by23 = inverse(fma_of(diagonal2, diagonal3, -(by2 * by3)));
        inverse22 = diagonal3 * by23, inverse23 = by3 * by23, inverse32 = by2 * by23, inverse33 = diagonal2 * by23;
    }
    INLINE void add_derivative(const V* z, V* b) const {
        const V bound = (binding * z[5]) * z[7], released = fma_of(-h1_81, z[6], bound);
        b[0] = fma_of(h8_32, z[2], fma_of(h0_43, z[1], fma_of(-decay, z[0], b[0] + supply)));
        b[1] = fma_of(-h8_75, z[1], fma_of(h1_71, z[0], b[1]));
        b[2] = fma_of(h0_035, z[4], fma_of(h0_43, z[3], fma_of(-h10_03, z[2], b[2])));
        b[3] = fma_of(-h1_12, z[3], fma_of(h1_71, z[2], fma_of(h8_32, z[1], b[3])));
        b[4] = fma_of(h0_43, z[5] + z[6], fma_of(-h1_745, z[4], b[4]));
        b[5] = fma_of(h0_69, z[3] + z[6], fma_of(h1_71, z[4], fma_of(-h0_43, z[5], b[5] - bound)));
        b[6] = b[6] + released, b[7] = b[7] - released;
    }
    INLINE void solve(const V* b, V* x) const {
        const V sum67 = all<V>(1 / inverse_gamma) * (b[6] + b[7]);
        const V b5 = fma_of(-of7, sum67, b[5]), b6 = fma_of(of7, sum67, b[6]);
        const V alone5 = fma_of(inverse55, b5, inverse56 * b6), alone6 = fma_of(inverse65, b5, inverse66 * b6);
        const V alone0 = fma_of(inverse00, b[0], inverse01 * b[1]), alone1 = fma_of(inverse10, b[0], inverse11 * b[1]);
        const V alone4 = fma_of(x4_by56, alone5 + alone6, inverse4 * b[4]);
        const V b2 = fma_of(h0_035, alone4, b[2]), b3 = fma_of(h8_32, alone1, b[3]);
        x[2] = fma_of(inverse22, b2, inverse23 * b3), x[3] = fma_of(inverse32, b2, inverse33 * b3);
        x[0] = fma_of(x0_by2, x[2], alone0), x[1] = fma_of(x1_by2, x[2], alone1);
        x[4] = fma_of(x4_by3, x[3], alone4);
        const V into5 = fma_of(h0_69, x[3], h1_71 * x[4]);
        x[5] = fma_of(inverse55, into5, alone5), x[6] = fma_of(inverse65, into5, alone6);
        x[7] = sum67 - x[6];
    }
};

}  // namespace
