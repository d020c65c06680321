"""The Lorenz system and two stiff ones by SciPy's solve_ivp, one run after the other as its users write it: RK45, and LSODA with the exact Jacobian where the system is stiff.

    scipy_peer.py   answers each line `<what> <problem>:<relative>:<absolute>` on standard input with `RESULT <what> <problem>:<relative>:<absolute> <value>`

<problem> is L, R or H of lorenz.hpp and stiff.hpp, <what> one of
    error          largest difference of any final value of every fiftieth run of 1,000 to one found with 1e-12
    scaled         the same in units of 1e-8 + 1e-4 |value|
    batch          seconds that batches.hpp asks for; threads are processes, which wait for work before the clock starts
    version        SciPy's version
"""

import multiprocessing
import sys
import time

import numpy as np
import scipy
from scipy.integrate import solve_ivp

MOST_VALUES = 1000
ENOUGH = 5e-3


def lorenz(t, y, rho):
    return [10.0 * (y[1] - y[0]), y[0] * (rho - y[2]) - y[1], y[0] * y[1] - 8.0 / 3.0 * y[2]]


def robertson(t, y, k1):
    back, on = 1e4 * y[1] * y[2] - k1 * y[0], 3e7 * y[1] * y[1]
    return [back, -back - on, on]


def robertson_jacobian(t, y, k1):
    b1, b2, on = 1e4 * y[1], 1e4 * y[2], 6e7 * y[1]
    return [[-k1, b2, b1], [k1, -b2 - on, -b1], [0.0, on, 0.0]]


def hires(t, y, decay):
    bound = 280.0 * y[5] * y[7]
    return [
        -decay * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * (y[5] + y[6]),
        -bound + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
        bound - 1.81 * y[6],
        1.81 * y[6] - bound,
    ]


def hires_jacobian(t, y, decay):
    of5, of7 = 280.0 * y[7], 280.0 * y[5]
    return [
        [-decay, 0.43, 8.32, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.71, -8.75, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, -10.03, 0.43, 0.035, 0.0, 0.0, 0.0],
        [0.0, 8.32, 1.71, -1.12, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, -1.745, 0.43, 0.43, 0.0],
        [0.0, 0.0, 0.0, 0.69, 1.71, -of5 - 0.43, 0.69, -of7],
        [0.0, 0.0, 0.0, 0.0, 0.0, of5, -1.81, of7],
        [0.0, 0.0, 0.0, 0.0, 0.0, -of5, 1.81, -of7],
    ]


# Equations, their Jacobian where it is wanted, initial values, end, and the range of the parameter.
PROBLEMS = {
    "L": (lorenz, None, [1.0, 0.0, 0.0], 1.0, 0.0, 21.0),
    "R": (robertson, robertson_jacobian, [1.0, 0.0, 0.0], 1e4, 0.02, 0.06),
    "H": (hires, hires_jacobian, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057], 321.8122, 1.2, 2.2),
}


def integrate(problem, relative, absolute, share):
    equations, jacobian, initial, end, low, high = PROBLEMS[problem]
    method = {"method": "LSODA", "jac": jacobian} if jacobian else {"method": "RK45"}
    parameter = (low + (high - low) * share,)
    solution = solve_ivp(equations, (0.0, end), initial, args=parameter, rtol=relative, atol=absolute, t_eval=(end,), **method)
    if not solution.success:
        raise RuntimeError(solution.message)
    return solution.y[:, -1]


def ends(problem, relative, absolute, shares):
    return np.array([integrate(problem, relative, absolute, share) for share in shares])


references = {}


def error(problem, relative, absolute, relative_unit, absolute_unit):
    shares = np.arange(0, 1000, 50) / 999
    if problem not in references:
        references[problem] = ends(problem, 1e-12, 1e-16 if problem != "L" else 1e-12, shares)
    exact = references[problem]
    found = ends(problem, relative, absolute, shares)
    return np.max(np.abs(found - exact) / (absolute_unit + relative_unit * np.abs(exact)))


pools = {}


def pool(processes):
    """Processes that have started and have nothing to do."""
    if processes not in pools:
        pools[processes] = multiprocessing.get_context("fork").Pool(processes)
        pools[processes].map(abs, range(4 * processes), chunksize=1)
    return pools[processes]


def batch(problem, relative, absolute, runs, threads):
    def once():
        shares = (np.arange(runs) % MOST_VALUES + 0.5) / min(runs, MOST_VALUES)
        if threads == 1:
            return ends(problem, relative, absolute, shares)
        parts = np.array_split(shares, min(runs, 16 * threads))
        work = [(problem, relative, absolute, part) for part in parts]
        return np.concatenate(pool(threads).starmap(ends, work, chunksize=1))

    if threads > 1:
        pool(threads)
    begin = time.perf_counter()
    once()
    first = time.perf_counter() - begin
    if first > 20 * ENOUGH:
        return first
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < ENOUGH:
        once()
        count += 1
    return (time.perf_counter() - begin) / count


def answer(what, argument):
    if what == "version":
        return scipy.__version__
    tolerances, *shape = argument.split("/")
    problem, relative, absolute = tolerances.split(":")
    way = (problem, float(relative), float(absolute))
    if what == "batch":
        runs, threads = map(int, shape)
        return f"{batch(*way, runs, threads):.6e}"
    return f"{error(*way, *((1e-4, 1e-8) if what == 'scaled' else (0.0, 1.0))):.6e}"


def main():
    for line in sys.stdin:
        what, argument = line.split()
        print("RESULT", what, argument, answer(what, argument), flush=True)


if __name__ == "__main__":
    main()
