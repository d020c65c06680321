#!/usr/bin/env python3
"""The stiff models of examples/models once more, written on their own: end values to test against, and what SciPy's Radau makes of them.

    python3 -m venv /tmp/references && /tmp/references/bin/pip install numpy scipy mpmath
    /tmp/references/bin/python benches/peers/references.py              all of it, some minutes
    /tmp/references/bin/python benches/peers/references.py references   end values: batch-solver/tests/data/stiff_references.csv
    /tmp/references/bin/python benches/peers/references.py ladder       errors and steps of Radau: batch-solver/tests/data/scipy_radau.csv
    /tmp/references/bin/python benches/peers/references.py biomarkers   the action potential of the sinoatrial cell beside the published one
    /tmp/references/bin/python benches/peers/references.py trace NAME T the states of a problem at the time T, one line each

Published end values are those of F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, 2008, and for E5 of E. Hairer and G. Wanner,
Solving Ordinary Differential Equations II; each is compared to what Radau finds here. Where none is published, the value is Radau's with rtol = 1e-12, and a method
of another family has to agree. Robertson's problem is also solved with 40 digits, by a Taylor series.
"""
import csv
import math
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import mpmath
import numpy as np
from scipy.integrate import solve_ivp

DATA = Path(__file__).resolve().parents[2] / "batch-solver/tests/data"
LADDER = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]


@dataclass
class Problem:
    """Equations with the values of their parameters, and how they are judged."""

    name: str
    names: list
    start: list
    end: float
    slopes: callable  # (t, y) -> dy/dt
    jacobian: callable  # (t, y) -> the matrix
    atol: callable  # of rtol
    rule: str  # the same in words
    floor: float  # atol of the reference
    published: list = None
    variation: str = ""
    checks: list = field(default_factory=lambda: ["LSODA"])


def numbered(n):
    return [f"y{i + 1}" for i in range(n)]


# --- Robertson -------------------------------------------------------------------------------------------------------------------------------------------------


def robertson(k1=0.04, end=1e11, published=None):
    k2, k3 = 3e7, 1e4

    def slopes(_, y):
        y1, y2, y3 = y
        return [-k1 * y1 + k3 * y2 * y3, k1 * y1 - k3 * y2 * y3 - k2 * y2 * y2, k2 * y2 * y2]

    def jacobian(_, y):
        _, y2, y3 = y
        return np.array([[-k1, k3 * y3, k3 * y2], [k1, -k3 * y3 - 2 * k2 * y2, -k3 * y2], [0, 2 * k2 * y2, 0]])

    return Problem(
        "robertson", numbered(3), [1.0, 0.0, 0.0], end, slopes, jacobian, lambda rtol: 1e-6 * rtol, "1e-6*rtol", 1e-26,
        published, f"k1={k1!r}", ["LSODA", "digits"] if end <= 40 else ["LSODA"],
    )


ROBERTSON = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]


# --- HIRES -----------------------------------------------------------------------------------------------------------------------------------------------------


def hires():
    linear = np.zeros((8, 8))
    for row, column, rate in [
        (1, 1, -1.71), (1, 2, 0.43), (1, 3, 8.32), (2, 1, 1.71), (2, 2, -8.75), (3, 3, -10.03), (3, 4, 0.43), (3, 5, 0.035),
        (4, 2, 8.32), (4, 3, 1.71), (4, 4, -1.12), (5, 5, -1.745), (5, 6, 0.43), (5, 7, 0.43), (6, 4, 0.69), (6, 5, 1.71),
        (6, 6, -0.43), (6, 7, 0.69), (7, 7, -1.81), (8, 7, 1.81),
    ]:
        linear[row - 1, column - 1] = rate
    product = np.array([0, 0, 0, 0, 0, -280.0, 280.0, -280.0])
    supply = np.array([0.0007, 0, 0, 0, 0, 0, 0, 0])

    def jacobian(_, y):
        full = linear.copy()
        full[:, 5] += product * y[7]
        full[:, 7] += product * y[5]
        return full

    return Problem(
        "hires", numbered(8), [1, 0, 0, 0, 0, 0, 0, 0.0057], 321.8122, lambda _, y: linear @ y + product * (y[5] * y[7]) + supply, jacobian,
        lambda rtol: 1e-4 * rtol, "1e-4*rtol", 1e-17,
        [0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
         0.2849998395185769e-2, 0.2850001604814231e-2],
    )


