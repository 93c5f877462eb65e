"""What data of unknown provenance are worth: n alpha^2 in place of n alpha."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.kanabar2025 import theory

P = (0.5, 0.3, 0.2)
SETTING = domain("max(p) < 1", p=Probabilities, n=Integers(2), share=Interval("(0, 1)"))


def _check(p, n, share, generations, estimate, predicted, mutants):
    return Check(
        cj.Categorical(p),
        cj.Contaminated(n, share=share, estimate=estimate),
        metric="squared_error",
        generations=generations,
        predicted=predicted,
        mutants=mutants,
    )


def _squared_error(n, shares, gains, p):
    r"""$E\|\hat p_t - p\|_2^2$ of two symbols, by going through the counts of all generations."""
    import numpy as np
    from scipy.stats import binom

    counts, mass, estimate = np.arange(n + 1), np.ones(1), np.zeros(1)
    for share, gain in zip(shares, gains, strict=True):
        law = binom.pmf(counts, n, (share * p + (1 - share) * estimate)[:, None])
        mass = (mass[:, None] * law).ravel()
        estimate = (estimate[:, None] + gain * (counts / n - estimate[:, None])).ravel()
    return 2 * float(mass @ (estimate - p) ** 2)


@claim(
    "kanabar2025.linear",
    statement=r"R_t = \mathrm{ESS}_t^{-2} \sum_{i \le t} n_i \alpha_i^2 \left[1 - S_0 - (1 - \alpha_i)^2 R_{i-1}\right]",
    relation="==",
    provenance="derived",
    source="the average of [emp_i - (1 - alpha_i) phat_{i-1}] / alpha_i with weights n_i alpha_i^2 / ESS_t",
    domain=SETTING,
)
def linear(p=P, n=20, share=0.4, generations=8):
    """Exact while the estimate stays in the simplex, which n_t alpha_t <= ESS_t ensures; it is then a convex
    combination of the last estimate and the last sample."""
    S0 = sum(q * q for q in p)
    mutants = {
        "labels known": lambda t: (1 - S0) / theory.oracle(t, n, share),
        "1 - alpha, not squared": lambda t: theory.linear(t, n, 1 - (1 - share) ** 0.5, S0),
    }
    return _check(p, n, share, generations, "linear", lambda t: theory.linear(t, n, share, S0), mutants)


@claim(
    "kanabar2025.linear.enumerated",
    statement=r"R_t = \mathrm{ESS}_t^{-2} \sum_{i \le t} n_i \alpha_i^2 \left[1 - S_0 - (1 - \alpha_i)^2 R_{i-1}\right] \quad \text{(two symbols, all counts)}",
    relation="==",
    provenance="derived",
    source="kanabar2025.linear by going through the counts of all generations",
    domain=SETTING.only(("n", "share")) & domain(p=Interval("(0, 1)")),
)
def linear_enumerated(p=0.3, n=8, share=0.4):
    S0 = p * p + (1 - p) ** 2
    protocol = cj.Contaminated(n, share=share, estimate="linear")
    return Computed(
        lambda t: _squared_error(n, protocol.alpha(t), protocol.gains(t), p),
        lambda t: theory.linear(t, n, share, S0),
        {
            "the bound": lambda t: theory.linear_bound(t, n, share, S0),
            "share + 1/1000": lambda t: theory.linear(t, n, share + 0.001, S0),
        },
        at=(1, 2, 3, 4),
    )


@claim(
    "kanabar2025.linear.bound",
    statement=r"R_t \le \frac{1 - S_0}{\mathrm{ESS}_t} \le \frac{1 - 1/k}{\mathrm{ESS}_t}",
    relation="<=",
    provenance="derived",
    source="kanabar2025.linear without its negative terms: what ESS is for",
    domain=SETTING,
)
def linear_bound(p=P, n=20, share=0.4, generations=8):
    S0 = sum(q * q for q in p)
    mutants = {"three quarters of it": lambda t: 0.75 * theory.linear_bound(t, n, share, S0)}
    return _check(p, n, share, generations, "linear", lambda t: theory.linear_bound(t, n, share, S0), mutants)


@claim(
    "kanabar2025.pooled",
    statement=r"R_{t+1} = \frac{[N + n(1-\alpha)]^2 R_t + n\left[1 - S_0 - (1-\alpha)^2 R_t\right]}{(N + n)^2}, \quad N = n t",
    relation="==",
    provenance="derived",
    source="all data so far taken as if they were real",
    domain=SETTING,
)
def pooled(p=P, n=20, share=0.4, generations=8):
    S0 = sum(q * q for q in p)
    mutants = {
        "the linear estimate": lambda t: theory.linear(t, n, share, S0),
        "all real": lambda t: (1 - S0) / (n * t),
    }
    return _check(p, n, share, generations, "pooled", lambda t: theory.pooled(t, n, share, S0), mutants)


@claim(
    "kanabar2025.pooled.worse",
    statement=r"R_t(\text{linear}) < R_t(\text{pooled}) \quad \text{from some } t \text{ on}",
    relation="<=",
    provenance="derived",
    source="the two exact recursions; early on the pooled estimate can be the better one",
    domain=SETTING.only(("n", "share")) & domain(k=Integers(2)),
)
def pooled_worse(k=10, n=100, share=0.1):
    """With a tenth of real data, from t = 100 on; at t = 31 it is .00667 against .00538 or less."""
    return Computed(
        lambda t: theory.linear_worst(t, n, share, k),
        lambda t: theory.pooled(t, n, share, 1 / k),
        {"half of the pooled error": lambda t: theory.pooled(t, n, share, 1 / k) / 2},
        at=(31, 100, 1000),
    )


def _bayes(n_first, n, share):
    r"""The Bayes risk of two symbols under a uniform prior, given $n_1$ real observations and then n of the mixture."""
    import numpy as np
    from scipy.special import roots_legendre
    from scipy.stats import binom

    nodes, weights = roots_legendre(200)
    p, prior = (nodes + 1) / 2, weights / 2
    first, later = np.arange(n_first + 1), np.arange(n + 1)
    seen = binom.pmf(first[:, None], n_first, p)  # (first, p)
    share_of_one = share * p + (1 - share) * (first / n_first)[:, None]
    joint = seen[:, None] * binom.pmf(later[:, None], n, share_of_one[:, None]) * prior
    mass = joint.sum(-1)
    explained = np.where(mass > 0, (joint @ p) ** 2 / np.where(mass > 0, mass, 1), 0)
    return 2 * float(((joint @ p**2) - explained).sum())


@claim(
    "kanabar2025.minimax",
    statement=r"\frac{c_1}{\sum n_i \alpha_i^2} \le r_{t,k} \le \frac{c_2}{\sum n_i \alpha_i^2}, \quad c_1 = \tfrac14,\ c_2 = \tfrac12 \quad (k = 2,\ t = 2)",
    relation="between",
    provenance="derived",
    source="the form of the minimax theorem with constants of ours: the Bayes risk of the last estimate bounds r from below",
    domain=domain(n_first=Integers(8), n=Integers(1)),
)
def minimax(n_first=40, n=400):
    """The paper says "c1, c2 in most regimes" and gives no constants. What is enclosed is the Bayes risk under a uniform prior,
    the first estimate being the empirical one: exact, no larger than the minimax risk over the last estimate, which the linear
    estimate bounds by (1 - 1/k)/ESS. With labels known the risk is below c1 over ESS, by far."""
    shares = (0.02, 0.1, 0.2, 0.4)

    def sizes(k):
        return (n_first, n), (1, shares[k - 1])

    def enclosed(k, factor=1.0):
        ess = theory.effective(2, *sizes(k))
        return factor / (4 * ess), factor / (2 * ess)

    def labelled(k):
        real = theory.oracle(2, *sizes(k))
        return 1 / (4 * real), 1 / (2 * real)

    return Computed(
        lambda k: _bayes(n_first, n, shares[k - 1]),
        enclosed,
        {"labels known, n alpha": labelled, "half of both": lambda k: enclosed(k, 0.5)},
        at=(1, 2, 3, 4),
        index="share",
        bounds=(0, 1),
    )
