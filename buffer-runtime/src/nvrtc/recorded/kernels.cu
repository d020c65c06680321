__device__ __noinline__ double helper(double* a, int n) { double s = 0; for (int i = 0; i < n; ++i) s += a[i]; return s; }
namespace solver { template <class T> struct step { static __device__ __noinline__ T go(T x, int n) { T a[40]; for (int i=0;i<40;++i) a[i]=x*i; return a[n]; } }; }
__constant__ double table[16];
__device__ double cell[4];
extern "C" __global__ void __launch_bounds__(64, 1) plain(double* x) { x[threadIdx.x] += table[threadIdx.x & 15]; }
extern "C" __global__ void __launch_bounds__(1024, 2) spilling(float const* a, float* out, int n) {
  float s[72];
  #pragma unroll
  for (int i = 0; i < 72; ++i) s[i] = a[i * n + threadIdx.x];
  for (int k = 0; k < n; ++k) {
  #pragma unroll
    for (int i = 0; i < 72; ++i) s[i] = s[i] * s[(i * 7 + 3) % 72] + a[k]; }
  float t = 0;
  #pragma unroll
  for (int i = 0; i < 72; ++i) t += s[i];
  out[threadIdx.x] = t;
}
extern "C" __global__ void with_calls(double* x, int n) {
  __shared__ double tile[128];
  extern __shared__ unsigned char dynamic_[];
  double a[64];
  for (int i = 0; i < 64; ++i) a[i] = x[i];
  tile[threadIdx.x] = helper(a, n); __syncthreads();
  x[threadIdx.x] = tile[127 - threadIdx.x] + solver::step<float>::go(float(n), n) + dynamic_[n] + cell[n&3];
}
