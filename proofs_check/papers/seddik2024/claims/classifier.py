"""The softmax classifier is an empirical frequency per context: equation (2), and contexts visited at random."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import SETTING, P, squared_norm


def _softmax_fit(x, y, c, s, steps=60):
    """Newton's method on the cross-entropy of a one-hot softmax classifier; the last logit of every row is 0."""
    import numpy as np

    logits = np.zeros((c, s))
    for _ in range(steps):
        for j in range(c):
            rows = y[x == j]
            q = np.exp(logits[j]) / np.exp(logits[j]).sum()
            gradient = q - np.bincount(rows, minlength=s) / len(rows)
            hessian = np.diag(q) - np.outer(q, q)
            logits[j, :-1] -= np.linalg.solve(hessian[:-1, :-1], gradient[:-1])
    return np.exp(logits) / np.exp(logits).sum(1, keepdims=True)


@claim(
    "seddik2024.eq2",
    statement=r"\operatorname{softmax}(W' e_j) = \frac{1}{|C_j|} \sum_{l \in C_j} y_l, \quad C_j = \{l : x_l = e_j\}",
    relation="==",
    provenance="text",
    source="Equation (2), proved in appendix B.1: the classifier is an empirical frequency per context",
    domain=domain("rows >= c * s", c=Integers(1), s=Integers(2), rows=Integers(1), seed=Integers(0)),
)
def eq2(c=2, s=3, rows=40, seed=1):
    """The optimum found by Newton's method, one entry per index. Where a token was never seen the minimum is a limit
    (its weight tends to minus infinity), so the data here show every token in every context."""
    import numpy as np

    x, y = np.arange(rows) % c, np.random.default_rng(seed).integers(0, s, rows)
    y[: c * s] = np.repeat(np.arange(s), c)
    fitted = _softmax_fit(x, y, c, s).ravel()
    counts = np.stack([np.bincount(y[x == j], minlength=s) for j in range(c)]).astype(float)

    def frequencies(counts):
        return along((counts / counts.sum(1, keepdims=True)).ravel())

    return Computed(
        along(fitted),
        frequencies(counts),
        {"add-one smoothing": frequencies(counts + 1), "pooled over contexts": frequencies(counts.sum(0) + 0 * counts)},
        at=tuple(range(1, c * s + 1)),
        index="entry",
        rung="identity",
    )


@claim(
    "seddik2024.contexts",
    statement=r"S_t = 1 - (1 - S_0)\, f^t, \quad f = 1 - E\left[\tfrac{1}{n_j};\ n_j > 0\right], \quad n_j \sim \mathrm{Bin}(n, w_j)",
    relation="==",
    provenance="derived",
    source="contexts visited at random, unvisited rows kept; the paper fixes the numbers of visits",
    domain=SETTING & domain("n * weight >= 1", weight=Interval("(0, 1)")),
)
def contexts(p=P, n=12, weight=0.25, generations=5):
    """One of two contexts; in generations in which it is not visited, its row stays."""
    from scipy.stats import binom

    S0 = squared_norm(p)
    factor = 1 - sum(binom.pmf(k, n, weight) / k for k in range(1, n + 1))

    def first_context(model, truth):
        return (model.p[..., 0, :] ** 2).sum(-1)

    return Check(
        cj.Contexts([p, p], [weight, 1 - weight], unvisited="keep"),
        cj.Replace(n),
        metric=first_context,
        generations=generations,
        predicted=lambda t: theory.contexts(t, S0, factor),
        mutants={
            "n w_j visits for certain": lambda t: theory.contexts(t, S0, 1 - 1 / (n * weight)),
            "n visits": lambda t: theory.sum_of_squares(t, n, S0),
        },
        bounds=(1 / len(p), 1),
    )
