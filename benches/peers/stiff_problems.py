"""The stiff models of examples/models but for the sinoatrial cell, written on their own: equations, exact Jacobians, and how they are judged."""

from dataclasses import dataclass, field

import numpy as np


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
