#!/usr/bin/env python3
"""The stiff models of examples/models once more, written on their own: end values to test against, and what SciPy's Radau makes of them.

    python3 -m venv target/references && target/references/bin/pip install numpy scipy mpmath
    target/references/bin/python benches/peers/references.py              all of it, some minutes
    target/references/bin/python benches/peers/references.py references   end values: batch-solver/tests/data/stiff_references.csv
    target/references/bin/python benches/peers/references.py ladder       errors and steps of Radau: batch-solver/tests/data/scipy_radau.csv
    target/references/bin/python benches/peers/references.py biomarkers   the action potential of the sinoatrial cell beside the published one
    target/references/bin/python benches/peers/references.py trace NAME T the states of a problem at the time T, one line each

Published end values are those of F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, 2008, and for E5 of E. Hairer and G. Wanner,
Solving Ordinary Differential Equations II; each is compared to what Radau finds here. Where none is published, the value is Radau's with rtol = 1e-12, and a method
of another family has to agree. Robertson's problem is also solved with 40 digits, by a Taylor series.
The equations are in stiff_problems.py and sinoatrial.py.
"""

import csv
import math
import sys
import time
from pathlib import Path

import mpmath
import numpy as np
from scipy.integrate import solve_ivp
from sinoatrial import Floats, cell, sinoatrial
from stiff_problems import ROBERTSON, e5, hires, orego, pollution, robertson, vanderpol_eps, vanderpol_stiff

DATA = Path(__file__).resolve().parents[2] / "batch-solver/tests/data"
LADDER = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]


# --- Solving ---------------------------------------------------------------------------------------------------------------------------------------------------


def solve(problem, method, rtol, atol, **options):
    with np.errstate(all="ignore"):
        if method in ("Radau", "BDF", "LSODA"):
            options["jac"] = problem.jacobian
        if method == "LSODA":  # its own argument checks want columns
            options["jac"] = lambda t, y: np.asfortranarray(problem.jacobian(t, y))
        solution = solve_ivp(problem.slopes, (0, problem.end), np.array(problem.start, float), method, rtol=rtol, atol=atol, **options)
    if not solution.success:
        raise RuntimeError(f"{problem.name}: {method}: {solution.message}")
    return solution


def digits(problem):
    """The end of a problem with polynomial slopes, solved by a Taylor series with 40 digits."""
    mpmath.mp.dps = 40
    k1, k2, k3 = mpmath.mpf(float(problem.variation.split("=")[1])), mpmath.mpf(3e7), mpmath.mpf(1e4)
    y, t, order = [mpmath.mpf(value) for value in problem.start], mpmath.mpf(0), 30
    while t < problem.end:
        c = [[value] for value in y]
        for k in range(order):
            product = mpmath.fsum(c[1][i] * c[2][k - i] for i in range(k + 1))
            square = mpmath.fsum(c[1][i] * c[1][k - i] for i in range(k + 1))
            back, forth, on = k3 * product, k1 * c[0][k], k2 * square
            for column, slope in zip(c, (back - forth, forth - back - on, on)):
                column.append(slope / (k + 1))
        # The step whose last terms are 1e-25 of the solution.
        size = max(abs(c[1][order]) / abs(y[1] or 1e-6), abs(c[0][order]))
        step = min((mpmath.mpf(10) ** -25 / size) ** (mpmath.mpf(1) / order), problem.end - t)
        y = [mpmath.polyval(column[::-1], step) for column in c]
        t += step
    return np.array([float(value) for value in y])


def difference(found, expected, floor):
    """The largest relative difference; values below the floor count as the floor."""
    return max(abs(a - b) / max(abs(b), floor) for a, b in zip(found, expected))


def reference(problem, report):
    """The values to be judged by, where they come from, and how well what was computed agrees with them."""
    # Of E5's first and last state no method of finite tolerance says more than that they are gone.
    floor = 1e-23 if problem.name == "e5" else 1e-30
    radau = solve(problem, "Radau", 1e-12, problem.floor).y[:, -1]
    notes = []
    if problem.published:
        gap = difference(radau, problem.published, floor)
        notes.append(f"Radau at rtol 1e-12 differs by {gap:.1e}")
    else:
        for check in problem.checks:
            if check == "digits":
                found, how = digits(problem), "a Taylor series of 40 digits"
            else:
                found, how = solve(problem, check, 1e-12, problem.floor).y[:, -1], f"{check} at rtol 1e-12"
            gap = difference(found, radau, floor)
            notes.append(f"{how} differs by {gap:.1e}")
            assert gap < 1e-8, (problem.name, problem.variation, problem.end, notes)
    report(f"{problem.name} {problem.variation} t={problem.end:g}: {'; '.join(notes)}")
    values = problem.published or radau.tolist()
    return values, "published" if problem.published else "generated", "; ".join(notes)


