// One function per operation that must be a few vector instructions: a test reads the assembly.

#include "device.hpp"

#define OPERATION extern "C" void

namespace lanes {

OPERATION op_add(real& r, const real& a, const real& b) { r = a + b; }
OPERATION op_fma(real& r, const real& a, const real& b) { r = fma(a, b, r); }
OPERATION op_sqrt(real& r, const real& a) { r = sqrt(a); }
OPERATION op_rint(real& r, const real& a) { r = rint(a); }
OPERATION op_floor(real& r, const real& a) { r = floor(a); }
OPERATION op_abs(real& r, const real& a) { r = abs(a); }
OPERATION op_min(real& r, const real& a, const real& b) { r = min(a, b); }
OPERATION op_copysign(real& r, const real& a, const real& b) { r = copysign(a, b); }
OPERATION op_select(real& r, const real& a, const real& b) { r = select(a < b, a, r); }
OPERATION op_select_mask(real& r, const mask& m, const real& b) { r = select(m, b, r); }
OPERATION op_combine(mask& r, const mask& a, const real& b) { r = a & (b < 2); }
OPERATION op_count(i32& r, const mask& m) { r = select(m, r + 1, r); }
extern "C" bool op_any(const mask& m) { return any(m); }
extern "C" bool op_any_less(const real& a, const real& b) { return any(a < b); }
extern "C" bool op_all(const mask& m) { return all(m); }

}  // namespace lanes
