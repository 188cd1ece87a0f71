"""The surfaces written a second time, from their papers, for numbers of any precision: ``FORMULAS[kind](m, x, y, …)``.

``m`` is mpmath, or anything else with its function names. Nothing of the program is used here.
"""


def ackley(m, x, y, depth=20):
    ripples = m.exp((m.cos(2 * m.pi * x) + m.cos(2 * m.pi * y)) / 2)
    return -depth * m.exp(-m.mpf("0.2") * m.sqrt((x * x + y * y) / 2)) - ripples + m.e + depth


def bohachevsky(m, x, y):
    return x**2 + 2 * y**2 - m.mpf("0.3") * m.cos(3 * m.pi * x) - m.mpf("0.4") * m.cos(4 * m.pi * y) + m.mpf("0.7")


def branin(m, x, y):
    b, c, t = m.mpf("5.1") / (4 * m.pi**2), 5 / m.pi, 1 / (8 * m.pi)
    return (y - b * x**2 + c * x - 6) ** 2 + 10 * (1 - t) * m.cos(x) + 10


def bukin(m, x, y):
    return 100 * m.sqrt(abs(y - x * x / 100)) + abs(x + 10) / 100


def cross_in_tray(m, x, y):
    inner = abs(m.sin(x) * m.sin(y) * m.exp(abs(100 - m.sqrt(x**2 + y**2) / m.pi)))
    return -m.mpf("0.0001") * (inner + 1) ** m.mpf("0.1")


def drop_wave(m, x, y, frequency=12):
    return -(1 + m.cos(frequency * m.sqrt(x**2 + y**2))) / ((x**2 + y**2) / 2 + 2)


def easom(m, x, y):
    return -m.cos(x) * m.cos(y) * m.exp(-((x - m.pi) ** 2 + (y - m.pi) ** 2))


def eggholder(m, x, y):
    return -(y + 47) * m.sin(m.sqrt(abs(x / 2 + (y + 47)))) - x * m.sin(m.sqrt(abs(x - (y + 47))))


def goldstein_price(m, x, y):
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y)
    return first * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y))


def levy(m, x, y):
    rest = (y - 1) ** 2 * (1 + m.sin(2 * m.pi * y) ** 2)
    return m.sin(3 * m.pi * x) ** 2 + (x - 1) ** 2 * (1 + m.sin(3 * m.pi * y) ** 2) + rest


def michalewicz(m, x, y, m_=10):
    return -m.sin(x) * m.sin(x * x / m.pi) ** (2 * m_) - m.sin(y) * m.sin(2 * y * y / m.pi) ** (2 * m_)


def rotated_quadratic(m, x, y, condition=50, angle=30):
    a = m.pi * angle / 180
    return ((x * m.cos(a) + y * m.sin(a)) ** 2 + condition * (-x * m.sin(a) + y * m.cos(a)) ** 2) / 2


def rnn_cliff(m, x, y, steps=50):
    s = m.mpf("0.5")
    for _ in range(steps):
        s = x / (1 + m.exp(-s)) + y
    return (1 / (1 + m.exp(-s)) - m.mpf("0.7")) ** 2


