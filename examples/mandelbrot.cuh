// Escape counts of z -> z² + c from z = 0 (B. Mandelbrot, Ann. N. Y. Acad. Sci. 357, 1980, pp. 249-259): one point c per lane.
//
// Lanes leave the loop at different times. On the GPU each thread has its own loop; in a pack the loop goes on while any lane needs it,
// and the lanes that are done keep their values by `select`. The text is the same.
template <class Buffers> struct escape_count {
    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& c_real,
                              const input_array<scalar>& c_imaginary, const output_array<int>& count, const output_array<scalar>& modulus) {
        Buffers b(f, s);
        b.c[0] = c_real[0];
        b.c[1] = c_imaginary[0];
        // `zeroed` buffers begin at 0: z and the count.
        mask inside(true);
        for (int i = 0; i < Buffers::max_iterations; ++i) {
            const real squared = fma(b.z[0], b.z[0], b.z[1] * b.z[1]);
            inside &= squared <= scalar(4);
            if (none(inside)) break;
            const real next_real = fma(b.z[0], b.z[0], fma(-b.z[1], b.z[1], b.c[0]));
            const real next_imaginary = fma(b.z[0] + b.z[0], b.z[1], b.c[1]);
            b.z[0] = select(inside, next_real, b.z[0]);
            b.z[1] = select(inside, next_imaginary, b.z[1]);
            b.count[0] = b.count[0] + select(inside, 1, 0);
            placement_fence<Buffers>();
        }
        count[0] = b.count[0];
        modulus[0] = sqrt(fma(b.z[0], b.z[0], b.z[1] * b.z[1]));
    }
};
