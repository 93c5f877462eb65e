"""Iterated learning of two languages converges to the prior, at a rate that is known."""

import collapse_jax as cj
from collapse_jax.laws.domain import Interval, Probability, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.griffiths2007 import theory

SETTING = domain(a=Interval("(0, 1)"), e=Interval("(0, 0.5)"), s=Probability)


def _transition(a, e, s):
    """P(next language | language), by summing over what is heard; language 1 first."""
    import numpy as np

    says = np.array([[s, (1 - s) * (1 - e), (1 - s) * e], [s, (1 - s) * e, (1 - s) * (1 - e)]])
    joint = np.array([[a], [1 - a]]) * says
    return says @ (joint / joint.sum(0)).T


def _second(a, e, s):
    import numpy as np

    return float(np.sort(np.linalg.eigvals(_transition(a, e, s)).real)[0])


@claim(
    "griffiths2007.eigenvalue",
    statement=r"\lambda_2 = 1 - \left[s + (1-s)(1-e)\,e\left(\frac{1}{a + e - 2ae} + \frac{1}{1 - a - e + 2ae}\right)\right]",
    relation="==",
    provenance="note",
    source="as quoted; a is the prior of language 1, e the noise, s how often an utterance is shared by both languages",
    domain=domain(s=Probability),
)
def eigenvalue(s=0.2):
    """At ten pairs of prior and noise, beside the eigenvalues of the transition matrix; that s is the probability of an
    utterance which tells nothing is our reading, under which the quoted formula is exact."""
    points = [(a, e, s) for a in (0.1, 0.3, 0.5, 0.7, 0.95) for e in (0.02, 0.3)]
    return Computed(
        lambda k: _second(*points[k - 1]),
        lambda k: theory.eigenvalue(*points[k - 1]),
        {
            "(1 - e) for (1 - s)": lambda k: 1 - (s + points[k - 1][1] * (1 - points[k - 1][1]) * 4),
            "s a little larger": lambda k: theory.eigenvalue(points[k - 1][0], points[k - 1][1], s * 1.001),
        },
        at=tuple(range(1, len(points) + 1)),
        index="point",
        scale=1.0,
    )


@claim(
    "griffiths2007.eigenvalue.prior",
    statement=r"P(h_t = 1) = a + (\pi_0 - a)\, \lambda_2^t \longrightarrow a",
    relation="==",
    provenance="derived",
    source="the chain of two states with this eigenvalue and the prior as its stationary law, simulated as learners",
    domain=SETTING,
)
def prior(a=0.3, e=0.1, s=0.2, generations=8):
    """The first learner hears language 1. Whatever is handed on, learners end with what they believed before."""
    import numpy as np

    from proofs_check.papers.griffiths2007.learners import Learner

    step = _transition(a, e, s)

    def speaks_one(model, truth):
        return model.language > 0.5

    return Check(
        Learner(1.0, a, e, s),
        cj.Replace(1),
        metric=speaks_one,
        generations=generations,
        statistic="probability",
        predicted=lambda t: theory.mean_prior(t, a, e, s, 1.0),
        mutants={
            "one learner late": lambda t: theory.mean_prior(t, a, e, s, theory.eigenvalue(a, e, s)),
            "nothing is lost": lambda t: 1 - 0.01 * t,
        },
        law=lambda t: float((np.array([1.0, 0.0]) @ np.linalg.matrix_power(step, t))[0]),
    )