def all_problems():
    yield robertson(published=ROBERTSON)
    yield robertson(end=40.0)
    yield robertson(end=1e4)
    for end in (1e4, 1e11):
        for i in range(8):
            yield robertson(0.02 + (0.06 - 0.02) * i / 7, end)
    yield hires()
    yield orego()
    yield vanderpol_stiff()
    yield vanderpol_eps()
    yield pollution()
    yield e5()
    yield sinoatrial(0.1)
    yield sinoatrial(1.0)


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_references():
    with open(DATA / "stiff_references.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["problem", "variation", "t_end", "component", "value", "source", "agreement"])
        for problem in all_problems():
            values, source, agreement = reference(problem, say)
            for name, value in zip(problem.names, values):
                rows.writerow([problem.name, problem.variation, repr(problem.end), name, repr(float(value)), source, agreement])


def read_references():
    values = {}
    with open(DATA / "stiff_references.csv") as file:
        for row in csv.DictReader(file):
            values.setdefault((row["problem"], row["variation"], float(row["t_end"])), {})[row["component"]] = float(row["value"])
    return values


def write_ladder():
    references = read_references()
    with open(DATA / "scipy_radau.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["problem", "variation", "t_end", "rtol", "atol", "atol_rule", "steps", "evaluations", "jacobians", "factorisations", "error", "seconds"])
        for problem in [robertson(), robertson(end=1e4), hires(), orego(), vanderpol_stiff(), vanderpol_eps(), pollution(), e5(), sinoatrial(0.1), sinoatrial(1.0)]:
            known = references[problem.name, problem.variation, problem.end]
            for rtol in LADDER:
                atol, best = problem.atol(rtol), math.inf
                for _ in range(3):
                    begin = time.perf_counter()
                    solution = solve(problem, "Radau", rtol, atol)
                    best = min(best, time.perf_counter() - begin)
                found = dict(zip(problem.names, solution.y[:, -1]))
                error = max(abs(found[name] - value) / (atol + rtol * abs(value)) for name, value in known.items())
                row = [problem.name, problem.variation, repr(problem.end), f"{rtol:.0e}", f"{atol:.1e}", problem.rule, len(solution.t) - 1]
                row += [solution.nfev, solution.njev, solution.nlu, f"{error:.3e}", f"{best:.4f}"]
                rows.writerow(row)
                say(",".join(map(str, row)))


# --- The action potential --------------------------------------------------------------------------------------------------------------------------------------

# Fabbri et al. 2017, table of the action potential's features; cycle lengths with 10 nM acetylcholine and 1 uM isoprenaline as changes of the rate.
PUBLISHED = dict(
    cycle_length=814, diastolic_potential=-58.9, overshoot=26.4, amplitude=85.3, upstroke=7.4, APD20=98.9, APD50=136, APD90=161.5, depolarisation=48.1
)


def biomarkers(**conditions):
    """Of the last whole beat of 20 s: ms, mV, V/s; durations from the take-off, where dV/dt is 0.5 V/s; slow depolarisation over the first 100 ms in mV/s."""
    problem = sinoatrial(20.0, **conditions)
    grid = np.arange(10.0, 20.0, 1e-4)
    states = solve(problem, "LSODA", 1e-9, 1e-13, t_eval=grid).y
    V = states[0]
    slope = np.array([cell(column.tolist(), Floats, **conditions)[0] for column in states.T]) / 1000
    crossings = np.flatnonzero((V[:-1] < -20) & (V[1:] >= -20))
    first, second = crossings[-2], crossings[-1]
    low = first + V[first:second].argmin()
    top = first + V[first : first + 2000].argmax()
    before = crossings[-3] + V[crossings[-3] : first].argmin()
    takeoff = before + np.flatnonzero(slope[before:first] < 0.5)[-1]
    found = dict(
        cycle_length=(grid[second] - grid[first]) * 1e3, diastolic_potential=V[low], overshoot=V[top], amplitude=V[top] - V[low],
        upstroke=slope[takeoff:top].max(),
    )  # fmt: skip
    for part in (20, 50, 90):
        level = V[top] - part / 100 * (V[top] - V[low])
        found[f"APD{part}"] = (grid[top + np.flatnonzero(V[top:low] > level)[-1]] - grid[takeoff]) * 1e3
    found["depolarisation"] = (V[low + 1000] - V[low]) / 0.1
    return found


def write_biomarkers():
    control = biomarkers()
    for name, value in control.items():
        print(f"{name:20} {value:9.2f}   published {PUBLISHED[name]}")
    for what, conditions, published in [("acetylcholine 10 nM", dict(ach=1e-5), -20.8), ("isoprenaline 1 uM", dict(iso=True), 27.9), ("no funny current", dict(g_f=0.0), None)]:
        changed = biomarkers(**conditions)
        rate = 100 * (control["cycle_length"] / changed["cycle_length"] - 1)
        print(f"{what:20} {changed['cycle_length']:9.2f} ms: rate {rate:+.1f}%" + (f"   published {published}%" if published else ""))


def trace(name, end):
    problem = next(problem for problem in all_problems() if problem.name == name)
    problem.end = float(end)
    for component, value in zip(problem.names, solve(problem, "Radau", 1e-12, problem.floor).y[:, -1]):
        print(component, repr(float(value)))


def main(what="all", *arguments):
    if what in ("all", "references"):
        write_references()
    if what in ("all", "ladder"):
        write_ladder()
    if what in ("all", "biomarkers"):
        write_biomarkers()
    if what == "trace":
        trace(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
