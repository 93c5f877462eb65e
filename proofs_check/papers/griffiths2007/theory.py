r"""Two languages, handed on by learners who sample from their posterior (Griffiths and Kalish 2007).

An utterance is shared by both languages with probability s, and tells nothing; otherwise it is that of the language
spoken, with probability 1 - e, or of the other one. The prior of language 1 is a. Everyone hears one utterance.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Probability, domain

__all__ = ["eigenvalue", "mean_prior"]

_LANGUAGES = domain(a=Interval("(0, 1)"), e=Interval("(0, 1)"), s=Probability)


@_LANGUAGES
def eigenvalue(a: Any, e: Any, s: Any) -> Any:
    r"""$\lambda_2 = 1 - \left[s + (1 - s)(1 - e)\, e \left(\frac{1}{a + e - 2ae} + \frac{1}{1 - a - e + 2ae}\right)\right]$."""
    one = a + e - 2 * a * e
    return 1 - (s + (1 - s) * (1 - e) * e * (1 / one + 1 / (1 - one)))


@_LANGUAGES & domain(t=Integers(1), start=Probability)
def mean_prior(t: Any, a: Any, e: Any, s: Any, start: Any) -> Any:
    r"""$P(h_t = 1) = a + (\pi_0 - a)\, \lambda_2^t$ after t learners, $\pi_0$ being the first speaker's chance of language 1."""
    return a + (start - a) * eigenvalue(a, e, s) ** t
