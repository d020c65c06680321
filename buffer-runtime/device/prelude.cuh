// The device vocabulary: one C++17 text for two machines.
//
// Compiled by NVRTC 12/13 as device code (one CUDA thread = one lane), and by g++ >= 11 or clang++ >= 14 as host code
// (one SIMD lane = one lane). No header is included. The text is the concatenation, in this order, of
//
//     prelude.cuh                  configuration, function qualifiers, unroll pragmas
//     prelude/scalar.cuh           functions of one value: the whole vocabulary on the GPU, uniform values on the CPU
//     prelude/vector.cuh           native SIMD vectors                                            (CPU packs only)
//     prelude/mask.cuh             mask, any, all, none
//     prelude/pack.cuh             pack<T>: operators, select                                     (CPU packs only)
//     prelude/pack_functions.cuh   fma, sqrt, rint, min, bits, convert … of packs                 (CPU packs only)
//     prelude/memory.cuh           lane<T>, load, store, gather, scatter
//     prelude/frame.cuh            where a lane works: its run, its shared memory; floating-point environment
//     prelude/arrays.cuh           local, persistent, shared, input and output arrays
//     prelude/calls.cuh            what generated structs and entries need besides
//     math.cuh and math/*.cuh      elementary functions
//
// and then generated structs and the user's code. Everything lives in namespace `lanes`, user code too, so that
// `exp(x)` finds ours and not CUDA's.
//
// Configuration, defined before this file:
//
//     BR_REAL           float or double: the precision of the kernel
//     BR_BLOCK          GPU: threads per block
//     BR_GRANULE        GPU: bytes interleaved between threads in shared memory, 4 or 8
//     BR_VECTOR_BYTES   CPU: bytes of a native vector, 16, 32 or 64; 0 = one lane (scalar build)
//     BR_PACK           CPU: native vectors per pack, 1 to 4
//     BR_POISON         optional, 1: poison() fills arrays whose contents are undefined
//     BR_MATH_NATIVE    optional, 1: the vendors' elementary functions, not math.cuh's; bits then differ between machines
//     BR_MATH_NOINLINE  optional, 1: elementary functions are called, not inlined: smaller code, the same bits
//
// Arithmetic is explicit: compile with contraction off (-ffp-contract=off; --fmad=false --ftz=false --prec-div=true
// --prec-sqrt=true) and write fma(a, b, c) where it is meant. Then every function below gives the same bits on every
// machine, vector width, pack and optimisation level (a NaN equals a NaN; its sign and payload are not specified).
//
// Types
//     scalar                       BR_REAL: one value, the same for all lanes
//     lane<T>                      a value per lane; T is float, double, int or long long
//     real f32 f64 i32 i64         lane<scalar>, lane<float>, lane<double>, lane<int>, lane<long long>
//     mask                         a truth value per lane
//     LANES                        lanes of a real (1 on the GPU)
//
// A lane<T> mixes with a T and with an int in every operator and function. A double literal in an f32 kernel is an
// error in a CPU pack build and in every function: write scalar(0.1), not 0.1. (On the GPU a bare `x * 0.1` cannot be
// refused, as x is a float there: it would be computed in double. Compile each source for a pack once and it cannot
// slip through.)
//
// Operators
//     + - * / unary-, += -= *= /=              real and integer lanes (overflow of integers is undefined)
//     & | ^ ~ << >>, &= |= ^= <<= >>=          integer lanes; >> repeats the sign; 0 <= count < bits
//     < <= > >= == !=                          give a mask
//     & | ^ !, &= |= ^=                        masks (no && and ||: they would need a bool)
//     A mask is not a bool: `if (x < y)` does not compile for packs. Use select(m, a, b), or any(m) to branch.
//
// Functions (x, y, z: real; f32 or f64 alike)
//     select(m, a, b)              a where m, else b; any lane type
//     any(m) all(m) none(m)        bool, over the lanes
//     count(m)                     how many lanes are set
//     for_each_lane(m, f)          f(l) for each lane l that is set
//     fma(x, y, z)                 x*y + z, rounded once
//     sqrt(x)                      correctly rounded
//     rint floor ceil trunc        to an integral value; rint to nearest, ties to even
//     abs copysign(x, y)           by sign bit; abs of integer lanes too
//     min(a, b) max(a, b)          a < b ? a : b and a > b ? a : b: so b if either is NaN, b of two zeros; integer
//                                  lanes too
//     at_least(x, b) at_most(x, b) max and min for a bound b that is neither NaN nor -0: so b if x is NaN; one
//                                  instruction on the GPU too
//     isnan isfinite               mask
//     bits(x), from_bits(i)        the representation: f32 <-> i32, f64 <-> i64
//     convert<T>(a)                lane by lane, rounding to nearest; not from real to integer, see to_int
//     to_int(x, lo, hi)            i32: x truncated and clamped to [lo, hi], NaN gives lo; lo and hi are int, exact in
//                                  the precision of x, or the limits of int
//     round_to_int(x)              i32: rint(x), clamped to the range of int, NaN gives its least value
//     shift_left(i, n) shift_right_logical(i, n)   of the representation: zeros shifted in, bits dropped
//     get_lane(a, l) set_lane(a, l, v)     one lane; for entry code and tests
//
// Memory (p: T* or const T*, of elements of one lane)
//     load(p) store(p, a)                        LANES consecutive elements, no alignment needed
//     gather(p, i) scatter(p, i, a)              p[i] per lane, i: i32 or i64; of equal i the highest lane is stored
//     load(p, m, other) store(p, a, m)           only lanes that are set touch memory; the others give `other`
//     gather(p, i, m, other) scatter(p, i, a, m)
//
// Arrays: operator[](int) gives a lane<T>&, `length` the number of elements
//     local_array<T, N>                owns lane<T> v[N]
//     persistent_array<T, N>           refers to a persistent_storage<T, N> that lives in a state struct
//     shared_array<T, N, OFFSET>       in the lane's shared memory from byte OFFSET, built from a frame
//     input_array<T> output_array<T>   data[row * runs + run] of a batch, T in memory
//     broadcast_array<T>               data[row], the same for all runs
//     fill(array, value), poison(array), placement_fence()
//
// Qualifiers: BR_DEVICE (inlined always), BR_NOINLINE, BR_CONSTANT (a table at namespace scope that is indexed at run
// time), and before a loop BR_UNROLL(n) (n a literal), BR_UNROLL_FULL (constant trip count, at most 256), BR_NO_UNROLL.
// Take lanes by const&: by value, a pack costs three times the time, compile time too.

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define BR_GPU 1
#else
#define BR_GPU 0
#endif

