"""Estimation from data that contain earlier estimates, in known shares and without labels (Kanabar and Gastpar 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="kanabar2025",
    title="Model non-collapse: Minimax bounds for recursive discrete distribution estimation",
    authors=("Kanabar, Millen", "Gastpar, Michael"),
    year=2025,
    arxiv="2501.19273",
    venue="IEEE Transactions on Information Theory 72, 1817-1830 (2026)",
    aliases=("model non-collapse", "minimax discrete distribution estimation with self-consumption"),
    topics=("categorical", "contamination", "minimax", "accumulation"),
    read=(
        "The theorems were read as the sequel on watermarks restates them; constants of the minimax bounds are not given "
        "there. The errors of the linear and the pooled estimate are derived for this project."
    ),
    relates=(("kanabar2025.linear", "implies", "kanabar2025.linear.bound"),),
    summary=(
        "Not knowing which observations are real costs a factor $\\alpha$: what counts is $\\sum n_i \\alpha_i^2$ in place of "
        "$\\sum n_i \\alpha_i$. The linear estimate attains it with constant 1."
    ),
)
