"""Theorems 1 and 2 against the protocol: what an edited label loses and inherits."""

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.zhu2024 import regression as theory

_PATH = domain(("m <= T", "T >= d"), d=Integers(1), T=Integers(1), m=Integers(1), seed=Integers(0))
_RISK = domain(("m <= T", "T >= d + 4"), d=Integers(1), T=Integers(1), m=Integers(1), sigma2=Positive)
_PROTOCOL = r" \quad (\tilde Y_n = M_n (X\hat w_n + E_{n+1}) + (1-M_n)\tilde Y_{n-1})"


def _edited(T, edits):
    """`EditedLabels`, imported when it is used: listing claims imports no JAX."""
    from proofs_check.papers.zhu2024.edited_labels import EditedLabels

    return EditedLabels(T, edits=edits)


def _paths(d, T, m, generations, seed):
    """First entries of the fits of one literal run, of what Theorem 1 prints for it, and of the corrected noise.

    The rows edited are m in number, each time other ones.
    """
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((T, d)), rng.standard_normal(d)
    noises = rng.standard_normal((generations, T))
    inverse = np.linalg.pinv(x)
    labels = x @ w + noises[0]
    fit = inverse @ labels
    found, printed, corrected = [fit[0]], [fit[0]], [fit[0]]
    total, left = noises[0].copy(), noises[0].copy()
    for n in range(1, generations):
        edited = np.zeros(T)
        edited[rng.permutation(T)[:m]] = 1
        labels = edited * (x @ fit + noises[n]) + (1 - edited) * labels
        fit = inverse @ labels
        total = total + edited * noises[n]
        left = (1 - edited) * left + edited * (x @ (inverse @ left) + noises[n])
        found.append(fit[0])
        printed.append((w + inverse @ total)[0])
        corrected.append((w + inverse @ left)[0])
    no_edit = [found[0]] * generations
    return found, printed, corrected, no_edit


def _thm1(paths, stated, others):
    return Computed(
        lambda n: paths[0][n],
        lambda n: paths[stated][n],
        {name: (lambda n, k=k: paths[k][n]) for name, k in others.items()},
        at=tuple(range(1, len(paths[0]))),
        index="n",
        scale=1.0,
        rung="identity",
    )


@claim(
    "zhu2024.toedit_thm1",
    statement=r"\hat w_{n+1} = w^* + (X'X)^{-1}X'\Bigl(E_1 + \sum_{i=1}^{n} M_i E_{i+1}\Bigr)" + _PROTOCOL,
    relation="==",
    provenance="text",
    source="Theorem 1 as printed, along one literal run of the protocol as printed; the first entry of w",
    expected="REFUTED",
    domain=_PATH,
)
def toedit_thm1(d=3, T=20, m=7, generations=6, seed=0):
    """It holds if no row is edited, or all of them each time. In between an edited row loses its earlier noise and inherits
    the error of the model, which the printed form leaves out (zhu2024.toedit_thm1.corrected)."""
    return _thm1(_paths(d, T, m, generations, seed), 1, {"no edits": 3})


@claim(
    "zhu2024.toedit_thm1.corrected",
    statement=r"\hat w_{n+1} = w^* + (X'X)^{-1}X' e_{n+1},\quad e_1 = E_1,\ e_{n+1} = (1-M_n) e_n + M_n (H e_n + E_{n+1}),\ H = X(X'X)^{-1}X'",
    relation="==",
    provenance="derived",
    source="an identity on every path of the protocol that is printed beside Theorem 1",
    domain=_PATH,
)
def toedit_thm1_corrected(d=3, T=20, m=7, generations=6, seed=0):
    return _thm1(_paths(d, T, m, generations, seed), 2, {"Theorem 1 as printed": 1, "no edits": 3})


def _one_edit(d, T, m, sigma2, predicted, mutants):
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        _edited(T, edits=[(0, m)]),
        metric="risk",
        generations=2,
        predicted=predicted,
        mutants=mutants,
        variance=lambda t: theory.risk_square(d, T, sigma2) - theory.first_edit(m, d, T, sigma2) ** 2,
        at=(2,),
    )


@claim(
    "zhu2024.toedit_thm1.one_edit",
    statement=r"E_{\mathrm{test}}(\hat w_2) = \frac{\sigma^2 d}{T-d-1}\Bigl[1 + \frac{2m}{T} - \frac{m}{T(T+2)}\Bigl(d+2+\frac{(m-1)(T-d)}{T-1}\Bigr)\Bigr],\quad m = \operatorname{tr} M_1",
    relation="==",
    provenance="derived",
    source="zhu2024.toedit_thm1.corrected with Gaussian rows: the edited share of X'X is a matrix beta",
    domain=_RISK,
)
def one_edit(d=4, T=24, m=12, sigma2=1.0):
    return _one_edit(
        d,
        T,
        m,
        sigma2,
        lambda t: theory.first_edit(m if t > 1 else 0, d, T, sigma2),
        {
            "Theorem 1 as printed, 1 + m/T": lambda t: theory.as_printed(m if t > 1 else 0, d, T, sigma2),
            "every row": lambda t: theory.first_edit(T if t > 1 else 0, d, T, sigma2),
            "B^2 left out": lambda t: theory.as_printed(2 * m if t > 1 else 0, d, T, sigma2),
        },
    )


