"""Iterative maximum likelihood under accumulation (Barzilai and Shamir 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="barzilai2025",
    title="When Models Don't Collapse: On the Consistency of Iterative MLE",
    authors=("Barzilai, Daniel", "Shamir, Ohad"),
    year=2025,
    arxiv="2505.19046",
    venue="NeurIPS 2025",
    aliases=("iterative mle", "when models don't collapse"),
    topics=("maximum likelihood", "accumulation", "consistency", "counterexample"),
    read=(
        "The prose of the paper was read; most displayed formulas were rebuilt from the proofs around them. Constants are"
        " unspecified there, so that each claim says with which constant its form was tested."
    ),
    not_covered={
        "barzilai2025.thmB1": "a martingale inequality quoted from Jin et al. 2019, with an unspecified constant",
        "barzilai2025.thmB2": "a matrix inequality quoted from Tropp, a tool of the proof",
        "barzilai2025.lemB2": "with Lemmas B.3, B.4 and C.2 to C.5 a step in the proof of Theorem 4.1, with unspecified constants",
        "barzilai2025.lemF9": "with Lemma F.10 a uniform law of large numbers without a rate: there is no number to test",
        "barzilai2025.thm5_2.general": "its display was lost; only the case J = 2 could be rebuilt from the proof",
    },
    summary=(
        "The error stays within a factor pi/sqrt 6 = 1.28 of the first fit's, and the sharp constant for a Gaussian mean "
        "in one dimension is pi/sqrt 3. For Construction 1 as rebuilt here, and its exact estimate, claim (1) of Theorem "
        "5.1 fails with constant 1 at n = 1,000 and holds with 3 at n = 100 (the theorem asks only that some family has "
        "the property); the probability of collapse at the second fit tends to .2411. The trend read off Figure 4 is not "
        "in a ratio of mean errors, which is pivotal."
    ),
)