# --- Oregonator ------------------------------------------------------------------------------------------------------------------------------------------------


def orego():
    s, q, w = 77.27, 8.375e-6, 0.161

    def slopes(_, y):
        y1, y2, y3 = y
        return [s * (y2 + y1 * (1 - q * y1 - y2)), (y3 - (1 + y1) * y2) / s, w * (y1 - y3)]

    def jacobian(_, y):
        y1, y2, _ = y
        return np.array([[s * (1 - 2 * q * y1 - y2), s * (1 - y1), 0], [-y2 / s, -(1 + y1) / s, 1 / s], [w, 0, -w]])

    return Problem(
        "orego", numbered(3), [1.0, 2.0, 3.0], 360.0, slopes, jacobian, lambda rtol: 1e-6 * rtol, "1e-6*rtol", 1e-14,
        [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
    )


# --- van der Pol -----------------------------------------------------------------------------------------------------------------------------------------------


def vanderpol_stiff():
    mu = 1000.0
    return Problem(
        "vanderpol_stiff", numbered(2), [2.0, 0.0], 2000.0, lambda _, y: [y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]],
        lambda _, y: np.array([[0, 1], [-2 * mu * y[0] * y[1] - 1, mu * (1 - y[0] ** 2)]]), lambda rtol: 1e-3 * rtol, "1e-3*rtol", 1e-16,
        [0.1706167732170469e1, -0.8928097010248125e-3],
    )


def vanderpol_eps():
    eps = 1e-6
    return Problem(
        "vanderpol_eps", numbered(2), [2.0, 0.0], 2.0, lambda _, y: [y[1], ((1 - y[0] ** 2) * y[1] - y[0]) / eps],
        lambda _, y: np.array([[0, 1], [(-2 * y[0] * y[1] - 1) / eps, (1 - y[0] ** 2) / eps]]), lambda rtol: rtol, "rtol", 1e-13,
        [0.1706167732170469e1, -0.8928097010248125],
    )


# --- E5 --------------------------------------------------------------------------------------------------------------------------------------------------------

# Along the solution y2 = y3 + y4, and y4 is gone at the end. Solved for three states only, y2 = y3 = 8.86123352e-23: the published values, and whatever is computed
# in binary64 with four states, are some 1e-3 off by rounding, a tenth of the absolute tolerance.


def e5():
    a, b, c, m = 7.89e-10, 1.1e7, 1.13e3, 1e6

    def slopes(_, y):
        y1, y2, y3, y4 = y
        second = a * y1 - m * c * y2 * y3
        fourth = b * y1 * y3 - c * y4
        return [-a * y1 - b * y1 * y3, second, second - fourth, fourth]

    def jacobian(_, y):
        y1, y2, y3, _ = y
        second = np.array([a, -m * c * y3, -m * c * y2, 0])
        fourth = np.array([b * y3, 0, b * y1, -c])
        return np.array([[-a - b * y3, 0, -b * y1, 0], second, second - fourth, fourth])

    return Problem(
        "e5", numbered(4), [1.76e-3, 0, 0, 0], 1e13, slopes, jacobian, lambda rtol: 1.7e-24, "1.7e-24", 1e-32,
        [0.1152903278711829e-290, 0.8867655517642120e-22, 0.8854814626268838e-22, 0.0],
    )


# --- Pollution -------------------------------------------------------------------------------------------------------------------------------------------------

# Of each reaction its rate constant, what goes in and what comes out.
REACTIONS = [
    (0.35, "NO2", "NO O3P"), (26.6, "NO O3", "NO2"), (1.23e4, "HO2 NO", "NO2 OH"), (8.6e-4, "HCHO", "HO2 HO2 CO"), (8.2e-4, "HCHO", "CO"),
    (1.5e4, "HCHO OH", "HO2 CO"), (1.3e-4, "ALD", "MEO2 HO2 CO"), (2.4e4, "ALD OH", "C2O3"), (1.65e4, "C2O3 NO", "NO2 MEO2 CO2"), (9e3, "C2O3 NO2", "PAN"),
    (0.022, "PAN", "C2O3 NO2"), (1.2e4, "MEO2 NO", "CH3O NO2"), (1.88, "CH3O", "HCHO HO2"), (1.63e4, "NO2 OH", "HNO3"), (4.8e6, "O3P", "O3"),
    (3.5e-4, "O3", "O1D"), (0.0175, "O3", "O3P"), (1e8, "O1D", "OH OH"), (4.44e11, "O1D", "O3P"), (1.24e3, "SO2 OH", "SO4 HO2"), (2.1, "NO3", "NO"),
    (5.78, "NO3", "NO2 O3P"), (0.0474, "NO2 O3", "NO3"), (1.78e3, "NO3 NO2", "N2O5"), (3.12, "N2O5", "NO3 NO2"),
]
SPECIES = "NO2 NO O3P O3 HO2 OH HCHO CO ALD MEO2 C2O3 CO2 PAN CH3O HNO3 O1D SO2 SO4 NO3 N2O5".split()


