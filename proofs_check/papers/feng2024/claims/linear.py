"""A linear generator and a linear verifier: their bits depend on x, and Theorem 4.2 does not speak of them."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from collapse_jax.optimise import bracket
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.feng2024 import planar, theory

_ANGLES = domain(
    ("abs(g) >= 0.01", "abs(g - v) >= 0.15", "abs(g - v) <= 2.5"),
    mu=Interval("(0, 3]"),
    g=Interval("(-1.5, 1.5)"),
    v=Interval("(-1.5, 1.5)"),
)
_READ = "labels sign(g.x) kept where sign(v.x) agrees; g and v at angles from the mean, in one plane"


def _quality(mu, g, v):
    """p, phi, psi and the share of right labels among those kept."""
    found = planar.kept(mu, g, v)
    p = 1 - found.right
    total = found.right_kept + found.wrong_kept
    return p, found.right_kept / found.right, found.wrong_kept / p, found.right_kept / total


@claim(
    "feng2024.orthant",
    statement=r"p = \Phi(-a),\ \phi = \frac{\Phi_2(a, b; r)}{\Phi(a)},\ \psi = \frac{\Phi_2(-a, -b; r)}{\Phi(-a)},\ P(\text{right} \mid \text{kept}) = \frac{\phi (1 - p)}{\phi (1 - p) + \psi p}",
    relation="==",
    provenance="derived",
    source=f"{_READ}; a = mu.g, b = mu.v, r = g.v; beside integrals over cones in polar coordinates",
    domain=_ANGLES,
)
def orthant(mu=1.0, g=1.2, v=-0.6):
    """Entry 1 is p, 2 is phi, 3 is psi, 4 the share of right labels among those kept."""
    a, b, r = mu * math.cos(g), mu * math.cos(v), math.cos(g - v)
    found = _quality(mu, g, v)

    def stated(a, b, r):
        p, phi, psi = theory.wrong(a), theory.kept_right(a, b, r), theory.kept_wrong(a, b, r)
        return p, phi, psi, theory.correct_given_kept(p, phi, psi)

    right, unsigned, nearer = stated(a, b, r), stated(a, b, -r), stated(a, b, math.cos(0.95 * (g - v)))
    alone = theory.wrong(-b)
    return Computed(
        lambda entry: found[entry - 1],
        lambda entry: right[entry - 1],
        {
            "r of the other sign": lambda entry: unsigned[entry - 1],
            "g and v 5 % closer": lambda entry: nearer[entry - 1],
            "bits that do not see x": lambda entry: (right[0], alone, 1 - alone, right[3])[entry - 1],
        },
        at=(1, 2, 3, 4),
        index="entry",
        tolerance=1e-8,
    )


@claim(
    "feng2024.linear_verifier.as_thm4_2",
    statement=r"p < p_* \Rightarrow P(\operatorname{sign} x'w = \operatorname{sign} x'\mu) \to 1 \quad \text{for } q = 1[\operatorname{sign}(v'x) = \tilde y]",
    relation="==",
    provenance="note",
    source=f"Theorem 4.2 as quoted, read without its independence: {_READ}. The theorem itself asks for bits that know x only through its label",
    expected="REFUTED",
    domain=_ANGLES,
)
def as_theorem(mu=1.0, g=1.2):
    """A perfect verifier, v = mu, and p well below p_*: the form tested here is an application, not the theorem."""
    limit = planar.agreement(mu, planar.classifier(mu, g, 0.0))
    p, phi, psi, _ = _quality(mu, g, 0.0)
    assert p < theory.breakdown(phi, psi)
    return Computed(
        lambda t: limit,
        lambda t: 1.0,
        {"5 % less": lambda t: 0.95, "p_* itself": lambda t: theory.breakdown(phi, psi)},
        at=(1,),
    )


@claim(
    "feng2024.linear_verifier.limit",
    statement=r"w \to E[u u' \mid g'u, v'u > 0]^{-1}\, E[u \mid g'u, v'u > 0], \quad u = \tilde y x",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"{_READ}; accuracy at N data, of which 2 d/N is left open",
    domain=_ANGLES & domain(N=Integers(100, 100_000)),
)
def limit(mu=1.0, g=1.2, v=0.0, N=400):
    """The observations themselves, drawn one by one."""
    angle = planar.classifier(mu, g, v)

    def accuracy(at):
        return 0.5 * (1 + math.erf(mu * math.cos(at) / 2**0.5))

    return Check(
        cj.LinearClassifier([mu, 0.0], ridge=1e-6, penalty="per_sample"),
        cj.SelfLabelled(cj.Replace(N), [math.cos(g), math.sin(g)], [math.cos(v), math.sin(v)]),
        metric="accuracy",
        generations=2,
        at=(2,),
        predicted=lambda t: accuracy(angle),
        mutants={"that of the generator": lambda t: accuracy(g), "of Bayes": lambda t: accuracy(0.0),
                 "half way to the generator": lambda t: accuracy((angle + g) / 2)},
        allowance=lambda t: 4 / N,
    )  # fmt: skip


@claim(
    "feng2024.linear_verifier.not_bayes",
    statement=r"P(\operatorname{sign} x'w_v = \operatorname{sign} x'\mu) \ge P(\operatorname{sign} x'w_\mu = \operatorname{sign} x'\mu) \text{ for } v \text{ on the side of } \mu \text{ away from } g",
    relation=">=",
    provenance="derived",
    source=f"{_READ}; v at 0.2, 0.4, 0.6 from the mean, away from g, beside the perfect verifier v = mu",
    domain=domain(mu=Interval("(0, 3]"), g=Interval("[0.6, 1.5)")),
)
def not_bayes(mu=1.0, g=1.2):
    """The best verifier is not the Bayes classifier: one that errs against the generator corrects it, by no larger angle."""
    bayes = planar.agreement(mu, planar.classifier(mu, g, 0.0))
    same_side = planar.agreement(mu, planar.classifier(mu, g, 0.3))
    assert same_side < bayes
    return Computed(
        lambda tenths: planar.agreement(mu, planar.classifier(mu, g, -tenths / 10)),
        lambda tenths: bayes,
        {
            "that of Bayes' own": lambda tenths: 1.0,
            "7 % more": lambda tenths: 1.07 * bayes,
        },
        at=(2, 4, 6),
        index="tenths",
    )


@claim(
    "feng2024.linear_verifier.best",
    statement=r"\operatorname{argmax}_v P(\operatorname{sign} x'w_v = \operatorname{sign} x'\mu) = -g, \text{ the mirror image of the generator, with probability } 1",
    relation="==",
    provenance="derived",
    source=f"{_READ}; found by a search over v. What is kept for v = -g is symmetric about the mean, so that the fit lies along it",
    domain=domain(mu=Interval("[0.3, 3]")),
)
def best(mu=1.0):
    """The best verifier errs as much as the generator, and to the other side."""

    def found(tenths):
        g = tenths / 10
        search = bracket(lambda v: 2 - planar.agreement(mu, planar.classifier(mu, g, v)), -1.2, g - 0.15, points=9)
        if search.half_width > 5e-7:
            raise ValueError(f"the best angle is known to {search.half_width:g} only; use another mu")
        return search.argmin

    return Computed(
        found,
        lambda tenths: -tenths / 10,
        {
            "the mean itself": lambda tenths: 0.0,
            "half way": lambda tenths: -tenths / 20,
            "1e-5 less": lambda tenths: -tenths / 10 + 1e-5,
        },
        at=(4, 10),
        index="tenths",
        tolerance=1e-6,
        scale=1.0,
    )
