r"""Write collapse_jax/numerics/quantile_table.py: polynomials that turn a standard normal into a chi-square variate.

Usage: python tools/quantile.py [--check]. Without an option the table is fitted and written (a minute); with it, the
written table is compared with the exact quantile on a dense grid, and its errors are printed.

With $s = \sqrt{\nu_0 / \nu}$ the function $w(z, s) = (y - 1) / s$, $y = (Q_\nu(\Phi(z)) / \nu)^{1/3}$, is smooth on
$[-Z, Z] \times [0, 1]$, also at $s = 0$, where $w = z \sqrt{2 / (9 \nu_0)}$. It is computed in balls of 240 bits
(below $\nu = 200$ by Halley steps on the regularised incomplete Gamma function, above by its own series in
$\nu^{-1/2}$, the Cornish-Fisher expansion with 24 exact terms) and fitted in a product of Chebyshev bases by weighted
least squares, reweighted until the largest error is nearly the least (Lawson). The result is expanded exactly.
"""

import argparse
import textwrap
from functools import lru_cache
from pathlib import Path

import numpy as np
from flint import arb, ctx, fmpq, fmpq_poly
from scipy import special

ctx.prec = 240
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "collapse_jax" / "numerics" / "quantile_table.py"

# Precision: (range of z, where the strict tolerance ends, strict tolerance, tolerance beyond, digits of the table,
# whether the table is in powers of z or in Chebyshev polynomials of z / Z).
PRECISIONS = {
    "float32": (6.7, 5.6, 1e-7, 1e-5, 12, "powers"),
    "float64": (8.4, 6.0, 1e-10, 1e-8, 17, "Chebyshev"),
}
# Precision: {nu_0: (degree in z, degree in s)}; tried in this order.
DEGREES = {
    "float32": {8: (16, 10), 32: (8, 6), 128: (5, 4)},
    "float64": {8: (31, 17), 32: (15, 11), 128: (9, 7)},
}
HEADER = '''"""Written by `python tools/quantile.py`, which says how; `_quantile` says what it is."""

# fmt: off
# dtype -> [(nu_0, Z, polynomials c_k in 2s - 1: lowest k first and, in each, the lowest power first)]
'''


@lru_cache
def expansion(order: int = 24) -> tuple[fmpq_poly, ...]:
    r"""$l_j(z)$ in $\log(x / \nu) = \sum_j s^{j + 1} l_j(z)$, $s = \sqrt{2 / \nu}$, from the equation of the quantile.

    $dx/dz = \varphi(z) / f_\nu(x)$ reads $l' = \exp\{-z^2/2 + (e^{sl} - 1 - sl) / s^2 + R(s^{-2})\}$ with Stirling's
    remainder $R$; order by order it is $l_j' - z l_j = $ known, which has one polynomial solution.
    """
    zero, one = fmpq_poly([0]), fmpq_poly([1])
    solved = [fmpq_poly([0, 1])]
    for j in range(1, order + 1):
        series = [*solved, zero]
        power, factorial, exponent = [one] + [zero] * j, 1, [zero] * (j + 1)
        for m in range(1, j + 3):
            power = [sum((power[a] * series[i - a] for a in range(i + 1)), zero) for i in range(j + 1)]
            factorial *= m
            for i in range(j + 3 - m if m >= 2 else 0):
                exponent[i + m - 2] += power[i] * fmpq(1, factorial)
        exponent[0] = zero  # it cancels against z^2/2
        for k in range(1, j):
            if 4 * k - 2 <= j:
                exponent[4 * k - 2] += fmpq_poly([fmpq.bernoulli(2 * k) / (2 * k * (2 * k - 1))])
        exponential = [one]
        for n in range(1, j + 1):
            terms = (exponent[i] * exponential[n - i] * fmpq(i, n) for i in range(1, n + 1))
            exponential.append(sum(terms, zero))
        known = exponential[j]
        c = [fmpq(0)] * (known.degree() + 3)
        for k in range(known.degree(), 0, -1):
            c[k - 1] = (k + 1) * c[k + 1] - known[k]
        assert c[1] == known[0]
        solved.append(fmpq_poly(c))
    return tuple(solved)


def _horner(coefficients, x):
    value = arb(0)
    for c in reversed(coefficients):
        value = value * x + arb(c)
    return value


def log_quantile(z: float, nu: float) -> arb:
    r"""$\log(Q_\nu(\Phi(z)) / \nu)$."""
    if nu >= 200:
        s = (2 / arb(nu)).sqrt()
        return s * _horner([_horner(p.coeffs(), arb(z)) for p in expansion()], s)
    a, lower = arb(nu) / 2, z < 0
    p = (abs(arb(z)) / arb(2).sqrt()).erfc() / 2
    x = arb(float((special.gammaincinv if lower else special.gammainccinv)(nu / 2, float(p))))
    for _ in range(3):
        x = arb(x.mid())
        if lower:
            mass = (a * x.log() - x - (a + 1).lgamma()).exp() * x.hypgeom_1f1(1, a + 1)
        else:
            mass = x.gamma_upper(a, regularized=1)
        step = (mass - p) / ((a - 1) * x.log() - x - a.lgamma()).exp() * (1 if lower else -1)
        x -= step / (1 - step * ((a - 1) / x - 1) / 2)
    return (2 * x / arb(nu)).log()