def pollution():
    change = np.zeros((20, len(REACTIONS)))
    first, second = [], []  # what goes in; 20 for nothing
    for reaction, (_, reactants, products) in enumerate(REACTIONS):
        reactants, products = [[SPECIES.index(name) for name in names.split()] for names in (reactants, products)]
        for species in reactants:
            change[species, reaction] -= 1
        for species in products:
            change[species, reaction] += 1
        first.append(reactants[0])
        second.append(reactants[1] if len(reactants) == 2 else 20)
    rates = np.array([rate for rate, _, _ in REACTIONS])
    each = np.arange(len(REACTIONS))

    def slopes(_, y):
        y = np.append(y, 1.0)
        return change @ (rates * y[first] * y[second])

    def jacobian(_, y):
        y = np.append(y, 1.0)
        inner = np.zeros((len(REACTIONS), 21))
        inner[each, first] += rates * y[second]
        inner[each, second] += rates * y[first]
        return change @ inner[:, :20]

    start = [0.0] * 20
    for name, value in {"NO": 0.2, "O3": 0.04, "HCHO": 0.1, "CO": 0.3, "ALD": 0.01, "SO2": 0.007}.items():
        start[SPECIES.index(name)] = value
    return Problem(
        "pollution", numbered(20), start, 60.0, slopes, jacobian, lambda rtol: 1e-6 * rtol, "1e-6*rtol", 1e-24,
        [0.5646255480022769e-1, 0.1342484130422339, 0.4139734331099427e-8, 0.5523140207484359e-2, 0.2018977262302196e-6, 0.1464541863493966e-6,
         0.7784249118997964e-1, 0.3245075353396018, 0.7494013383880406e-2, 0.1622293157301561e-7, 0.1135863833257075e-7, 0.2230505975721359e-2,
         0.2087162882798630e-3, 0.1396921016840158e-4, 0.8964884856898295e-2, 0.4352846369330103e-17, 0.6899219696263405e-2, 0.1007803037365946e-3,
         0.1772146513969984e-5, 0.5682943292316392e-4],
        "k1=0.35", ["LSODA"],
    )


# --- The sinoatrial cell of Fabbri et al. ----------------------------------------------------------------------------------------------------------------------

SINOATRIAL = dict(
    V=-47.787168, Ca_sub=6.226104e-5, Ca_i=9.15641e-6, Ca_nsr=0.435148, Ca_jsr=0.409551, Na_i=5.0, f_y=0.009508, Na_m=0.447724, Na_h=0.003058, L_d=0.001921,
    L_f=0.846702, L_Ca=0.844449, T_d=0.268909, T_f=0.020484, to_q=0.430836, to_r=0.014523, Kr_fast=0.011068, Kr_slow=0.283185, Kr_i=0.709051, Ks_n=0.1162,
    Kur_r=0.011845, Kur_s=0.845304, KACh_a=0.00277, SR_rests=0.9308, SR_open=6.181512e-9, SR_inactive=4.595622e-10, SR_both=0.069199, B_TC=0.017929,
    B_TMC=0.259947, B_TMM=0.653777, B_CMi=0.217311, B_CMs=0.158521, B_CQ=0.138975,
)


class Floats:
    """Functions of one number."""

    exp, log, sqrt, expm1 = math.exp, math.log, math.sqrt, math.expm1

    @staticmethod
    def where(condition, yes, no):
        return yes if condition else no

    @staticmethod
    def over_expm1(x):
        return x / math.expm1(x) if abs(x) > 1e-6 else 1 - x / 2


