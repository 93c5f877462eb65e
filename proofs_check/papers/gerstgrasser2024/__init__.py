"""Linear regression under replacement and accumulation (Gerstgrasser et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="gerstgrasser2024",
    title="Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating Real and Synthetic Data",
    authors=(
        "Gerstgrasser, Matthias",
        "Schaeffer, Rylan",
        "Dey, Apratim",
        "Rafailov, Rafael",
        "Sleight, Henry",
        "Hughes, John",
        "Korbak, Tomasz",
        "Agrawal, Rajashree",
        "Pai, Dhruv",
        "Gromov, Andrey",
        "Roberts, Daniel A.",
        "Yang, Diyi",
        "Donoho, David L.",
        "Koyejo, Sanmi",
    ),
    year=2024,
    arxiv="2404.01413",
    venue="COLM 2024",
    aliases=("is model collapse inevitable",),
    topics=("linear regression", "least squares", "ridge", "accumulation", "replacement"),
    read=(
        "The body of the paper was not available to us: theorem wordings are from notes that quote them, and each formula"
        " was derived again."
    ),
    not_covered={
        "gerstgrasser2024.language_models": "experiments with language models, a molecule generator and a variational autoencoder: no closed form",
    },
    relates=(
        ("gerstgrasser2024.accum_fresh", "implies", "gerstgrasser2024.accum_fresh_limit"),
        ("gerstgrasser2024.accum_fresh", "special case of", "gerstgrasser2024.unequal_batches"),
        ("gerstgrasser2024.accum_fresh", "corrects", "gerstgrasser2024.thm2_on_fresh"),
        ("gerstgrasser2024.ridge_bias", "corrects", "gerstgrasser2024.ridge_per_sample"),
    ),
    summary=(
        "The linear part. Theorem 2 is an equality on every path of Theorem 1 when all generations share one design. With"
        " fresh designs, which the paper does not claim, it is REFUTED as an equality (the risk is smaller); with a "
        "penalty per sample accumulation does collapse, and with a fixed penalty it does not. The paper's wording is "
        "known from notes, so these verdicts are about the forms shown."
    ),
)
