// How a run ended: bits, 0 for success. The host's names are in src/solution.rs.

constexpr int status_max_newton = 2;
constexpr int status_max_linear = 4;
constexpr int status_step_too_small = 8;
constexpr int status_not_finite = 16;
constexpr int status_max_steps = 32;
constexpr int status_stagnation = 64;
constexpr int status_newton_divergence = 256;
constexpr int status_bicgstab_breakdown = 128;
