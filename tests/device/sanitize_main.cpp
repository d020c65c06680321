// Appended to a kernel's text: runs its entry on arrays of exactly the size it may touch, so that a sanitizer sees every access beyond
// them, and compares the results with those of the ordinary build. Before it are defined
//
//     HARNESS_ENTRY          the entry
//     HARNESS_SHARED_BYTES   bytes of shared memory of one lane
//     HARNESS_ARRAYS         ARRAY(element type, rows, same for all runs) …, in the order of the entry's parameters
//     HARNESS_ARGUMENTS      statements that fill `arguments`
//
// argv[1] holds the launches: runs (8 bytes), the arrays before it, the arrays after it, and so on to the end of the file.

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace harness {

struct array {
    const char* element;
    long long rows;
    bool broadcast;

    bool is(const char* name) const { return std::strcmp(element, name) == 0; }
    std::size_t size() const { return is("float") || is("int") ? 4 : 8; }
    std::size_t elements(long long runs) const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(broadcast ? 1 : runs); }
};

#define ARRAY(element, rows, broadcast) {#element, rows, broadcast},
const array arrays[] = {HARNESS_ARRAYS};
constexpr std::size_t count = sizeof arrays / sizeof arrays[0];

void read(void* to, std::size_t bytes, std::FILE* from) {
    if (bytes != 0 && std::fread(to, 1, bytes, from) != bytes) {
        std::fputs("the file of launches is cut off\n", stderr);
        std::exit(2);
    }
}

/// Whether two elements have the same bits; NaN equals NaN.
bool same(const array& a, const char* x, const char* y) {
    if (std::memcmp(x, y, a.size()) == 0) return true;
    if (a.is("float")) {
        float u, v;
        std::memcpy(&u, x, sizeof u);
        std::memcpy(&v, y, sizeof v);
        return u != u && v != v;
    }
    if (a.is("double")) {
        double u, v;
        std::memcpy(&u, x, sizeof u);
        std::memcpy(&v, y, sizeof v);
        return u != u && v != v;
    }
    return false;
}

void launch(long long runs, std::FILE* in) {
    void* data[count];
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t bytes = arrays[i].elements(runs) * arrays[i].size();
        data[i] = std::malloc(bytes);
        read(data[i], bytes, in);
    }
    // Only the scratch has an alignment beyond its elements'.
    void* shared = nullptr;
    if (posix_memalign(&shared, 64, static_cast<std::size_t>(HARNESS_SHARED_BYTES) * lanes::LANES) != 0) std::exit(2);
    lanes::kernel_arguments arguments{};
    HARNESS_ARGUMENTS
    HARNESS_ENTRY(data, arguments, static_cast<unsigned char*>(shared), nullptr, 0, runs, runs);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t elements = arrays[i].elements(runs), size = arrays[i].size();
        char* expected = static_cast<char*>(std::malloc(elements * size));
        read(expected, elements * size, in);
        for (std::size_t e = 0; e < elements; ++e) {
            if (!same(arrays[i], expected + e * size, static_cast<const char*>(data[i]) + e * size)) {
                std::fprintf(stderr, "array %zu, element %zu of a launch of %lld runs differs from the ordinary build\n", i, e, runs);
                std::exit(3);
            }
        }
        std::free(expected);
        std::free(data[i]);
    }
    std::free(shared);
}

}  // namespace harness

int main(int argc, char** argv) {
    std::FILE* in = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
    if (in == nullptr) {
        std::fputs("usage: one file of launches\n", stderr);
        return 2;
    }
    long long runs = 0, launches = 0;
    for (; std::fread(&runs, sizeof runs, 1, in) == 1; ++launches) harness::launch(runs, in);
    std::fclose(in);
    std::printf("%lld launches\n", launches);
    return launches == 0;
}