def six_hump_camel(m, x, y):
    return (4 - m.mpf("2.1") * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2


def two_wells(m, x, y, shallow=2, deep=3, width=None):
    w = m.mpf("0.2") if width is None else width
    return x * x + y * y - shallow * m.exp(-((x - 1) ** 2 + y**2) / w) - deep * m.exp(-((x + 1) ** 2 + y**2) / w)


FORMULAS = {
    "absolute": lambda m, x, y, weight=10: abs(x) + weight * abs(y),
    "ackley": ackley,
    "beale": lambda m, x, y: sum((m.mpf(c) - x + x * y**k) ** 2 for k, c in ((1, "1.5"), (2, "2.25"), (3, "2.625"))),
    "bohachevsky": bohachevsky,
    "booth": lambda m, x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "branin": branin,
    "bukin": bukin,
    "cross_in_tray": cross_in_tray,
    "dixon_price": lambda m, x, y: (x - 1) ** 2 + 2 * (2 * y**2 - x) ** 2,
    "drop_wave": drop_wave,
    "easom": easom,
    "eggholder": eggholder,
    "flower": lambda m, x, y: x * m.sin(y) + y * m.sin(x) + x**2 + y**2,
    "freudenstein_roth": lambda m, x, y: (
        (-13 + x + 5 * y**2 - y**3 - 2 * y) ** 2 + (-29 + x + y**3 + y**2 - 14 * y) ** 2
    ),
    "goldstein_price": goldstein_price,
    "griewank": lambda m, x, y: 1 + (x * x + y * y) / 4000 - m.cos(x) * m.cos(y / m.sqrt(2)),
    "himmelblau": lambda m, x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "holder_table": lambda m, x, y: -abs(m.sin(x) * m.cos(y) * m.exp(abs(1 - m.sqrt(x**2 + y**2) / m.pi))),
    "levy": levy,
    "matyas": lambda m, x, y: m.mpf("0.26") * (x**2 + y**2) - m.mpf("0.48") * x * y,
    "mccormick": lambda m, x, y: m.sin(x + y) + (x - y) ** 2 - 3 * x / 2 + 5 * y / 2 + 1,
    "michalewicz": michalewicz,
    "monkey_saddle": lambda m, x, y: x**3 - 3 * x * y**2 + (x * x + y * y) ** 2 / 4,
    "plateau_hole": lambda m, x, y, width=1: 1 - m.exp(-(x * x + y * y) / 2 / m.mpf(width) ** 2),
    "powell_badly_scaled": lambda m, x, y: (10**4 * x * y - 1) ** 2 + (m.exp(-x) + m.exp(-y) - m.mpf("1.0001")) ** 2,
    "product_valley": lambda m, x, y: (1 - x * y) ** 2,
    "rastrigin": lambda m, x, y, amplitude=10: sum(amplitude + t * t - amplitude * m.cos(2 * m.pi * t) for t in (x, y)),
    "ravine": lambda m, x, y, flat=None, steep=2: (m.mpf("0.1") if flat is None else flat) * x**2 + steep * y**2,
    "rnn_cliff": rnn_cliff,
    "rosenbrock": lambda m, x, y, a=1, b=100: (a - x) ** 2 + b * (y - x * x) ** 2,
    "rotated_quadratic": rotated_quadratic,
    "saddle": lambda m, x, y: x**2 - y**2 + y**4 / 4,
    "schaffer": lambda m, x, y: (
        m.mpf("0.5") + (m.sin(x**2 - y**2) ** 2 - m.mpf("0.5")) / (1 + (x**2 + y**2) / 1000) ** 2
    ),
    "schwefel": lambda m, x, y: m.mpf("837.9657745448676") - sum(t * m.sin(m.sqrt(abs(t))) for t in (x, y)),
    "six_hump_camel": six_hump_camel,
    "sphere": lambda m, x, y: x * x + y * y,
    "styblinski_tang": lambda m, x, y: sum(t**4 - 16 * t * t + 5 * t for t in (x, y)) / 2,
    "three_hump_camel": lambda m, x, y: 2 * x**2 - m.mpf("1.05") * x**4 + x**6 / 6 + x * y + y**2,
    "trid": lambda m, x, y: (x - 1) ** 2 + (y - 1) ** 2 - x * y,
    "two_wells": two_wells,
    "zakharov": lambda m, x, y: x * x + y * y + (x / 2 + y) ** 2 + (x / 2 + y) ** 4,
}

# Parameters that are not the defaults, so that each is seen to act: fractions that float64 holds exactly.
OTHERS = {
    "absolute": {"weight": 2.5},
    "ackley": {"depth": 12.5},
    "drop_wave": {"frequency": 3.25},
    "michalewicz": {"m": 3},
    "plateau_hole": {"width": 2.25},
    "rastrigin": {"amplitude": 4.5},
    "ravine": {"flat": 0.5, "steep": 0.25},
    "rnn_cliff": {"steps": 7},
    "rosenbrock": {"a": -0.75, "b": 6.5},
    "rotated_quadratic": {"condition": 7.5, "angle": 112.5},
    "two_wells": {"shallow": 1.25, "deep": 0.5, "width": 0.75},
}
