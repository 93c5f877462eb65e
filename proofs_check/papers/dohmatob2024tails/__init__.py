"""Scaling laws of a memory that learns from cut, narrowed or retold tokens (Dohmatob et al. 2024, A Tale of Tails)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="dohmatob2024tails",
    title="A Tale of Tails: Model Collapse as a Change of Scaling Laws",
    authors=("Dohmatob, Elvis", "Feng, Yunzhen", "Yang, Pu", "Charton, François", "Kempe, Julia"),
    year=2024,
    arxiv="2402.07043",
    venue="ICML 2024",
    aliases=("tale of tails", "Hutter", "grokking", "scaling laws"),
    topics=("scaling law", "Zipf", "tail cut", "mixing", "replacement", "categorical"),
    read=(
        "Of the paper only notes that quote it, and its rates as remembered; the text was not read. Its error, the "
        "probability of the tokens that a memory has not seen, is exact here on infinitely many tokens; constants are derived."
    ),
    not_covered={
        "dohmatob2024tails.triplet": (
            "associative memories of limited capacity: the exponent depends on a storage rule of another paper, no closed form"
        ),
        "dohmatob2024tails.experiments": "transformers on greatest common divisors, Llama 2 on Wikitext: no closed form",
    },
    errata=(
        Erratum(
            where="n-fold training on a model's own tokens, as a note quotes it",
            printed="the error has a term that grows linearly in n, $E \\asymp T^{-c} + n\\, T_0^{-c}$",
            holds="$E_n \\asymp (n / T_0)^{c}$, $c = 1 - 1/\\beta$, for $1 \\ll n \\ll T_0$: T tokens have about $2 T_0 / n$ distinct "
            "ancestors n generations back. The linear form is an upper bound",
            claim="dohmatob2024tails.nfold.as_quoted",
            corrected="dohmatob2024tails.nfold",
            consequence="conclusion",
        ),
    ),
    summary=(
        "A memory errs on what it has not seen. A cut tail adds a plateau, true tokens mixed in end the plateau late "
        "(grokking), a narrower law slows the decay; n generations of retelling act as if $2 T_0 / n$ tokens were seen, so that "
        "the error grows as $n^{1 - 1/\\beta}$."
    ),
)
