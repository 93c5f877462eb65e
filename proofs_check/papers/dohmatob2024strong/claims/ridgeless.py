"""Random projections without penalty and with isotropic features: whether larger models amplify the collapse."""

from collapse_jax.laws.domain import Integers, NonNegative, Probability, domain
from collapse_jax.laws.spectrum import Spectrum
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024strong import deterministic, finite, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import RANGES, mixed, projections

_NARROW = (
    r"E_{test} \simeq (1 + u)(1 - \tfrac md) r^2 + \sigma^2 u"
    r" + c^2 \left\{p_2^2 (1 + p_1 u) \tfrac md + p_2 u \left[1 - \tfrac md (1 - p_1^2)\right]\right\},\ u = \tfrac{m}{n - m}"
)
_SIZES = domain(d=Integers(2), m=Integers(1), n_1=Integers(2), n_2=Integers(2))


def _settings(d, m, n_1, n_2, r2, c2, s1, s2):
    def law(t):
        """As `theory.projected_exact`, with the share of beta variables."""
        missed, n = 1 - m / d, n_1 + n_2
        noise = (n_1 * (s1 + missed * r2) + n_2 * (s2 + missed * (r2 + c2))) / n * m / (n - m - 1)
        return missed * r2 + noise + c2 * m / d * finite.rho(m, n_1, n_2)

    return projections(d, m, r2, s1), mixed(d, n_1, n_2, c2, s2), law


@claim(
    "dohmatob2024strong.rp_iso_ridgeless",
    statement=_NARROW + r" \quad (m < \min(n, d))",
    relation="==",
    provenance="derived",
    source="Theorem 2 for Sigma = I and lambda -> 0; beside it the exact error, m/(n - m - 1) in place of m/(n - m) and remainders of that order, C = 1.5 of 1/(n - m)",
    regime="asymptotic",
    domain=(_SIZES & domain(("m < d", "n_1 + n_2 >= m + 2"))) & RANGES,
)
def narrow(d=8, m=4, n_1=16, n_2=10, r2=1.0, c2=0.8, s1=0.3, s2=0.8):
    family, workflow, law = _settings(d, m, n_1, n_2, r2, c2, s1, s2)
    noise = (n_1 * s1 + n_2 * s2) / (n_1 + n_2)

    def stated(c2, noise):
        return theory.projected(d, m, n_1, n_2, r2, c2, noise)

    value = stated(c2, noise)
    return Check(
        family,
        workflow,
        metric="risk",
        generations=1,
        predicted=lambda t: value,
        mutants={
            "all of the shift": lambda t: stated(0, noise) + c2,
            "real labels": lambda t: stated(0, s1),
            "what the projections miss": lambda t: (1 - m / d) * r2,
        },
        allowance=lambda t: 1.5 / (n_1 + n_2 - m) * value,
        law=law,
    )


@claim(
    "dohmatob2024strong.rp_iso_ridgeless.exact",
    statement=r"E_{test} = q r^2 + \left\{p_1 (\sigma_1^2 + q r^2) + p_2 [\sigma_2^2 + q (r^2 + c^2)]\right\} \tfrac{m}{n - m - 1} + \tfrac md c^2 \rho(m, n_1, n_2),\ q = 1 - \tfrac md",
    relation="==",
    provenance="derived",
    source="what m projections miss of a label is independent noise beside them, so this is least squares of m features",
    domain=theory.projected_exact,
)
def narrow_exact(d=8, m=4, n_1=16, n_2=10, r2=1.0, c2=0.8, s1=0.3, s2=0.8):
    family, workflow, law = _settings(d, m, n_1, n_2, r2, c2, s1, s2)
    return Check(
        family,
        workflow,
        metric="risk",
        generations=1,
        predicted=lambda t: theory.projected_exact(d, m, n_1, n_2, r2, c2, s1, s2),
        mutants={
            "its large-d form": lambda t: theory.projected(d, m, n_1, n_2, r2, c2, (n_1 * s1 + n_2 * s2) / (n_1 + n_2)),
            "without what is missed": lambda t: (1 - m / d) * r2 + theory.under_exact(m, n_1, n_2, c2 * m / d, s1, s2),
        },
        law=law,
    )


