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
    summary=(
        "The error stays within a factor pi/sqrt 6 = 1.28 of the first fit's, and the sharp constant for a Gaussian mean "
        "in one dimension is pi/sqrt 3. For Construction 1 as rebuilt here, and its exact estimate, claim (1) of Theorem "
        "5.1 fails with constant 1 at n = 1,000 and holds with 3 at n = 100 (the theorem asks only that some family has "
        "the property); the probability of collapse at the second fit tends to .2411. The trend read off Figure 4 is not "
        "in a ratio of mean errors, which is pivotal."
    ),
)
