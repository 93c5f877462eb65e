"""Closed loops at a temperature: generalised urns (Marchi et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="marchi2024",
    title="Heat Death of Generative Models in Closed-Loop Learning",
    authors=("Marchi, Matteo", "Soatto, Stefano", "Chaudhari, Pratik", "Tabuada, Paulo"),
    year=2024,
    arxiv="2404.02325",
    venue="CDC 2024",
    aliases=("heat death",),
    topics=("temperature", "urn", "categorical", "external data"),
    read=(
        "The abstract and the model were read; the theorems were not available. The statements here are derived for that "
        "model, and the thresholds are those of its mean field, not a theorem of the paper."
    ),
    summary=(
        "The claim of the abstract, that without enough external data any temperature but 1 degenerates, holds in every "
        "form computed: below 1 one symbol takes all, above 1 all that were ever seen become equally frequent. External data "
        "in a share above $1 - T$ make the uniform law stable; with three symbols or more, others can be stable besides."
    ),
)
