"""More draws of a model are not more data: after A Tale of Tails (Dohmatob et al. 2024), where the error stops falling."""

from proofs_check.claim import claim
from proofs_check.contrast import Contrast, Trial, exceeds
from proofs_check.papers.neural import statements, trials

_TALE = "a model's draws are worth no more than what it has seen, whatever their number (A Tale of Tails, a plateau)"


def _below_twice(trial: Trial, metric: str) -> Contrast:
    """16 T0 draws are worse than 2 T0 real observations, and not worse than T0 / 2 of them."""
    return Contrast(
        trial,
        exceeds("drawn_late", "twice", metric),
        {"worse than half as many": exceeds("drawn_late", "half", metric)},
        f"{metric} after 16 T0 draws above that after 2 T0 real observations",
    )


@claim(
    "neural.plateau.tokens",
    statement=r"P(\lVert q^{\mathrm{drawn}}_{16 T_0} - p_0 \rVert^2 > \lVert q^{\mathrm{real}}_{2 T_0} - p_0 \rVert^2) > \tfrac12",
    relation=">=",
    provenance="derived",
    source=f"{_TALE}; a softmax net, measured here",
)
def tokens():
    """A table of frequencies has (1 - S_0) (1 / T0 + 1 / T - 1 / (T0 T)) after T draws, and (1 - S_0) / (2 T0) after 2 T0 real ones."""
    return _below_twice(trials.tokens(), "error")


@claim(
    "neural.plateau.tokens_gain",
    statement=r"P(\lVert q^{\mathrm{drawn}}_{T_0} - p_0 \rVert^2 > \lVert q^{\mathrm{drawn}}_{16 T_0} - p_0 \rVert^2) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="more draws do help, down to the error of the model that draws; a softmax net, measured here",
)
def tokens_gain():
    return statements.worse(trials.tokens(), "drawn", "drawn_late", "error")


@claim(
    "neural.plateau.language",
    statement=r"P(\mathrm{KL}^{\mathrm{drawn}}_{16 T_0} > \mathrm{KL}^{\mathrm{real}}_{2 T_0}) > \tfrac12",
    relation=">=",
    provenance="derived",
    source=f"{_TALE}; a language model trained for 20 passes, measured here",
    dear=True,
)
def language():
    return _below_twice(trials.plateau(), "kl")


@claim(
    "neural.plateau.language_same",
    statement=r"P(\mathrm{KL}^{\mathrm{drawn}}_{16 T_0} > \mathrm{KL}^{\mathrm{real}}_{T_0}) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="16 times as many draws of a model do not even reach what it has itself; a language model trained for 20 passes, measured here",
    dear=True,
)
def language_same():
    return statements.worse(trials.plateau(), "drawn_late", "same", "kl")


@claim(
    "neural.plateau.language_gain",
    statement=r"P(\mathrm{KL}^{\mathrm{drawn}}_{T_0} > \mathrm{KL}^{\mathrm{drawn}}_{16 T_0}) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="more draws do help, a little; a language model trained for 20 passes, measured here",
    dear=True,
)
def language_gain():
    return statements.worse(trials.plateau(), "drawn", "drawn_late", "kl")