@claim(
    "zhu2024.toedit_thm1.risk",
    statement=r"E_{\mathrm{test}}(\hat w_2) = \frac{\sigma^2 d}{T-d-1}\Bigl(1 + \frac{\operatorname{tr} M_1}{T}\Bigr)"
    + _PROTOCOL,
    relation="==",
    provenance="derived",
    source="the mean that Theorem 1 as printed implies, simulated by the protocol as printed",
    expected="REFUTED",
    domain=_RISK,
)
def risk(d=4, T=24, m=12, sigma2=1.0):
    """The protocol has a larger error (zhu2024.toedit_thm1.one_edit), by a fifth of that of one fit here."""
    return _one_edit(
        d,
        T,
        m,
        sigma2,
        lambda t: theory.as_printed(m if t > 1 else 0, d, T, sigma2),
        {"no edits": lambda t: theory.as_printed(0, d, T, sigma2)},
    )


@claim(
    "zhu2024.toedit_thm2",
    statement=r"E_{\mathrm{test}}(\hat w_{n+1}) \le \frac{2\sigma^2 d}{T-d-1} \text{ for all } n" + _PROTOCOL,
    relation="<=",
    provenance="text",
    source="Theorem 2, first bound, by the protocol as printed, with every row edited (M_n = 1), which the theorem does not exclude",
    expected="REFUTED",
    domain=domain("T >= d + 4", d=Integers(1), T=Integers(1), sigma2=Positive),
)
def toedit_thm2(d=3, T=20, sigma2=1.0, generations=6):
    """Then it is replacement, whose error grows as n + 1. Other rows each time pass the bound too, later (zhu2024.toedit, the
    figure); with Theorem 1 granted they would not."""
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        _edited(T, edits=[(0, T)]),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.ceiling(d, T, sigma2),
        mutants={"one fit": lambda t: theory.ceiling(d, T, sigma2) / 2},
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations),
    )


def _additive(d, T, m, n, seed=0):
    r"""$E[\ldots \mid X]$ of Theorem 1 for n edits of m rows each, in units of one fit, averaged over which rows they are."""
    inverse = np.linalg.pinv(np.random.default_rng(seed).standard_normal((T, d)))
    row = (inverse**2).sum(0)
    edited = np.arange(T) < m
    rounds = [sum(row[np.roll(edited, shift)].sum() for _ in range(n)) for shift in range(T)]
    return float(1 + np.mean(rounds) / row.sum())


@claim(
    "zhu2024.toedit_thm2.granted",
    statement=r"E_{\mathrm{test}}(\hat w_{n+1}) \le \frac{2\sigma^2 d}{T-d-1} \text{ for all } n \quad (\text{Theorem 1 granted})",
    relation="<=",
    provenance="derived",
    source="Theorem 2, first bound, from Theorem 1 as printed: half of the rows edited each time, given X and averaged over the rows",
    expected="REFUTED",
    domain=domain(("m <= T", "T >= d"), d=Integers(1), T=Integers(1), m=Integers(1), n=Integers(1)),
)
def granted(d=3, T=20, m=10, n=(1, 2, 3, 6)):
    """In units of the error of one fit. It fails at the third edit of half of the rows, also without the slip of Theorem 1."""
    return Computed(
        lambda k: _additive(d, T, m, k),
        lambda k: 2.0,
        {"one fit": lambda k: 1.0},
        at=tuple(n),
        index="n",
    )


@claim(
    "zhu2024.toedit_thm2.corrected",
    statement=r"E_{\mathrm{test}}(\hat w_{n+1}) = \frac{\sigma^2 d}{T-d-1}\Bigl(1 + \frac1T \sum_{i\le n} \operatorname{tr} M_i\Bigr) \quad (\text{Theorem 1 granted}),\ \text{at most } \tfrac{2\sigma^2 d}{T-d-1} \iff \sum_i \operatorname{tr} M_i \le T",
    relation="==",
    provenance="derived",
    source="rows are exchangeable, so an edit of m rows adds the share m/T of the noise of one fit",
    domain=domain(("m <= T", "T >= d"), d=Integers(1), T=Integers(1), m=Integers(1), n=Integers(1)),
)
def corrected(d=3, T=20, m=10, n=(1, 2, 3, 6)):
    return Computed(
        lambda k: _additive(d, T, m, k),
        lambda k: 1 + k * m / T,
        {
            "m + 1 for m": lambda k: 1 + k * (m + 1) / T,
            "capped at 2": lambda k: min(2.0, 1 + k * m / T),
            "4e-9 more": lambda k: (1 + k * m / T) * (1 + 4e-9),
        },
        at=tuple(n),
        index="n",
    )


@claim(
    "zhu2024.toedit_thm2.decreasing",
    statement=r"E_{\mathrm{test}}(\hat w_{n+1}) \le \frac{\sigma^2 d}{T-d-1} + \sigma^2 \sqrt{E\operatorname{tr}(X'X)^{-2}}\, \frac{\sqrt{E\operatorname{tr} M_1}}{1-\eta},\quad \|M_i\| = \eta\|M_{i-1}\|"
    + _PROTOCOL,
    relation="<=",
    provenance="text",
    source="Theorem 2, second bound, by the protocol as printed; edits of 16, 4 and 1 of 20 rows, so that eta = 1/2 in Frobenius norm",
    domain=domain(d=Integers(1), sigma2=Positive) & domain("d <= 12"),
)
def decreasing(d=3, sigma2=1.0):
    """The error is little more than a third of this bound, and above the first one, twice the error of one fit."""
    T, edits = 20, (16, 4, 1)
    bound = theory.decreasing_bound(d, T, sigma2, edits[0], 0.5)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        _edited(T, edits=[(0, m) for m in edits]),
        metric="risk",
        generations=len(edits) + 1,
        predicted=lambda t: bound,
        mutants={
            "the first bound, twice one fit": lambda t: theory.ceiling(d, T, sigma2),
            "one fit": lambda t: theory.ceiling(d, T, sigma2) / 2,
        },
    )
