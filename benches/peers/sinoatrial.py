"""The sinoatrial cell of Fabbri et al. 2017, written on its own: its currents, and its Jacobian by steps into the imaginary."""

import math

import numpy as np
from stiff_problems import Problem

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
