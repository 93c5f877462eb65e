"""The closed loop: what a temperature does without external data."""

from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.marchi2024 import theory
from proofs_check.papers.marchi2024.claims._setups import at_size, frequency_laws, from_one_of_each

P = (0.5, 0.3, 0.2)
_MODEL = "the model of the abstract: the data set grows by draws at temperature T; derived"
SETTING = domain("max(p) < 1", p=Probabilities, first=Integers(2))


@claim(
    "marchi2024.T1",
    statement=r"1 - S_t = (1 - S_0)\left(1 - \tfrac1A\right) \prod_{k=A+1}^{A+t-1} \left(1 - \tfrac{1}{k^2}\right) \longrightarrow (1 - S_0)\left(1 - \tfrac1A\right)\tfrac{A}{A + 1}",
    relation="==",
    provenance="derived",
    source=_MODEL + "; Polya's urn, whose composition tends to a Dirichlet law",
    domain=SETTING,
)
def T1(p=P, first=10, generations=30):
    """T = 1 is the only temperature whose closed loop does not degenerate: neither collapse nor uniformity."""
    S0 = sum(q * q for q in p)
    return Check(
        cj.Categorical(p),
        cj.Tempered(cj.Urn(1, first=first), temperature=1.0),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.polya_squares(t, first, S0),
        mutants={
            "the limit at once": lambda t: 1 - (1 - S0) * (1 - 1 / first) * first / (first + 1),
            "replacement of one": lambda t: 1 - (1 - S0) * (1 - 1 / first) ** t,
        },
        law=_pedigree(first, S0, generations),
    )


def _pedigree(first, S0, generations):
    from proofs_check.curves import quadratic_law

    error = quadratic_law(cj.Urn(1, first=first), 1 - S0, -1, generations)
    return lambda t: S0 + error(t)


@claim(
    "marchi2024.T1.dirichlet",
    statement=r"\theta_\infty \sim \mathrm{Beta}(C_1, C_2): \quad E\,\theta_\infty (1 - \theta_\infty) = \frac{C_1 C_2}{N (N + 1)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=_MODEL + "; exact law of the urn when it holds 2000, from one of each",
)
def T1_dirichlet():
    """Powers of theta, indices being the power; the limit is uniform, E theta^k = 1/(k + 1)."""
    law = from_one_of_each(1.0, 1999)[-1]
    return Computed(
        lambda k: float(laws.urn.expectation(lambda x: x**k, [law])[0]),
        lambda k: 1 / (k + 1),
        {"Beta(2, 2)": lambda k: 6 / ((k + 2) * (k + 3)), "a two-point law": lambda k: 0.5},
        at=(1, 2, 3, 6),
        index="k",
        allowance=lambda k: 1 / 2000,
    )


@claim(
    "marchi2024.Tlow",
    statement=r"T < 1: \quad \log_2 \frac{P(\epsilon < \theta_N < 1 - \epsilon)}{P(\epsilon < \theta_{2N} < 1 - \epsilon)} \longrightarrow \tfrac1T - 1 > 0 \quad \text{(monopoly)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=_MODEL
    + "; a generalised Polya urn of feedback exponent 1/T, in which one symbol takes all but finitely many draws",
    domain=domain(T=Interval("(0, 0.7]"), eps=Interval("(0, 0.4]")),
)
def Tlow(T=0.5, eps=0.1):
    """Exact laws of two symbols at N and 2 N. The remainder allowed is 15/N. Closer to T = 1 it is too slow to be seen at
    such sizes: at T = .8 the larger share is .66, .78, .88 after 300, 3,000 and 30,000 draws."""

    def between(N):
        return at_size(T, N, lambda x: (x > eps) & (x < 1 - eps))

    return Computed(
        lambda N: log(between(N) / between(2 * N)) / log(2),
        lambda N: theory.monopoly_exponent(T),
        {"1/T": lambda N: 1 / T, "none, as at T = 1": lambda N: 0.0, "a tenth less": lambda N: 0.9 * (1 / T - 1)},
        at=(250, 500, 1000),
        index="N",
        allowance=lambda N: 15 / N,
    )