#if !defined(BR_REAL)
#error "define BR_REAL as float or double before prelude.cuh"
#endif
#if BR_GPU
#if !defined(BR_BLOCK) || !defined(BR_GRANULE)
#error "define BR_BLOCK (threads per block) and BR_GRANULE (4 or 8) before prelude.cuh"
#endif
#if BR_GRANULE != 4 && BR_GRANULE != 8
#error "BR_GRANULE must be 4 or 8 bytes"
#endif
#define BR_ONE_LANE 1
#else
#if !defined(BR_VECTOR_BYTES)
#error "define BR_VECTOR_BYTES as 0, 16, 32 or 64 before prelude.cuh"
#endif
#if BR_VECTOR_BYTES != 0 && BR_VECTOR_BYTES != 16 && BR_VECTOR_BYTES != 32 && BR_VECTOR_BYTES != 64
#error "BR_VECTOR_BYTES must be 0, 16, 32 or 64"
#endif
#if BR_VECTOR_BYTES == 0
#define BR_ONE_LANE 1
#else
#define BR_ONE_LANE 0
#if !defined(BR_PACK) || BR_PACK < 1 || BR_PACK > 4
#error "define BR_PACK as 1 to 4 native vectors before prelude.cuh"
#endif
#endif
#endif

#if !defined(BR_POISON)
#define BR_POISON 0
#endif
#if !defined(BR_MATH_NATIVE)
#define BR_MATH_NATIVE 0
#endif
#if !defined(BR_MATH_NOINLINE)
#define BR_MATH_NOINLINE 0
#endif

#define BR_PRAGMA(text) _Pragma(#text)

#if defined(__clang__) && !BR_GPU
// Masks combine with & and |; of uniform values they are bool, and no operand has effects that a shortcut could spare.
#pragma clang diagnostic ignored "-Wbitwise-instead-of-logical"
#endif

#if BR_GPU
#define BR_DEVICE __device__ __forceinline__
#define BR_NOINLINE __device__ __noinline__
#define BR_CONSTANT static __constant__ const
#define BR_UNROLL(n) BR_PRAGMA(unroll n)
#define BR_UNROLL_FULL BR_PRAGMA(unroll)
#define BR_NO_UNROLL BR_PRAGMA(unroll 1)
#elif defined(__clang__)
#define BR_DEVICE inline __attribute__((always_inline))
#define BR_NOINLINE inline __attribute__((noinline))
#define BR_UNROLL(n) BR_PRAGMA(clang loop unroll_count(n))
#define BR_UNROLL_FULL BR_PRAGMA(clang loop unroll(full))
#define BR_NO_UNROLL BR_PRAGMA(clang loop unroll(disable))
#else
#define BR_DEVICE inline __attribute__((always_inline))
#define BR_NOINLINE inline __attribute__((noinline))
#define BR_UNROLL(n) BR_PRAGMA(GCC unroll n)
// GCC unrolls loops of a constant trip count up to this one whole.
#define BR_UNROLL_FULL BR_PRAGMA(GCC unroll 256)
#define BR_NO_UNROLL BR_PRAGMA(GCC unroll 1)
#endif

#if !BR_GPU
#define BR_CONSTANT [[maybe_unused]] static const
#endif

#if defined(__has_builtin)
#define BR_HAS_BUILTIN(name) __has_builtin(name)
#else
#define BR_HAS_BUILTIN(name) 0
#endif
