"""Eight definitions of model collapse, and that they disagree (Schaeffer et al. 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="schaeffer2025",
    title="Position: Model Collapse Does Not Mean What You Think",
    authors=(
        "Schaeffer, Rylan",
        "Kazdan, Joshua",
        "Arulandu, Alvan Caleb",
        "Koyejo, Sanmi",
    ),
    year=2025,
    arxiv="2503.03150",
    aliases=("model collapse does not mean what you think", "eight definitions of model collapse"),
    topics=("definitions", "collapse profile", "replacement", "accumulation"),
    read=(
        "The names of the eight definitions and their order, in the authors' scripts for the schematic figure; their "
        "wording was not available. The criteria are ours: `collapse_jax.profile` states them."
    ),
    not_covered={
        "schaeffer2025.survey": "which papers use which definition, and how realistic their settings are: a reading of the literature",
    },
    relates=(("schaeffer2025.profile.variance_accumulate", "uses", "kazdan2024.accumulate"),),
    summary=(
        "One position, that definitions disagree, and exact laws that show it. Under replacement a Gaussian mean collapses "
        "by every definition of the risk but one: its scaling law keeps the exponent 1 at every generation. Accumulation "
        "increases the risk (by at most pi^2/6) and the mass where the truth has next to nothing, and loses neither modes "
        "nor tail. The variance of a Gaussian with unbiased estimates keeps its mean and vanishes in every chain. With "
        "ever more synthetic data from the last model the risk diverges like log t, and is not catastrophic for long."
    ),
)