@claim(
    "marchi2024.Tlow.never",
    statement=r"T = \tfrac12: \quad P(\text{the second symbol is not drawn before } t) = \prod_{k=1}^{t-1} \frac{k^2}{k^2 + 1} \downarrow \frac{\pi}{\sinh \pi} = .272",
    relation="==",
    provenance="derived",
    source=_MODEL + "; from one of each of two symbols",
)
def Tlow_never():
    """With a chance of .27 nothing but the first symbol drawn is ever drawn again (twice that for either)."""
    return Computed(
        lambda t: float(from_one_of_each(0.5, 2000)[t - 1][-2]) if t > 1 else 1.0,
        theory.never_drawn,
        {
            "the limit": lambda t: theory.never_drawn_limit(),
            "T = 1": lambda t: 1 / t,
        },
        at=(2, 5, 20, 100, 1000),
    )


@claim(
    "marchi2024.Tlow.urn",
    statement=r"T = \tfrac12: \quad E \max_i \theta_i \text{ of the urn, exactly}",
    relation="==",
    provenance="derived",
    source=_MODEL
    + "; the chain of counts of two symbols, n draws per generation, simulated by the workflows Urn and Tempered",
    domain=domain(T=Interval("(0, 3]"), n=Integers(1), first=Integers(2)),
)
def Tlow_urn(T=0.5, n=4, first=10, generations=20):
    exact = laws.urn.expectation(lambda x: abs(x - 0.5) + 0.5, frequency_laws(T, first, generations, n))
    plain = laws.urn.expectation(lambda x: abs(x - 0.5) + 0.5, frequency_laws(1.0, first, generations, n))
    return Check(
        cj.Bernoulli(0.5),
        cj.Tempered(cj.Urn(n, first=first), temperature=T),
        metric=larger_share,
        generations=generations,
        predicted=along(exact),
        mutants={"T = 1": along(plain), "T a little higher": along(0.7 * exact + 0.3 * plain)},
        bounds=(0.5, 1),
    )


def larger_share(model, truth):
    return abs(model.p - 0.5) + 0.5


@claim(
    "marchi2024.Thigh",
    statement=r"T > 1: \quad \log_2 \frac{E\|\theta_N - u\|^2}{E\|\theta_{2N} - u\|^2} \longrightarrow \min\left\{2\left(1 - \tfrac1T\right), 1\right\} > 0 \quad \text{(uniform)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=_MODEL + "; the mean field contracts at rate 1 - 1/T in log N, and draws add noise of order 1/N",
    domain=domain(T=Interval("[3, 10]")),
)
def Thigh(T=3.0):
    """Two symbols from one of each, exact laws. The remainder allowed is N^(-1/3)/2, enough for
    T >= 3; nearer to 2 the two rates are close, and at T = 2 there is a logarithm."""

    def spread(N):
        return at_size(T, N, lambda x: (x - 0.5) ** 2)

    return Computed(
        lambda N: log(spread(N) / spread(2 * N)) / log(2),
        lambda N: theory.decay_exponent(T),
        {"none, as at T = 1": lambda N: 0.0, "twice as fast": lambda N: 2.0},
        at=(250, 500, 1000),
        index="N",
        allowance=lambda N: 0.5 * N ** (-1 / 3),
    )


@claim(
    "marchi2024.Thigh.support",
    statement=r"\theta_{1,i} = 0 \Rightarrow \theta_{t,i} = 0 \text{ at every } T: \quad E\,|\mathrm{supp}\,\theta_t| = \sum_i \left[1 - (1 - p_i)^A\right]",
    relation="==",
    provenance="derived",
    source=_MODEL + "; the uniform law it tends to is that on the symbols of the first data set",
    domain=SETTING,
)
def Thigh_support(p=(0.7, 0.2, 0.1), first=8, generations=10):
    def seen(t):
        return sum(1 - (1 - q) ** first for q in p)

    return Check(
        cj.Categorical(p),
        cj.Tempered(cj.Urn(5, first=first), temperature=3.0),
        metric="support_size",
        generations=generations,
        predicted=seen,
        mutants={
            "all symbols": lambda t: len(p),
            "those of the next draw, too": lambda t: sum(1 - (1 - q) ** (first + 2) for q in p),
        },
    )
