// A driver without a card, for tests of the host side: one card of sm_90 whose memory is the host's, and whose only kernel is
// `scaled(x, y, factor, n)`, y = factor x. FAKE_DRIVER chooses how it starts: "no card", "old", or as it should.

#include <cstdlib>
#include <cstring>

typedef int result;
typedef unsigned long long address;
enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_IMAGE = 200, NOT_FOUND = 500 };

#define ENTRY extern "C" __attribute__((visibility("default"))) result

namespace {
bool starts_as(char const* how) {
  char const* chosen = std::getenv("FAKE_DRIVER");
  return chosen && !std::strcmp(chosen, how);
}

constexpr address TOTAL = 80ull << 30;
int allowed_shared = 48 * 1024;
int handle;
thread_local void* current;

// Every call past the start needs a current context, as the real driver does.
#define NEEDS_CONTEXT \
  if (!current) return 201

result device_attribute(int attribute) {
  switch (attribute) {
    case 75: return 9;             // compute capability
    case 76: return 0;
    case 16: return 132;           // multiprocessors
    case 10: return 32;            // warp size
    case 1: return 1024;           // threads per block
    case 39: return 2048;          // threads per multiprocessor
    case 106: return 32;           // blocks per multiprocessor
    case 12: case 82: return 65536;
    case 8: return 48 * 1024;      // shared memory per block
    case 97: return 227 * 1024;    // with opt-in
    case 81: return 228 * 1024;    // per multiprocessor
    case 111: return 1024;         // reserved
    case 38: return 50 << 20;      // L2 cache
    case 115: return 1;            // memory pools
    default: return -1;
  }
}
}  // namespace

ENTRY cuDriverGetVersion(int* version) { return *version = starts_as("old") ? 11020 : 13000, SUCCESS; }
ENTRY cuInit(unsigned) { return starts_as("no card") ? NO_DEVICE : SUCCESS; }
ENTRY cuGetErrorString(result code, char const** text) { return *text = code == NO_DEVICE ? "no card" : "an error", SUCCESS; }
ENTRY cuDeviceGetCount(int* count) { return *count = 1, SUCCESS; }
ENTRY cuDeviceGet(int* device, int ordinal) { return *device = ordinal, ordinal == 0 ? SUCCESS : INVALID_VALUE; }
ENTRY cuDeviceGetName(char* name, int length, int) { return std::strncpy(name, "Fake", length), SUCCESS; }
ENTRY cuDeviceTotalMem_v2(std::size_t* bytes, int) { return *bytes = TOTAL, SUCCESS; }
ENTRY cuDeviceGetAttribute(int* value, int attribute, int) {
  *value = device_attribute(attribute);
  return *value < 0 ? INVALID_VALUE : SUCCESS;
}
ENTRY cuDevicePrimaryCtxRetain(void** context, int) { return *context = &handle, SUCCESS; }
ENTRY cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }
ENTRY cuCtxSetCurrent(void* context) { return current = context, SUCCESS; }
ENTRY cuCtxGetCurrent(void** context) { return *context = current, SUCCESS; }
ENTRY cuMemGetInfo_v2(std::size_t* free, std::size_t* total) { NEEDS_CONTEXT; return *free = *total = TOTAL, SUCCESS; }

ENTRY cuMemAllocAsync(address* memory, std::size_t bytes, void*) {
  NEEDS_CONTEXT;
  if (bytes == 0) return INVALID_VALUE;
  if (bytes > TOTAL) return OUT_OF_MEMORY;
  return *memory = address(std::malloc(bytes)), SUCCESS;
}
ENTRY cuMemFreeAsync(address memory, void*) { NEEDS_CONTEXT; return std::free((void*)memory), SUCCESS; }
ENTRY cuMemsetD8Async(address memory, unsigned char value, std::size_t bytes, void*) {
  NEEDS_CONTEXT;
  return std::memset((void*)memory, value, bytes), SUCCESS;
}
ENTRY cuMemcpyHtoDAsync_v2(address to, void const* from, std::size_t bytes, void*) {
  NEEDS_CONTEXT;
  return std::memcpy((void*)to, from, bytes), SUCCESS;
}
ENTRY cuMemcpyDtoHAsync_v2(void* to, address from, std::size_t bytes, void*) {
  NEEDS_CONTEXT;
  return std::memcpy(to, (void*)from, bytes), SUCCESS;
}
ENTRY cuStreamSynchronize(void*) { NEEDS_CONTEXT; return SUCCESS; }

ENTRY cuModuleLoadDataEx(void** module, void const* image, unsigned count, int* options, void** values) {
  NEEDS_CONTEXT;
  // Machine code is loaded for its magic number, PTX for its kernel; the log is option 5, its size option 6.
  if (!std::memcmp(image, "\x7f" "ELF", 4) || std::strstr((char const*)image, ".entry scaled")) return *module = &handle, SUCCESS;
  if (count != 2 || options[0] != 5 || options[1] != 6) return INVALID_VALUE;
  std::strncpy((char*)values[0], "ptxas fatal: not PTX", std::size_t(values[1]));
  return INVALID_IMAGE;
}
ENTRY cuModuleUnload(void*) { NEEDS_CONTEXT; return SUCCESS; }
ENTRY cuModuleGetFunction(void** function, void*, char const* name) {
  NEEDS_CONTEXT;
  return *function = &handle, std::strcmp(name, "scaled") ? NOT_FOUND : SUCCESS;
}
ENTRY cuFuncGetAttribute(int* value, int attribute, void*) {
  NEEDS_CONTEXT;
  int const known[] = {1024, 0, 0, 0, 16, 0, 0, 0, allowed_shared};  // threads, shared, constant, local, registers, …
  return *value = known[attribute], SUCCESS;
}
ENTRY cuFuncSetAttribute(void*, int attribute, int value) {
  NEEDS_CONTEXT;
  if (attribute != 8 || value < allowed_shared) return INVALID_VALUE;
  return allowed_shared = value, SUCCESS;
}

ENTRY cuLaunchKernel(void*, unsigned grid, unsigned, unsigned, unsigned block, unsigned, unsigned, unsigned shared, void*, void** arguments,
                     void**) {
  NEEDS_CONTEXT;
  if (int(shared) > allowed_shared) return INVALID_VALUE;
  double const* x = *(double const**)arguments[0];
  double* y = *(double**)arguments[1];
  double factor = *(double*)arguments[2];
  unsigned n = *(unsigned*)arguments[3];
  for (unsigned i = 0; i < n && i < grid * block; ++i) y[i] = factor * x[i];
  return SUCCESS;
}

ENTRY cuEventCreate(void** event, unsigned) { NEEDS_CONTEXT; return *event = &handle, SUCCESS; }
ENTRY cuEventRecord(void*, void*) { NEEDS_CONTEXT; return SUCCESS; }
ENTRY cuEventSynchronize(void*) { NEEDS_CONTEXT; return SUCCESS; }
ENTRY cuEventElapsedTime(float* milliseconds, void*, void*) { NEEDS_CONTEXT; return *milliseconds = 1.5f, SUCCESS; }
ENTRY cuEventDestroy_v2(void*) { NEEDS_CONTEXT; return SUCCESS; }