def deviations(z, nu) -> np.ndarray:
    """y - 1 on the grid z x nu."""
    return np.array([[float((log_quantile(float(a), float(b)) / 3).expm1()) for b in nu] for a in z])


def _nodes(number: int, low: float, high: float) -> np.ndarray:
    return (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * (np.arange(number) + 0.5) / number)


def fit(nu0: int, precision: str, degrees: tuple[int, int], rounds: int = 40) -> tuple[list[list[fmpq]], float]:
    """c_k(s) as exact fractions, and the largest error in units of its tolerance."""
    reach, strict, tolerance, beyond, _, basis = PRECISIONS[precision]
    z, s = _nodes(4 * degrees[0] + 41, -reach, reach), _nodes(3 * degrees[1] + 12, 0, 1)
    t = deviations(z, nu0 / s**2)
    wanted = t / s
    # A tolerance for the relative error 3 s dw / y of x and, times 3 y^2, for its error in standard deviations.
    allowed = np.where(abs(z) <= strict, tolerance, beyond)[:, None]
    weight = (np.maximum(3 * s / (1 + t), np.sqrt(nu0 / 2)) / allowed).ravel()
    bases = [np.polynomial.chebyshev.chebvander(x, d) for x, d in zip((z / reach, 2 * s - 1), degrees, strict=True)]
    design = np.einsum("ik,jl->ijkl", *bases).reshape(wanted.size, -1)
    best, solution, lawson = np.inf, np.zeros(design.shape[1]), np.ones(wanted.size)
    for _ in range(rounds):
        root = weight * np.sqrt(lawson)
        trial = np.linalg.lstsq(design * root[:, None], wanted.ravel() * root, rcond=None)[0]
        error = weight * abs(design @ trial - wanted.ravel())
        if error.max() < best:
            best, solution = error.max(), trial
        lawson *= (error / error.max() + 1e-3) ** 0.7
        lawson /= lawson.mean()
    chebyshev = solution.reshape(degrees[0] + 1, degrees[1] + 1)
    return _expanded(chebyshev, reach if basis == "powers" else None), best


def _expanded(chebyshev: np.ndarray, reach: float | None) -> list[list[fmpq]]:
    """From the product of Chebyshev bases to powers of 2s - 1 and, given their reach, of z."""
    factors = _chebyshev(fmpq_poly([0, 1]), chebyshev.shape[1])
    rows = [sum((_exact(v) * p for v, p in zip(row, factors, strict=True)), fmpq_poly([0])) for row in chebyshev]
    powers = range(chebyshev.shape[1])
    if reach is None:
        return [[row[j] for j in powers] for row in rows]
    factors = _chebyshev(fmpq_poly([0, fmpq(10, round(10 * reach))]), len(rows))
    return [
        [sum((p[k] * row[j] for p, row in zip(factors, rows, strict=True)), fmpq(0)) for j in powers]
        for k in range(len(rows))
    ]


def _chebyshev(x: fmpq_poly, number: int) -> list[fmpq_poly]:
    polynomials = [fmpq_poly([1]), x]
    while len(polynomials) < number:
        polynomials.append(2 * x * polynomials[-1] - polynomials[-2])
    return polynomials[:number]


def _exact(value: float) -> fmpq:
    return fmpq(*float(value).as_integer_ratio())


def _number(value: fmpq, digits: int) -> str:
    return repr(float(f"{int(value.p) / int(value.q):.{digits}g}"))


def write() -> None:
    text = HEADER + "TABLES = {\n"
    for precision, ranges in DEGREES.items():
        text += f'    "{precision}": [\n'
        for nu0, degrees in ranges.items():
            table, error = fit(nu0, precision, degrees)
            print(f"{precision}, nu >= {nu0}, degrees {degrees}: {error:.2f} of the tolerance", flush=True)
            text += f"        ({nu0}, {PRECISIONS[precision][0]}, [\n"
            for row in table:
                numbers = ", ".join(_number(c, PRECISIONS[precision][4]) for c in row)
                text += textwrap.fill(f"[{numbers}],", 116, initial_indent=" " * 12, subsequent_indent=" " * 13) + "\n"
            text += "        ]),\n"
        text += "    ],\n"
    TARGET.write_text(text + "}\n")


def check() -> None:
    """Errors of the written table on a grid that is not the fitted one."""
    namespace: dict = {}
    exec(TARGET.read_text(), namespace)
    for precision, ranges in namespace["TABLES"].items():
        _, strict, *_, basis = PRECISIONS[precision]
        for nu0, reach, table in ranges:
            z, s = np.linspace(-reach, reach, 269), np.linspace(0.003, 1, 47)
            t = deviations(z, nu0 / s**2)
            c = np.polynomial.polynomial.polyval(2 * s - 1, np.array(table).T)
            power = np.polynomial.polynomial.polyvander(z, len(c) - 1)
            chebyshev = np.polynomial.chebyshev.chebvander(z / reach, len(c) - 1)
            found = s * ((power if basis == "powers" else chebyshev) @ c)
            relative = 3 * abs(found - t) / (1 + t)
            inner = abs(z) <= strict
            slope = np.diff(found, axis=0).min()
            print(
                f"{precision}, nu >= {nu0}, degree {len(table) - 1}: relative error of x {relative[inner].max():.2g} "
                f"to |z| = {strict}, {relative.max():.2g} to {reach}; least increment {slope:.2g}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="measure the written table instead of writing it")
    check() if parser.parse_args().check else write()
