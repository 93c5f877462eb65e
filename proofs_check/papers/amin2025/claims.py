"""Claims about one prompt under a noisy filter and a weak labeler (after Amin et al. 2025)."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Probability, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.amin2025 import theory

_SETTING = domain(
    q=Interval("[0, 1)"), beta=Interval("[0, 1)"), gamma=Probability, n=Integers(1, 3000), generations=Integers(2)
)


def wrong_answers(model, truth):
    """Probability of a bad answer."""
    return 1 - model.p


def _mean_by_law(q, beta, gamma, n, t):
    from collapse_jax.laws import selection

    law = selection.distribution(q, n, t, lambda x: theory.labelled(x, beta, gamma))
    return 1 - sum(k * mass for k, mass in enumerate(law)) / n


@claim(
    "amin2025.surrogate",
    statement=r"E (1 - q_t) = (1 - q_0)\,\bigl(1 - \beta (1 - \gamma)\bigr)^{t - 1}",
    relation="==",
    provenance="derived",
    source="one prompt; the drift is linear, so that n does not matter; the fit t = 1 is on the answers of the start",
    domain=_SETTING,
)
def surrogate(q=0.1, beta=0.2, gamma=0.25, n=20, generations=6):
    """Beside it the exact chain of n answers per generation."""
    from proofs_check.papers.amin2025.workflows import Relabelled

    return Check(
        cj.Bernoulli(q),
        Relabelled(cj.Replace(n), beta, gamma),
        metric=wrong_answers,
        generations=generations,
        predicted=lambda t: theory.wrong(t - 1, q, beta, gamma),
        mutants={
            "a filter that misses nothing": lambda t: theory.wrong(t - 1, q, beta, 0),
            "no labeler": lambda t: 1 - q,
            "gamma .03 larger": lambda t: theory.wrong(t - 1, q, beta, gamma + 0.03),
        },
        bounds=(0, 1),
        law=lambda t: _mean_by_law(q, beta, gamma, n, t),
    )


@claim(
    "amin2025.surrogate.generations",
    statement=r"t_\epsilon = \frac{\log(\epsilon / (1 - q_0))}{\log(1 - \beta (1 - \gamma))} \le \frac{\log(1 / \epsilon)}{\beta (1 - \gamma)}",
    relation="<=",
    provenance="derived",
    source="from log(1 - x) <= -x: the order O(log(1 / eps) / beta) of Theorem 5, for one prompt",
    domain=_SETTING & domain(beta=Interval("(0, 1)"), gamma=Interval("[0, 1)")),
)
def surrogate_generations(q=0.0, beta=0.05, gamma=0.0):
    """Over exponents k, for eps = 10^-k."""
    return Computed(
        lambda k: theory.generations_needed(10.0**-k, q, beta, gamma) if 10.0**-k <= 1 - q else 0.0,
        lambda k: k * math.log(10) / (beta * (1 - gamma)),
        {
            "four percent fewer": lambda k: 0.96 * k * math.log(10) / (beta * (1 - gamma)),
            "log(1 / eps) / sqrt(beta)": lambda k: k * math.log(10) / (beta * (1 - gamma)) ** 0.5,
        },
        at=(1, 2, 4, 8),
        index="k",
        rung="identity",
    )


@claim(
    "amin2025.surrogate.without_labeler",
    statement=r"\beta = 0: \quad P(q_t = 1) \to q_0, \quad P(q_t = 0) \to 1 - q_0",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="a filter alone adds nothing: the drift that is left ends in a lottery",
    domain=domain("generations >= 20 * n", q=Interval("(0, 1)"), n=Integers(1, 200), generations=Integers(1)),
)
def without_labeler(q=0.1, n=20, generations=400):
    """By the exact chain; `end` 0 is the probability of only bad answers, 1 that of only good ones."""
    from collapse_jax.laws import selection

    law = selection.distribution(q, n, generations, lambda x: theory.labelled(x, 0.0, 0.5))
    return Computed(
        lambda end: float(law[-end]),
        lambda end: q if end else 1 - q,
        {"never": lambda end: 0.0, "3 % more": lambda end: 1.03 * (q if end else 1 - q)},
        at=(0, 1),
        index="end",
        tolerance=1e-6,
    )
