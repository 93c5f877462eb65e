"""What a watermark is worth, and what a mask costs."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Probabilities, Probability, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.kanabar2026 import theory

P = (0.5, 0.3, 0.2)
Q1, Q0 = (0.7, 0.2, 0.1), (0.1, 0.3, 0.6)
SHARES = (0.02, 0.1, 0.2, 0.5, 0.9)
SETTING = domain("max(p) < 1", p=Probabilities, n=Integers(2), share=Interval("(0, 1)"))


def _along(rule):
    return lambda k: rule(SHARES[k - 1])


_AT = tuple(range(1, len(SHARES) + 1))
_CONVERTED = "; the text available is a machine conversion"


def _direct(share, one, zero):
    return sum(a * a / (share * a + (1 - share) * b) for a, b in zip(one, zero, strict=True) if a) - 1


@claim(
    "kanabar2026.watermark.bec",
    statement=r"\chi^2(Q_1 \,\|\, \alpha Q_1 + (1-\alpha) Q_0) = (1 - \epsilon)\left(\tfrac1\alpha - 1\right) \quad \text{(labels erased with probability } \epsilon)",
    relation="==",
    provenance="derived",
    source="summed over the marks 'real', 'synthetic' and 'erased'",
    domain=domain(eps=Probability),
)
def bec(eps=0.1):
    """At alpha = .2 it is 3.6 for a tenth of the labels erased."""
    return Computed(
        _along(lambda share: _direct(share, *theory.bec(eps))),
        _along(lambda share: theory.bec_chi2(share, eps)),
        {
            "(1 - eps)/alpha": _along(lambda share: theory.bec_printed(share, eps)),
            "eps + 1/1000": _along(lambda share: theory.bec_chi2(share, eps + 0.001)),
        },
        at=_AT,
        index="share",
        rung="identity",
    )


@claim(
    "kanabar2026.watermark.bec_printed",
    statement=r"\chi^2 = \frac{1 - \epsilon}{\alpha} \quad \text{(labels erased with probability } \epsilon)",
    relation="==",
    provenance="text",
    source="Claim 1, which the conversion prints as 1 - eps/alpha, probably for this" + _CONVERTED,
    expected="REFUTED",
    domain=domain(eps=Probability),
)
def bec_printed(eps=0.1):
    """Neither reading gives the divergence of the channel: at alpha = .2, eps = .1 they are 4.5 and .5, it is 3.6. The
    difference is (1 - eps), so that the order in alpha is right."""
    return Computed(
        _along(lambda share: _direct(share, *theory.bec(eps))),
        _along(lambda share: theory.bec_printed(share, eps)),
        {"1 - eps/alpha": _along(lambda share: 1 - eps / share)},
        at=_AT,
        index="share",
        scale=1.0,
        rung="identity",
    )


@claim(
    "kanabar2026.watermark.factor",
    statement=r"\mathrm{ESS} = n \sum_w \bar Q(w)\, a(w)^2 = n \alpha^2 (1 + \chi^2), \quad a(w) = \frac{\alpha Q_1(w)}{\bar Q(w)}",
    relation="==",
    provenance="text",
    source="the effective sample size with a watermark, as a sum over marks of n_w a(w)^2" + _CONVERTED,
)
def factor():
    """Marks split the data into groups with a known share each, to which kanabar2025.linear applies."""
    return Computed(
        _along(lambda share: theory.moment(2, share, Q1, Q0) / share**2),
        _along(lambda share: 1 + _direct(share, Q1, Q0)),
        {
            "no watermark": lambda k: 1.0,
            "chi2 of the other direction": _along(lambda share: 1 + _direct(share, Q0, Q1)),
        },
        at=_AT,
        index="share",
        rung="identity",
    )


@claim(
    "kanabar2026.watermark.factor_printed",
    statement=r"\mathrm{ESS} = n \alpha^2 (1 - \chi^2)",
    relation="==",
    provenance="text",
    source="a sentence that says the size improves by a factor 1 - chi2" + _CONVERTED,
    expected="REFUTED",
)
def factor_printed():
    """A slip of sign, in the sentence or in its conversion; the formulas around it have 1 + chi2."""
    return Computed(
        _along(lambda share: theory.moment(2, share, Q1, Q0) / share**2),
        _along(lambda share: 1 - _direct(share, Q1, Q0)),
        {"chi2 alone": _along(lambda share: _direct(share, Q1, Q0))},
        at=_AT,
        index="share",
        scale=1.0,
        rung="identity",
    )


@claim(
    "kanabar2026.watermark.prop1",
    statement=r"1 + \chi^2(Q_1 \,\|\, \alpha Q_1 + (1-\alpha) Q_0) \le \frac{1}{\max\{\alpha, \epsilon\}}, \quad \epsilon = \min_w \frac{Q_0(w)}{Q_1(w)}",
    relation="<=",
    provenance="text",
    source="Proposition 1, with epsilon as we read it (its definition was not available)" + _CONVERTED,
)
def prop1():
    """With epsilon the share of erased labels it would be false (alpha = .1, epsilon = .5: 5.5 > 2); with the least
    likelihood ratio it follows from Q >= (alpha + (1 - alpha) epsilon) Q_1."""
    nearly = ((0.5, 0.5), (0.49, 0.51))
    cases = [(share, *marks) for share in SHARES for marks in ((Q1, Q0), nearly)]
    return Computed(
        lambda k: 1 + _direct(*cases[k - 1]),
        lambda k: theory.gain_bound(*cases[k - 1]),
        {
            "epsilon + 1/50": lambda k: 1 / (1 / theory.gain_bound(*cases[k - 1]) + 0.02),
            "1": lambda k: 1.0,
        },
        at=tuple(range(1, len(cases) + 1)),
        index="case",
        rung="identity",
    )


def _watermarked(p, n, share, generations, relation_predicted, mutants):
    from proofs_check.papers.kanabar2026.watermarked import Watermarked

    S0 = sum(q * q for q in p)
    return Check(
        cj.Categorical(p),
        Watermarked(n, share=share, Q1=Q1, Q0=Q0),
        metric="squared_error",
        generations=generations,
        predicted=relation_predicted(S0),
        mutants=mutants(S0),
    )


@claim(
    "kanabar2026.watermark.risk",
    statement=r"\mathrm{ESS}_t^2 R_t = \mathrm{ESS}_{t-1}^2 R_{t-1} + n\left[m_2 (1 - S_0 - R_{t-1}) + 2 m_3 R_{t-1} - m_2^2 R_{t-1}\right], \quad m_k = E\,a(W)^k",
    relation="==",
    provenance="derived",
    source="the linear estimate with one share per mark; without a watermark it is kanabar2025.linear",
    domain=SETTING,
)
def risk(p=P, n=20, share=0.4, generations=6):
    return _watermarked(
        p,
        n,
        share,
        generations,
        lambda S0: lambda t: theory.risk(t, n, share, Q1, Q0, S0),
        lambda S0: {
            "no watermark": lambda t: theory.risk(t, n, share, (1.0,), (1.0,), S0),
            "labels": lambda t: theory.risk(t, n, share, (1.0, 0.0), (0.0, 1.0), S0),
        },
    )


@claim(
    "kanabar2026.watermark.upper",
    statement=r"R_t \le \frac{3}{\mathrm{ESS}_t}\left(1 - \tfrac1k\right), \quad \mathrm{ESS}_t = n + (t - 1)\, n\, \alpha^2 (1 + \chi^2)",
    relation="<=",
    provenance="note",
    source="the upper bound with its constant 3, tested on the linear estimate with marks" + _CONVERTED,
    domain=SETTING,
)
def upper(p=(1 / 3, 1 / 3, 1 / 3), n=20, share=0.4, generations=6):
    """The constant could be 1 for this estimate and these sizes, up to a term of order R."""

    def bound(t, constant=3.0):
        return constant * (1 - 1 / len(p)) / (n * (1 + (t - 1) * theory.moment(2, share, Q1, Q0)))

    return _watermarked(
        p,
        n,
        share,
        generations,
        lambda S0: bound,
        lambda S0: {"constant 0.8": lambda t: bound(t, 0.8)},
    )


@claim(
    "kanabar2026.masking.eq13",
    statement=r"\mathrm{Var}\,\frac{\mathrm{Bin}(n, \alpha p)}{n \alpha} = \frac{p\,(1 - \alpha p)}{n \alpha}",
    relation="==",
    provenance="text",
    source="Equation 13: once models do not say a symbol, all of it that is seen is real" + _CONVERTED,
    domain=domain(p=Interval("(0, 1)"), n=Integers(1)),
)
def masking(p=0.05, n=40):
    import numpy as np
    from scipy.stats import binom

    return Computed(
        _along(lambda share: float(np.asarray(binom.var(n, share * p))) / (n * share) ** 2),
        _along(lambda share: theory.masked_variance(p, n, share)),
        {
            "1 - p for 1 - alpha p": _along(lambda share: p * (1 - p) / (n * share)),
            "alpha squared": _along(lambda share: theory.masked_variance(p, n, share) / share),
        },
        at=_AT,
        index="share",
        rung="law",
    )
