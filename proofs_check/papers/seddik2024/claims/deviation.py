"""Theorems 3 and 4, their corollary and Lemma 1: bounds on the deviation from the first fit."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain, domain_of
from proofs_check.claim import Check, claim, require
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import SETTING, P, figure_law, l1_from_first, one_context


@claim(
    "seddik2024.L1dev",
    statement=r"E\,\|p^{(t)} - p^{(1)}\|_1 \le \sqrt{\frac{n (1 - 1/N)}{N^2 + 2 N n + n}} \sum_i \sqrt{p_i (1 - p_i)} < \sqrt{\frac{\tilde s - 1}{2 N}}",
    relation="<=",
    provenance="derived",
    source="Cauchy-Schwarz on seddik2024.L2dev, symbol by symbol",
    domain=SETTING & domain(N=Integers(2)),
)
def L1dev(p=P, n=40, N=20, generations=8):
    """What Theorems 3 and 4 bound, without a constant that explodes: bounded for any amount of synthetic data, so that
    "synthetic data should be exponentially smaller than real data" is a property of the proof, not of the model. At the
    parameters of the paper's figure 3 (N = 100, n = 10, 52 symbols) it gives .164, simulated .097, Theorem 3 25,000."""
    bound = theory.corpus_l1_bound(n, N, p)
    return Check(
        cj.Categorical(p),
        cj.FixedReal(n, n_real=N),
        metric=l1_from_first(),
        generations=generations,
        at=tuple(range(2, generations + 1)),
        predicted=lambda t: bound,
        mutants={"half of it": lambda t: bound / 2, "N + 2 n for N": lambda t: theory.corpus_l1_bound(n, N + 2 * n, p)},
        bounds=(0, 2),
    )


def _theorem34(bound, n, N, generations, mutants):
    p = figure_law()
    return Check(
        one_context(p, n),
        cj.FixedReal(n, n_real=N),
        metric=l1_from_first(),
        generations=generations,
        at=tuple(range(2, generations + 1)),
        predicted=lambda t: bound,
        mutants={name: (lambda t, value=value: value) for name, value in mutants.items()},
        scale=0.1,
        bounds=(0, 2),
    )


@claim(
    "seddik2024.thm3",
    statement=r"E\,\|p^{(t)} - p^{(1)}\|_1 < \frac1N \sqrt{\frac{\pi n}{2}}\; G_n(s), \quad t \ge 2",
    relation="<=",
    provenance="text",
    source="Theorem 3, at the parameters of figures 3 and 4: N = 100, n = 10, s = 600",
    domain=SETTING,
)
def thm3(n=10, N=100, s=600, generations=12):
    """True, and VACUOUS there: the bound is 25,000 for a distance that cannot exceed 2 and is about .1 (see
    seddik2024.L1dev for a bound of .164). The proof integrates G exp(-n phi t^2/4) over all t without capping
    the probability at 1. With three symbols it does say something (G = 6)."""
    bound = theory.theorem3(n, N, s)
    return _theorem34(bound, n, N, generations, {"without G": bound / theory.deviation_polynomial(n, s)})


@claim(
    "seddik2024.thm4",
    statement=r"E\,\|p^{(t)} - p^{(1)}\|_1 < \frac1N \sqrt{\frac{\pi n}{\varphi(\zeta)}}\; G_n(s), \quad \zeta = \tfrac12 - \left(\tfrac12 - 2 M\right)\left(\tfrac{N}{N+n}\right)^2",
    relation="<=",
    provenance="text",
    source="Theorem 4, at the parameters of figures 3 and 4; M = E max_A p^(1)(A) p^(1)(A^c)",
    domain=SETTING & domain(M=Interval("(0, 0.25]")),
)
def thm4(n=10, N=100, s=600, M=0.249975, generations=12):
    """As vacuous as Theorem 3, of which it sharpens the constant. With 52 symbols some event practically always
    has a frequency within 1/(2N) of one half, hence M >= 1/4 - 1/(4 N^2), phi is 2 to four digits and nothing is gained."""
    bound = theory.theorem4(n, N, s, M)
    return _theorem34(bound, n, N, generations, {"without G": bound / theory.deviation_polynomial(n, s)})


@claim(
    "seddik2024.eq11",
    statement=r"n \le \frac{2\pi}{e^2}\min\left\{s - 2,\ \log\frac{\sqrt2\,\pi N \epsilon}{6 e s}\right\} \Rightarrow E\,\|p^{(t)} - p^{(1)}\|_1 < \epsilon",
    relation="<=",
    provenance="text",
    source="Equation (11), corollary of Theorem 3",
    domain=domain_of(theory.corollary_size)
    & domain(("n <= 1.7", "0.85 * log(0.0681 * N * epsilon) >= n"), n=Integers(1)),
)
def eq11(n=1, N=500, epsilon=0.1, generations=20):
    """True and far from sharp: four symbols, where 500 real observations are said to be needed for one synthetic one."""
    p = (0.4, 0.3, 0.2, 0.1)
    allowed = theory.corollary_size(N, len(p), epsilon)
    require(n <= allowed, f"n={n} is more than the {allowed:.3g} that (11) allows; use a larger N or epsilon")
    return Check(
        cj.Categorical(p),
        cj.FixedReal(n, n_real=N),
        metric=l1_from_first(),
        generations=generations,
        at=tuple(range(2, generations + 1)),
        predicted=lambda t: epsilon,
        mutants={"epsilon / 100": lambda t: epsilon / 100},
        bounds=(0, 2),
    )


def _multinomial_l1(p, n, distance):
    """P(|phat - p|_1 >= distance) for three symbols, by summing over all counts."""
    import numpy as np
    from scipy.stats import multinomial

    i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    counts = np.stack([i, j, n - i - j], -1)[i + j <= n]
    far = np.abs(counts / n - np.asarray(p)).sum(-1) >= distance - 1e-12
    return float(multinomial.pmf(counts[far], n, p).sum())


@claim(
    "seddik2024.lem1",
    statement=r"P\left(\|\hat p_n - p\|_1 \ge \epsilon\right) \le G_n(s)\, e^{-n \varphi(\pi_p) \epsilon^2 / 4}",
    relation="<=",
    provenance="text",
    source="Lemma 1 (Mardia et al. 2020); for three symbols G = 2^s - 2 = 6 and it is Weissman's inequality",
    domain=domain(n=Integers(1), epsilon=Interval("(0, 2)")),
)
def lem1(n=100, epsilon=0.25):
    """p = (.5, .3, .2), for which pi_p = 1/2 and phi = 2."""
    bound = theory.deviation_polynomial(n, 3) * 2.718281828459045 ** (-n * theory.phi(0.5) * epsilon**2 / 4)

    def far(model, truth):
        return abs(model.p - truth.p).sum(-1) >= epsilon - 1e-12

    return Check(
        cj.Categorical(P),
        cj.Replace(n),
        metric=far,
        generations=1,
        statistic="probability",
        predicted=lambda t: bound,
        mutants={"exponent doubled": lambda t: bound**2 / 6, "a twentieth of it": lambda t: bound / 20},
        scale=bound,
        bounds=(0, 1),
        law=lambda t: _multinomial_l1(P, n, epsilon),
    )
