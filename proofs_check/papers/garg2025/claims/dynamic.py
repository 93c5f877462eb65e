"""Weights chosen anew at every fit: ratios of Fibonacci numbers."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.garg2025 import theory
from proofs_check.papers.garg2025.claims import _setups as setups


@claim(
    "garg2025.dynamic",
    statement=r"\min_{w_t} \frac{E\|b_t-b\|^2}{E\|b_1-b\|^2} = v_t = \frac{1+v_{t-1}}{2+v_{t-1}} = \frac{F_{2t-1}}{F_{2t}},\quad w_t = v_t:\ \tfrac23, \tfrac58, \tfrac{13}{21}, \ldots",
    relation="==",
    provenance="derived",
    source="Section 3.1 as reviews describe it, with the weight 2/3 of the first synthetic fit; closed form derived, simulated at these weights",
    domain=domain("n >= d + 4", n=Integers(2), d=Integers(1), sigma2=Positive),
)
def dynamic(n=40, d=5, sigma2=1.0, generations=8):
    workflow = setups.mixed(n, weight=[theory.dynamic(t) for t in range(1, generations + 1)])
    one = sigma2 * d / (n - d - 1)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        workflow,
        metric="risk",
        generations=generations,
        predicted=lambda t: one * theory.dynamic(t),
        mutants={
            "weight 1/2": lambda t: theory.ols(t, n, d, sigma2, 0.5),
            "F_t/F_{t+1}": lambda t: one * (1.0, 0.5, 2 / 3, 0.6, 0.625, 8 / 13)[min(t, 6) - 1],
            "no gain": lambda t: one,
        },
        law=least_squares_law(workflow, d, n, sigma2, generations),
    )


def _searched(last, k):
    """The best weights of fits 2, .., and the smallest variances of fits 1, .., each by a search of its own."""
    weights, v = [1.0], [1.0]
    for _ in range(last - 1):
        before = v[-1]
        found = setups.best(lambda w, before=before: w**2 + (1 - w) ** 2 * (before + k))
        weights.append(found)
        v.append(found**2 + (1 - found) ** 2 * (before + k))
    return weights, v


@claim(
    "garg2025.dynamic.weight",
    statement=r"\arg\min_w \{w^2 + (1-w)^2(v_{t-1}+1)\} = \frac{F_{2t-1}}{F_{2t}} \to \frac{\sqrt5-1}{2}",
    relation="==",
    provenance="derived",
    source="Section 3.1 as reviews describe it; a search at every fit beside the ratios of whole Fibonacci numbers",
    domain=domain(generations=Integers(3)),
)
def weight(generations=8):
    weights, _ = _searched(generations, 1.0)
    fibonacci = [0, 1]
    while len(fibonacci) <= 2 * generations + 1:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    return Computed(
        lambda t: weights[t - 1],
        lambda t: fibonacci[2 * t - 1] / fibonacci[2 * t],
        {
            "F_t/F_{t+1}": lambda t: fibonacci[t] / fibonacci[t + 1],
            "the golden ratio from the start": lambda t: theory.golden_ratio(),
            "4e-6 of it more": lambda t: fibonacci[2 * t - 1] / fibonacci[2 * t] * (1 + 4e-6),
        },
        at=tuple(range(2, generations + 1)),
        tolerance=1e-6,
        scale=1.0,
        rung="identity",
    )


@claim(
    "garg2025.dynamic.ratio",
    statement=r"v_t = \frac{v_{t-1}+k}{1+v_{t-1}+k} \to \frac{\sqrt{k^2+4k}-k}{2} \quad (k \text{ real over synthetic data})",
    relation="==",
    provenance="derived",
    source="the minimum of w^2 + (1 - w)^2 (v + k), by a search, iterated 60 times; its fixed point",
)
def ratio():
    return Computed(
        lambda k: _searched(60, k / 100)[1][-1],
        lambda k: (((k / 100) ** 2 + 4 * k / 100) ** 0.5 - k / 100) / 2,
        {
            "the golden ratio": lambda k: theory.golden_ratio(),
            "k/(1 + k)": lambda k: k / (100 + k),
            "one step": lambda k: theory.dynamic_step(1.0, k / 100),
        },
        at=(10, 50, 100, 400),
        index="100 k",
        rung="identity",
    )


@claim(
    "garg2025.dynamic.app_c",
    statement=r"\frac{E\|b_2-b\|^2}{E\|b_1-b\|^2} = w^2+(1-w)^2",
    relation="==",
    provenance="note",
    source="an intermediate equation of Appendix C as reviewers quote it; it lacks the noise that model 1 hands on",
    expected="REFUTED",
    domain=domain("n >= d + 2", n=Integers(2), d=Integers(1)),
)
def app_c(n=40, d=5):
    """By the pedigree it is w^2 + 2 (1 - w)^2, of which the minimum is at 2/3, the weight that the paper gives."""
    return Computed(
        lambda w: float(setups.spread(setups.mixed(n, weight=w / 100), 2)[-1]),
        lambda w: (w / 100) ** 2 + (1 - w / 100) ** 2,
        {"1": lambda w: 1.0, "3 for 2": lambda w: (w / 100) ** 2 + 3 * (1 - w / 100) ** 2},
        at=(30, 50, 67, 90),
        index="100 w",
    )
