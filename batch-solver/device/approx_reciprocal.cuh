// A reciprocal for step size control, which needs few digits and no calls: an estimate from the representation, refined by Newton's iteration.
//
// Subtracting the bits of x from a constant negates the exponent and, nearly, the logarithm of the significand: the estimate is within 12.2 %. Each iteration squares the error:
// 1.5e-2, 2.2e-4, as exact as a step size is used. For positive normal x; other x give a number of no meaning, or none.
BR_DEVICE f32 approx_reciprocal(const f32& x) {
    f32 y = from_bits(i32(0x7ef311c7) - bits(x));
    BR_UNROLL_FULL
    for (int i = 0; i < 2; ++i) y = fma(y, fma(-x, y, f32(1)), y);
    return y;
}

BR_DEVICE f64 approx_reciprocal(const f64& x) {
    f64 y = from_bits(i64(0x7fde623822fc16e6LL) - bits(x));
    BR_UNROLL_FULL
    for (int i = 0; i < 2; ++i) y = fma(y, fma(-x, y, f64(1)), y);
    return y;
}

// A square root for decisions that need few digits: the reciprocal root by an estimate from the representation, within 3.5 %, and two iterations of Newton, within 5e-6; 0 for 0.
BR_DEVICE f32 approx_sqrt(const f32& x) {
    f32 y = from_bits(i32(0x5f375a86) - (bits(x) >> 1));
    BR_UNROLL_FULL
    for (int i = 0; i < 2; ++i) y = y * fma(-0.5f * x * y, y, f32(1.5f));
    return x * y;
}

BR_DEVICE f64 approx_sqrt(const f64& x) {
    f64 y = from_bits(i64(0x5fe6eb50c7b537a9LL) - (bits(x) >> 1));
    BR_UNROLL_FULL
    for (int i = 0; i < 2; ++i) y = y * fma(-0.5 * x * y, y, f64(1.5));
    return x * y;
}
