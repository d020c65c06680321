//! Explicit 5(4) pairs.

use super::{ErkProperties, ErkTableau, PreferredController};

/// The 5(4) pair of Dormand and Prince, RK5(4)7M.
pub const DORMAND_PRINCE_54: ErkTableau = ErkTableau {
    name: "dormand-prince-54",
    aliases: &["dopri54", "dopri5", "dp5", "rk45", "ode45"],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
        &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
        &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
        &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
    ],
    b: &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0, 0.0],
    b_hat: Some(&[
        5179.0 / 57600.0,
        0.0,
        7571.0 / 16695.0,
        393.0 / 640.0,
        -92097.0 / 339_200.0,
        187.0 / 2100.0,
        1.0 / 40.0,
    ]),
    c: &[0.0, 1.0 / 5.0, 3.0 / 10.0, 4.0 / 5.0, 8.0 / 9.0, 1.0, 1.0],
    citation: "J. R. Dormand, P. J. Prince, A family of embedded Runge–Kutta formulae, \
               J. Comput. Appl. Math. 6 (1980) 19–26, Table 2",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 5(4) pair of Tsitouras; published as decimals of at least 16 digits.
pub const TSIT5: ErkTableau = ErkTableau {
    name: "tsit5",
    aliases: &[],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[0.161],
        &[-0.008480655492356989, 0.335480655492357],
        &[2.8971530571054935, -6.359448489975075, 4.3622954328695815],
        &[5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
        &[5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
        &[0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
    ],
    b: &[0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0.0],
    b_hat: Some(&[
        0.09824077787029101,
        0.010816434459656746,
        0.4720087724042376,
        1.5237195812770048,
        -3.872426680888636,
        2.7827926300289607,
        -1.0 / 66.0,
    ]),
    c: &[0.0, 0.161, 0.327, 0.9, 0.9800255409045097, 1.0, 1.0],
    citation: "Ch. Tsitouras, Runge–Kutta pairs of order 5(4) satisfying only the first column simplifying \
               assumption, Comput. Math. Appl. 62 (2011) 770–775",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 5(4) pair of Cash and Karp.
pub const CASH_KARP_54: ErkTableau = ErkTableau {
    name: "cash-karp-54",
    aliases: &["cash-karp", "rkck54"],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[1.0 / 5.0],
        &[3.0 / 40.0, 9.0 / 40.0],
        &[3.0 / 10.0, -9.0 / 10.0, 6.0 / 5.0],
        &[-11.0 / 54.0, 5.0 / 2.0, -70.0 / 27.0, 35.0 / 27.0],
        &[1631.0 / 55296.0, 175.0 / 512.0, 575.0 / 13824.0, 44275.0 / 110_592.0, 253.0 / 4096.0],
    ],
    b: &[37.0 / 378.0, 0.0, 250.0 / 621.0, 125.0 / 594.0, 0.0, 512.0 / 1771.0],
    b_hat: Some(&[2825.0 / 27648.0, 0.0, 18575.0 / 48384.0, 13525.0 / 55296.0, 277.0 / 14336.0, 1.0 / 4.0]),
    c: &[0.0, 1.0 / 5.0, 3.0 / 10.0, 3.0 / 5.0, 1.0, 7.0 / 8.0],
    citation: "J. R. Cash, A. H. Karp, A variable order Runge–Kutta method for initial value problems with rapidly \
               varying right-hand sides, ACM TOMS 16 (1990) 201–222",
    properties: ErkProperties { controller: Some(PreferredController::Gustafsson) },
};

/// Fehlberg's 4(5) pair, propagated with its solution of order 5.
pub const FEHLBERG_45: ErkTableau = ErkTableau {
    name: "fehlberg-45",
    aliases: &["rkf45"],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[1.0 / 4.0],
        &[3.0 / 32.0, 9.0 / 32.0],
        &[1932.0 / 2197.0, -7200.0 / 2197.0, 7296.0 / 2197.0],
        &[439.0 / 216.0, -8.0, 3680.0 / 513.0, -845.0 / 4104.0],
        &[-8.0 / 27.0, 2.0, -3544.0 / 2565.0, 1859.0 / 4104.0, -11.0 / 40.0],
    ],
    b: &[16.0 / 135.0, 0.0, 6656.0 / 12825.0, 28561.0 / 56430.0, -9.0 / 50.0, 2.0 / 55.0],
    b_hat: Some(&[25.0 / 216.0, 0.0, 1408.0 / 2565.0, 2197.0 / 4104.0, -1.0 / 5.0, 0.0]),
    c: &[0.0, 1.0 / 4.0, 3.0 / 8.0, 12.0 / 13.0, 1.0, 1.0 / 2.0],
    citation: "E. Fehlberg, Low-order classical Runge–Kutta formulas with stepsize control and their application to \
               some heat transfer problems, NASA TR R-315 (1969), Table III",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 5(4) pair of Bogacki and Shampine in eight stages.
///
/// The authors give two embedded solutions of order 4. This is the one of all eight stages; the other,
/// a check before the last stage, is not represented.
pub const BOGACKI_SHAMPINE_54: ErkTableau = ErkTableau {
    name: "bogacki-shampine-54",
    aliases: &["bs5", "bs54"],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[1.0 / 6.0],
        &[2.0 / 27.0, 4.0 / 27.0],
        &[183.0 / 1372.0, -162.0 / 343.0, 1053.0 / 1372.0],
        &[68.0 / 297.0, -4.0 / 11.0, 42.0 / 143.0, 1960.0 / 3861.0],
        &[597.0 / 22528.0, 81.0 / 352.0, 63099.0 / 585_728.0, 58653.0 / 366_080.0, 4617.0 / 20480.0],
        &[
            174_197.0 / 959_244.0,
            -30942.0 / 79937.0,
            8_152_137.0 / 19_744_439.0,
            666_106.0 / 1_039_181.0,
            -29421.0 / 29068.0,
            482_048.0 / 414_219.0,
        ],
        &[
            587.0 / 8064.0,
            0.0,
            4_440_339.0 / 15_491_840.0,
            24353.0 / 124_800.0,
            387.0 / 44800.0,
            2152.0 / 5985.0,
            7267.0 / 94080.0,
        ],
    ],
    b: &[
        587.0 / 8064.0,
        0.0,
        4_440_339.0 / 15_491_840.0,
        24353.0 / 124_800.0,
        387.0 / 44800.0,
        2152.0 / 5985.0,
        7267.0 / 94080.0,
        0.0,
    ],
    b_hat: Some(&[
        2479.0 / 34992.0,
        0.0,
        123.0 / 416.0,
        612_941.0 / 3_411_720.0,
        43.0 / 1440.0,
        2272.0 / 6561.0,
        79937.0 / 1_113_912.0,
        3293.0 / 556_956.0,
    ]),
    c: &[0.0, 1.0 / 6.0, 2.0 / 9.0, 3.0 / 7.0, 2.0 / 3.0, 3.0 / 4.0, 1.0, 1.0],
    citation: "P. Bogacki, L. F. Shampine, An efficient Runge–Kutta (4,5) pair, Comput. Math. Appl. 32 (1996) 15–28",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 5(4) pair of Owren and Zennaro, built for its continuous extension.
pub const OWREN_ZENNARO_54: ErkTableau = ErkTableau {
    name: "owren-zennaro-54",
    aliases: &["owrenzen5"],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[],
        &[1.0 / 6.0],
        &[1.0 / 16.0, 3.0 / 16.0],
        &[1.0 / 4.0, -3.0 / 4.0, 1.0],
        &[-3.0 / 4.0, 15.0 / 4.0, -3.0, 1.0 / 2.0],
        &[369.0 / 1372.0, -243.0 / 343.0, 297.0 / 343.0, 1485.0 / 9604.0, 297.0 / 4802.0],
        &[
            -133.0 / 4512.0,
            1113.0 / 6016.0,
            7945.0 / 16544.0,
            -12845.0 / 24064.0,
            -315.0 / 24064.0,
            156_065.0 / 198_528.0,
        ],
        &[83.0 / 945.0, 0.0, 248.0 / 825.0, 41.0 / 180.0, 1.0 / 36.0, 2401.0 / 38610.0, 6016.0 / 20475.0],
    ],
    b: &[83.0 / 945.0, 0.0, 248.0 / 825.0, 41.0 / 180.0, 1.0 / 36.0, 2401.0 / 38610.0, 6016.0 / 20475.0, 0.0],
    b_hat: Some(&[-1.0 / 9.0, 0.0, 40.0 / 33.0, -7.0 / 4.0, -1.0 / 12.0, 343.0 / 198.0, 0.0, 0.0]),
    c: &[0.0, 1.0 / 6.0, 1.0 / 4.0, 1.0 / 2.0, 1.0 / 2.0, 9.0 / 14.0, 7.0 / 8.0, 1.0],
    citation: "B. Owren, M. Zennaro, Derivation of efficient, continuous, explicit Runge–Kutta methods, \
               SIAM J. Sci. Stat. Comput. 13 (1992) 1488–1501",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};
