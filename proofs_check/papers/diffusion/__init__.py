"""Diffusion models that are trained on what they generate, in closed form: statements of no single paper, all derived."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="diffusion",
    title="Self-consuming diffusion models in closed form: Gaussian data and empirical scores",
    authors=(),
    year=2026,
    arxiv="",
    aliases=("classifier-free guidance", "probability flow", "chain of diffusion"),
    topics=("diffusion", "Gaussian", "guidance", "kernel density estimate", "replacement"),
    read=(
        "Derived for this project. Chains of fine-tuned diffusion models (arXiv 2407.17493) and Fu et al. 2024 ask what these "
        "loops do; their theory was not read, and nothing here is quoted from it."
    ),
    relates=(("diffusion.cfg.loop", "uses", "diffusion.cfg"),),
    summary=(
        "With an exact score the loop forgets the data at the rate $e^{-2 t_0} - e^{-2 T}$ and ends at the law it starts its "
        "sampler from; guidance multiplies the logarithm of the variance by $1 + w$ in every generation, which is doubly "
        "exponential; a model that has memorised its sample is a shrunken kernel density estimate."
    ),
)