class Steps:
    """Functions of complex numbers, one per column of a Jacobian: their imaginary parts are derivatives."""

    exp, log, sqrt, where = np.exp, np.log, np.sqrt, np.where

    @staticmethod
    def over_expm1(x):
        small = abs(x) <= 1e-6
        return np.where(small, 1 - x / 2, x / np.expm1(np.where(small, 1, x)))


def cell(y, of, ach=0.0, iso=False, g_f=0.00427):
    """The slopes of the states, with rates, time constants and currents as the publication has them."""
    (V, sub, cyt, nsr, jsr, Na, f_y, m, h, dL, fL, fCa, dT, fT, q, r, paF, paS, piy, n, r_Kur, s_Kur, a, R, O, I, RI, fTC, fTMC, fTMM, fCMi, fCMs, fCQ) = y
    exp, log, sqrt, where, linoid = of.exp, of.log, of.sqrt, of.where, of.over_expm1
    real = V.real if isinstance(V, np.ndarray) else V
    F, RTF = 96485.3415, 8314.472 * 310 / 96485.3415
    cylinder = 1e-9 * math.pi * 3.9**2 * 67
    v_sub = 1e-9 * 2 * math.pi * 0.02 * (3.9 - 0.01) * 67
    v_i, v_jsr, v_nsr = 0.46 * cylinder - v_sub, 0.0012 * cylinder, 0.0116 * cylinder
    Na_o, K_o, K_i, Ca_o = 140.0, 5.4, 140.0, 1.8
    E_Na, E_K = RTF * log(Na_o / Na), RTF * math.log(K_o / K_i)

    shift = (-1 - 9.898 * ach**0.618 / (ach**0.618 + 0.00122423) if ach > 0 else 0) + (7.5 if iso else 0)
    alpha = 0.36 * linoid(0.066 * (V + 148.8 - shift)) / 0.066
    beta = 0.1 * linoid(-0.2 * (V + 87.3 - shift)) / 0.2
    tau_y = 1 / (alpha + beta) - 0.054
    y_inf = where(
        real < -80 + shift, 0.01329 + 0.99921 / (1 + exp((V + 97.134 - shift) / 8.1752)), 0.0002501 * exp(-(V - shift) / 12.861)
    )
    i_fNa = f_y * g_f * 0.5927 / 1.5927 * (V - E_Na)
    i_fK = f_y * g_f / 1.5927 * (V - E_K)

    m_inf = 1 / (1 + exp(-(V + 42.0504) / 8.3106))
    tau_m = 1 / (2000 * linoid(-0.1 * (V + 41)) + 8000 * exp(-0.056 * (V + 66)))
    h_inf = 1 / (1 + exp((V + 69.804) / 4.4565))
    tau_h = 1 / (20 * exp(-0.125 * (V + 75)) + 2000 / (320 * exp(-0.1 * (V + 75)) + 1))
    i_Na = 0.0223 * m**3 * h * (V - RTF * log((Na_o + 0.12 * K_o) / (Na + 0.12 * K_i)))

    dL_inf = 1 / (1 + exp(-(V + 16.4508 + (8 if iso else 0)) / (4.3371 * (0.73 if iso else 1))))
    tau_dL = 0.001 / (
        0.02839 * 2.5 * linoid(-(V + 41.8) / 2.5) + 0.0849 * 4.8 * linoid(-(V + 6.8) / 4.8) + 0.01143 * 2.5 * linoid((V + 1.8) / 2.5)
    )
    fL_inf = 1 / (1 + exp((V + 37.4) / 5.3))
    tau_fL = 0.001 * (44.3 + 230 * exp(-(((V + 36) / 10) ** 2)))
    fCa_inf = 0.000338 / (0.000338 + sub)
    tau_fCa = 0.001 * fCa_inf / 0.0075
    gate = 0.4578 * dL * fL * fCa
    i_siCa = gate * linoid(-2 * V / RTF) * (sub - Ca_o * exp(-2 * V / RTF))
    i_siK = 0.000365 * gate * linoid(-V / RTF) * (K_i - K_o * exp(-V / RTF))
    i_siNa = 1.85e-5 * gate * linoid(-V / RTF) * (Na - Na_o * exp(-V / RTF))
    i_CaL = (i_siCa + i_siK + i_siNa) * (1 - 0.31 * ach / (ach + 9e-5)) * (1.23 if iso else 1)

    dT_inf = 1 / (1 + exp(-(V + 38.3) / 5.5))
    tau_dT = 0.001 / (1.068 * exp((V + 38.3) / 30) + 1.068 * exp(-(V + 38.3) / 30))
    fT_inf = 1 / (1 + exp((V + 58.7) / 3.8))
    tau_fT = 1 / (16.67 * exp(-(V + 75) / 83.3) + 16.67 * exp((V + 75) / 15.38))
    i_CaT = 0.04132 * dT * fT * linoid(-2 * V / RTF) * (sub - Ca_o * exp(-2 * V / RTF))

    q_inf = 1 / (1 + exp((V + 49) / 13))
    tau_q = 0.001 * 0.6 * (65.17 / (0.57 * exp(-0.08 * (V + 44)) + 0.065 * exp(0.1 * (V + 45.93))) + 10.1)
    r_inf = 1 / (1 + exp(-(V - 19.3) / 15))
    tau_r = 0.001 * 0.66 * 1.4 * (15.59 / (1.037 * exp(0.09 * (V + 30.61)) + 0.369 * exp(-0.12 * (V + 23.84))) + 2.98)
    i_to = 0.0035 * (V - E_K) * q * r

    pa_inf = 1 / (1 + exp(-(V + 10.0144) / 7.6607))
    tau_paF = 1 / (30 * exp(V / 10) + exp(-V / 12))
    tau_paS = 0.84655354 / (4.2 * exp(V / 17) + 0.15 * exp(-V / 21.6))
    piy_inf = 1 / (1 + exp((V + 28.6) / 17.1))
    tau_piy = 1 / (100 * exp(-V / 54.645) + 656 * exp(V / 106.157))
    i_Kr = 0.00424 * (0.9 * paF + 0.1 * paS) * piy * (V - E_K)

    late = -14 if iso else 0
    n_inf = sqrt(1 / (1 + exp(-(V + 0.6383 - late) / 10.7071)))
    tau_n = 1 / (28 / (1 + exp(-(V - 40 - late) / 3)) + exp(-(V - late - 5) / 25))
    i_Ks = 0.00065 * (1.2 if iso else 1) * n**2 * (V - RTF * log((K_o + 0.12 * Na_o) / (K_i + 0.12 * Na)))

    rKur_inf = 1 / (1 + exp(-(V + 6) / 8.6))
    tau_rKur = 0.009 / (1 + exp((V + 5) / 12)) + 0.0005
    sKur_inf = 1 / (1 + exp((V + 7.5) / 10))
    tau_sKur = 0.59 / (1 + exp((V + 60) / 10)) + 3.05
    i_Kur = 0.0001539 * r_Kur * s_Kur * (V - E_K)

    alpha_a = 0.025641 + ((3.5988 - 0.025641) / (1 + 1.2155e-6 / ach**1.6951) if ach > 0 else 0)
    beta_a = 10 * exp(0.0133 * (V + 40))
    i_KACh = 0.00345 * (V - E_K) * (1 + exp((V + 20) / 20)) * a if ach > 0 else 0 * V

    i_NaK = (1.2 if iso else 1) * 0.08105 / (1 + (1.4 / K_o) ** 1.2) / (1 + (14 / Na) ** 1.3) / (1 + exp(-(V - E_Na + 110) / 20))

    K1ni, K2ni, K3ni, Kci, Kcni = 395.3, 2.289, 26.44, 0.0207, 26.44
    K1no, K2no, K3no, Kco = 1628.0, 561.4, 4.663, 3.663
    out, half = exp(-0.1369 * V / RTF), exp(0.4315 * V / (2 * RTF))
    di = 1 + sub / Kci * (1 + out + Na / Kcni) + Na / K1ni * (1 + Na / K2ni * (1 + Na / K3ni))
    do = 1 + Ca_o / Kco * 2 + Na_o / K1no * (1 + Na_o / K2no * (1 + Na_o / K3no))
    k12, k14 = sub / Kci * out / di, Na**2 / (K1ni * K2ni) * (1 + Na / K3ni) * half / di
    k21, k23 = Ca_o / Kco / do, Na_o**2 / (K1no * K2no) * (1 + Na_o / K3no) / half / do
    k32, k41, k34, k43 = half, 1 / half, Na_o / (K3no + Na_o), Na / (K3ni + Na)
    x1 = k41 * k34 * (k23 + k21) + k21 * k32 * (k43 + k41)
    x2 = k32 * k43 * (k14 + k12) + k41 * k12 * (k34 + k32)
    x3 = k14 * k43 * (k23 + k21) + k12 * k23 * (k43 + k41)
    x4 = k23 * k34 * (k14 + k12) + k14 * k21 * (k34 + k32)
    i_NaCa = 3.343 * (x2 * k21 - x1 * k12) / (x1 + x2 + x3 + x4)

    kCaSR = 15 - (15 - 1) / (1 + (0.45 / jsr) ** 2.5)
    koSR, kiSR = 10000 / kCaSR, 500 * kCaSR
    j_rel = 148041085.1 * O * (jsr - sub)
    j_dif, j_tr = (sub - cyt) / 5.469e-5, (nsr - jsr) / 0.04
    block = -0.25 if iso else 0.7 * ach / (9e-5 + ach)
    j_up = 5 * (1 - block) / (1 + exp((-cyt + 0.000286113) / 5e-5))

    d_fTC = 88800 * cyt * (1 - fTC) - 446 * fTC
    d_fTMC = 227700 * cyt * (1 - (fTMC + fTMM)) - 7.51 * fTMC
    d_fTMM = 2277 * 2.5 * (1 - (fTMC + fTMM)) - 751 * fTMM
    d_fCMi = 1642000 * cyt * (1 - fCMi) - 542 * fCMi
    d_fCMs = 1642000 * sub * (1 - fCMs) - 542 * fCMs
    d_fCQ = 175.4 * jsr * (1 - fCQ) - 445 * fCQ

    total = i_fNa + i_fK + i_Kr + i_Ks + i_to + i_NaK + i_NaCa + i_Na + i_CaL + i_CaT + i_KACh + i_Kur
    return [
        -total / 5.7e-5,
        j_rel * v_jsr / v_sub - ((i_siCa + i_CaT - 2 * i_NaCa) / (2 * F * v_sub) + j_dif + 0.045 * d_fCMs),
        (j_dif * v_sub - j_up * v_nsr) / v_i - (0.045 * d_fCMi + 0.031 * d_fTC + 0.062 * d_fTMC),
        j_up - j_tr * v_jsr / v_nsr,
        j_tr - (j_rel + 10 * d_fCQ),
        0 * V,  # the publication clamps the sodium in the cell
        (y_inf - f_y) / tau_y, (m_inf - m) / tau_m, (h_inf - h) / tau_h, (dL_inf - dL) / tau_dL, (fL_inf - fL) / tau_fL, (fCa_inf - fCa) / tau_fCa,
        (dT_inf - dT) / tau_dT, (fT_inf - fT) / tau_fT, (q_inf - q) / tau_q, (r_inf - r) / tau_r, (pa_inf - paF) / tau_paF, (pa_inf - paS) / tau_paS,
        (piy_inf - piy) / tau_piy, (n_inf - n) / tau_n, (rKur_inf - r_Kur) / tau_rKur, (sKur_inf - s_Kur) / tau_sKur, alpha_a * (1 - a) - beta_a * a,
        (5 * RI - kiSR * sub * R) - (koSR * sub**2 * R - 660 * O),
        (koSR * sub**2 * R - 660 * O) - (kiSR * sub * O - 5 * I),
        (kiSR * sub * O - 5 * I) - (660 * I - koSR * sub**2 * RI),
        (660 * I - koSR * sub**2 * RI) - (5 * RI - kiSR * sub * R),
        d_fTC, d_fTMC, d_fTMM, d_fCMi, d_fCMs, d_fCQ,
    ]  # fmt: skip


def sinoatrial(end=1.0, **conditions):
    tiny = 1e-60
    identity = 1j * tiny * np.eye(len(SINOATRIAL))

    def jacobian(_, y):
        """The derivatives of the analytic functions, exact to rounding: a step into the imaginary leaves no difference to cancel."""
        columns = cell(np.asarray(y)[:, None] + identity, Steps, **conditions)
        return np.array([column.imag for column in columns]) / tiny

    return Problem(
        "sinoatrial", list(SINOATRIAL), list(SINOATRIAL.values()), end, lambda _, y: cell(y.tolist(), Floats, **conditions), jacobian,
        lambda rtol: 1e-6 * rtol, "1e-6*rtol", 1e-19,
    )


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
