// The size of the first step from the size of the solution and its derivatives: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I (2nd ed.), p. 169.

/// Root of the mean over the states of (value / (atol + rtol |y|))².
template <int n, class V, class Y> BR_DEVICE real scaled_norm(const V& value, const Y& y, const broadcast_array<scalar>& tolerances) {
    real sum(0);
    UNROLL_STATES
    for (int i = 0; i < n; ++i) {
        const real ratio = value[i] / fma(tolerances[n + i], abs(y[i]), real(tolerances[i]));
        sum = fma(ratio, ratio, sum);
    }
    return sqrt(sum * scalar(1.0 / n));
}

/// In place of an array of derivatives: turns the values in it into their differences to those assigned.
template <class V> struct differences {
    V& values;
    struct element {
        V& values;
        int i;
        BR_DEVICE void operator=(const real& value) const { values[i] = value - values[i]; }
    };
    BR_DEVICE element operator[](int i) const { return {values, i}; }
};

/// The step, at most `most`. `slope` and `euler` are scratch for the derivative at the start and the state after an Euler step.
template <class System, int n, class Y, class P, class C, class Slope, class Euler>
BR_DEVICE real initial_step(int order, const real& start, const real& most, const Y& y, const P& parameters, const C& c,
                            const broadcast_array<scalar>& tolerances, Slope& slope, Euler& euler) {
    System::rhs(start, y, parameters, c, slope);
    const real size = scaled_norm<n>(y, y, tolerances);
    const real rate = scaled_norm<n>(slope, y, tolerances);
    const mask tiny = (size < scalar(1e-5)) | (rate < scalar(1e-5));
    const real h0 = min(select(tiny, real(scalar(1e-6)), scalar(0.01) * (size / rate)), most);
    UNROLL_STATES
    for (int i = 0; i < n; ++i) euler[i] = fma(h0, slope[i], y[i]);
    differences<Slope> change{slope};
    System::rhs(start + h0, euler, parameters, c, change);
    const real largest = max(rate, scaled_norm<n>(slope, y, tolerances) / h0);
    const real by_order = approx_pow(scalar(0.01) / max(largest, real(scalar(1e-15))), real(scalar(1) / scalar(order + 1)));
    const real h1 = select(largest <= scalar(1e-15), max(real(scalar(1e-6)), h0 * scalar(1e-3)), by_order);
    return min(min(scalar(100) * h0, h1), most);
}
