// Where a lane works: its run of the batch and its piece of shared memory; and the floating-point environment of a
// kernel.

namespace lanes {

#if BR_GPU
/// Byte 0 of the block's dynamic shared memory.
extern __shared__ __align__(16) unsigned char block_shared[];
#else
/// Shared memory of one pack on the CPU: BYTES per lane, aligned for the widest vector.
template <long long BYTES> struct shared_storage {
    alignas(64) unsigned char bytes[BYTES > 0 ? BYTES * LANES : 1];
};
#endif

/// What a kernel knows of its place in a batch of `runs` runs (at least one).
///
/// Lanes beyond the last run compute that run once more, and never store: the arithmetic of a tail is that of a full
/// pack.
///
/// Run numbers are for addresses of batch arrays, never values to compute with: on the CPU the runs that do not fill a
/// pack are copied to arrays of their own, where they count from 0 and `runs` is a pack. A kernel that needs the number
/// of its run takes it as an input. (Where lanes refill nothing is copied, and numbers are those of the batch.)
struct frame {
    /// GPU: the thread's first granule of shared memory. CPU: the pack's shared storage, 64-byte aligned.
    unsigned char* shared;
    /// The run of the first lane, as batch arrays are addressed.
    long long run;
    /// Runs in the batch arrays: from a row of one to the next.
    long long runs;
    /// The end of the runs this frame is for: those of the batch, or of the range that its lanes take runs from.
    long long end;
    /// Lanes with a run of their own.
    mask active;
#if BR_POISON
    /// Debug builds on the CPU: where each recorded buffer is copied to.
    void* const* traces = nullptr;
#endif

#if BR_GPU
    /// The frame of this thread. A grid smaller than the batch calls with pass = 0, 1, … until first_run(pass) reaches
    /// `runs`.
    static BR_DEVICE frame here(long long runs, long long pass = 0) {
        const long long mine = first_run(pass) + threadIdx.x;
        return {block_shared + threadIdx.x * BR_GRANULE, mine < runs ? mine : runs - 1, runs, runs, mine < runs};
    }
    /// The run of the block's first thread in a pass.
    static BR_DEVICE long long first_run(long long pass) { return (pass * gridDim.x + blockIdx.x) * BR_BLOCK; }
#else
    /// The frame of the pack whose first lane has run `run` < runs.
    static BR_DEVICE frame at(long long run, long long runs, unsigned char* shared) {
        return over(run, runs, runs, shared);
    }
    /// The frame of a pack that begins with the runs from `first` and may take others up to `end`; first < end <= runs.
    static BR_DEVICE frame over(long long first, long long end, long long runs, unsigned char* shared) {
        frame f{shared, first, runs, end, mask(true)};
#if !BR_ONE_LANE
        if (!f.full()) f.active = f.run_number_unclamped() < end;
#endif
        return f;
    }
#endif

    /// Whether every lane has a run of its own.
    BR_DEVICE bool full() const { return BR_ONE_LANE ? any(active) : run + LANES <= end; }

    /// Each lane's run, as batch arrays are addressed; the last run for lanes beyond it.
    BR_DEVICE i64 run_number() const {
#if BR_ONE_LANE
        return run;
#else
        return min(run_number_unclamped(), i64(end - 1));
#endif
    }

#if !BR_ONE_LANE
  private:
    BR_DEVICE i64 run_number_unclamped() const { return convert<long long>(lane_numbers()) + run; }
#endif
};

/// The runs that the lanes of a frame take, one after the other. For kernels whose entry lets lanes refill: a lane that is done with its run takes the next instead of
/// idling until its neighbours are done.
///
/// On the CPU the lanes of a pack share a range of runs. A GPU thread takes every so-many-th run, the threads of the grid apart: neighbours begin with neighbouring runs.
class run_supply {
  public:
#if BR_GPU
    BR_DEVICE explicit run_supply(const frame& f) : next(f.active.value ? f.run : f.end), end(f.end) {}
#else
    BR_DEVICE explicit run_supply(const frame& f) : next(f.run), end(f.end) {}
#endif

    /// Whether a run is left.
    BR_DEVICE bool any_left() const { return next < end; }

    /// Gives lanes of `m` a run each while there are any; the result has the lanes that got one, whose number is then in `run`.
    BR_DEVICE mask take(const mask& m, i64& run) {
        mask taken(false);
        for_each_lane(m, [&](int l) {
            if (next >= end) return;
            set_lane(run, l, next);
            set_lane(taken, l, true);
#if BR_GPU
            next += static_cast<long long>(gridDim.x) * BR_BLOCK;
#else
            ++next;
#endif
        });
        return taken;
    }

  private:
    long long next, end;
};

/// Sets the processor's floating-point control to its default while it lives (rounding to nearest, subnormals kept,
/// exceptions masked), and the caller's back after: the bits of a result must not depend on who calls. The GPU has no
/// such state.
///
/// The memory clobbers keep what is loaded and stored inside; a compiler may still move arithmetic on values in
/// registers, so an entry holds one of these and calls the kernel's body as a function that is not inlined.
class float_environment {
#if BR_GPU
  public:
    BR_DEVICE float_environment() {}
#else
#if defined(__x86_64__) || defined(__i386__)
    using control_word = unsigned;
    /// MXCSR after reset: all exceptions masked, no flags, round to nearest, no flush to zero.
    static constexpr control_word default_control = 0x1f80;
    static BR_DEVICE control_word read() { return __builtin_ia32_stmxcsr(); }
    static BR_DEVICE void write(control_word control) { __builtin_ia32_ldmxcsr(control); }
#elif defined(__aarch64__)
    using control_word = unsigned long long;
    static constexpr control_word default_control = 0;
    static BR_DEVICE control_word read() {
        control_word control;
        asm volatile("mrs %0, fpcr" : "=r"(control));
        return control;
    }
    static BR_DEVICE void write(control_word control) { asm volatile("msr fpcr, %0" ::"r"(control)); }
#else
    using control_word = unsigned;
    static constexpr control_word default_control = 0;
    static BR_DEVICE control_word read() { return 0; }
    static BR_DEVICE void write(control_word) {}
#endif

    control_word saved;

  public:
    BR_DEVICE float_environment() : saved(read()) {
        write(default_control);
        asm volatile("" ::: "memory");
    }
    BR_DEVICE ~float_environment() {
        asm volatile("" ::: "memory");
        write(saved);
    }
#endif
    float_environment(const float_environment&) = delete;
    float_environment& operator=(const float_environment&) = delete;
};

}  // namespace lanes
