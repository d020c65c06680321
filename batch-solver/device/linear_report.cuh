// What linear solvers tell their owners.

/// What a linear solution took: iterations and why it failed (bits of ivp_status.cuh), per lane; 0 in lanes that were not wanted.
struct linear_report {
    i32 iterations, status;

    BR_DEVICE static linear_report none() { return {i32(0), i32(0)}; }
};