@claim(
    "dohmatob2024strong.rp_iso_ridgeless.both_sides",
    statement=_NARROW
    + r";\quad n < \min(m, d):\ t_1 = c^2 (1 - \tfrac nd),\ t_2 = c^2 (1 - \tfrac nd)^2 \tfrac{m d}{m d - n^2}",
    relation="==",
    provenance="derived",
    source="limits of Theorem 2 on both sides of the interpolation threshold, beside its general form without penalty",
    domain=domain(c2=NonNegative) & RANGES,
)
def both_sides(d=500, n_1=240, n_2=60, r2=1.0, c2=0.5, s1=0.1, s2=0.3):
    rows = deterministic.Rows(n_1, n_2, s1, s2)

    def stated(m):
        return theory.projected(d, m, n_1, n_2, r2, c2, rows.sigma2)

    return Computed(
        lambda m: deterministic.theorem_2(Spectrum.isotropic(d), r2 / d, c2 / d, rows, m, 0),
        stated,
        {
            "no shift": lambda m: theory.projected(d, m, n_1, n_2, r2, 0, rows.sigma2),
            "groups exchanged": lambda m: theory.projected(d, m, n_2, n_1, r2, c2, rows.sigma2),
            "1.000001 of it": lambda m: 1.000001 * stated(m),
        },
        at=(30, 150, 290, 310, 450, 1000, 20000),
        index="m",
    )


@claim(
    "dohmatob2024strong.rp_iso_ridgeless.width",
    statement=r"n \to \infty: \quad E_{test} \to (1 - \tfrac md) r^2 + p_2^2 c^2 \tfrac md \quad (\text{width helps iff } p_2^2 c^2 < r^2)",
    relation="==",
    provenance="derived",
    source="limit of the exact error: the collapse grows linearly with model size, the bias falls",
    regime="asymptotic",
    domain=domain(p_2=Probability, r2=NonNegative, c2=NonNegative) & RANGES,
)
def width(p_2=0.5, r2=1.0, c2=6.0, d=100, n=10**7):
    """Shown where synthetic data are so poor, p_2^2 c^2 = 1.5 r^2, that the error rises with the width."""
    n_2 = round(p_2 * n)

    def stated(m):
        return (1 - m / d) * r2 + p_2**2 * c2 * m / d

    return Computed(
        lambda m: theory.projected_exact(d, m, n - n_2, n_2, r2, c2, 0.1, 0.1),
        stated,
        {
            "falls with the width": lambda m: (1 - m / d) * r2,
            "p_2 for its square": lambda m: (1 - m / d) * r2 + p_2 * c2 * m / d,
        },
        at=(1, 20, 50, 99),
        index="m",
        allowance=lambda m: 10 * m / n,
    )


@claim(
    "dohmatob2024strong.rp_iso_ridgeless.mitigation",
    statement=r"\zeta(m + 10) \le \zeta(m) \text{ for } n < m: \text{ beyond the threshold larger models mitigate the collapse}",
    relation="<=",
    provenance="note",
    source="the discussion of Theorem 2 as quoted in a note; isotropic features without penalty",
    domain=domain("n_1 + n_2 <= 300", c2=NonNegative) & RANGES,
)
def mitigation(d=500, n_1=240, n_2=60, c2=0.5):
    def kept(m):
        return theory.projected(d, m, n_1, n_2, 0, c2, 0)

    return Computed(
        lambda m: kept(m + 10),
        kept,
        {"a tenth of it": lambda m: kept(m) / 10, ".6 of it": lambda m: 0.6 * kept(m)},
        at=(301, 310, 350, 400, 600, 1000, 5000),
        index="m",
    )
