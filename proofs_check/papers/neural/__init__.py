"""Small nets whose truth is known, through the loops of the papers: statements about these nets, all measured here."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="neural",
    title="Chains of small nets with a known truth",
    authors=(),
    year=2026,
    arxiv="",
    aliases=("language model", "VAE", "normalizing flow", "neural networks"),
    topics=("neural networks", "language model", "VAE", "diffusion", "flow", "accumulation", "replacement"),
    read=(
        "Derived for this project: these nets, not those of the authors. What Gerstgrasser et al. (2024) print is quoted "
        "beside it from excerpts of their second version."
    ),
    summary=(
        "Replacement is worse than accumulation for every kind of net that was tried. That accumulation keeps the error "
        "flat is a statement about how long a fit trains: a constant number of steps makes it true of an overfitting "
        "language model and false of an undertrained diffusion model, a constant number of passes the reverse."
    ),
)
