"""The universal pathway of relative risks to pi^2/6 (Dey and Donoho 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="dey2024",
    title=r"Universality of the $\pi^2/6$ Pathway in Avoiding Model Collapse",
    authors=("Dey, Apratim", "Donoho, David L."),
    year=2024,
    arxiv="2410.22812",
    aliases=("pi^2/6", "universality of the pathway"),
    topics=("exponential family", "asymptotics", "accumulation", "replacement", "subsampling", "logistic regression"),
    read=(
        "The abstract and the authors' code (Gaussian limits, logistic regression, tables of UCI, self-supervised features); "
        "of the theorems we know notes only, so that hypotheses and numbering are not quoted. Finite-t forms are derived."
    ),
    not_covered={
        "dey2024.features": (
            "ten-class linear classifiers on CIFAR-10 features of pretrained models: no closed form, and data that are not here; "
            "the loop that these scripts run is tested as dey2024.code_doubling and dey2024.code_relabel_all"
        ),
    },
    errata=(
        Erratum(
            where="Scripts for self-supervised features that keep the pool in memory, as coded",
            printed=r"augment: every generation adds one batch of $n$ labelled by the newest model, $\sum_{k \le t} k^{-2} \to \pi^2/6$",
            holds=(
                r"the labels are drawn in a loop over the current pool, which doubles: $\frac32 - 2^{-t} \to \frac32$; the loops "
                "of the table experiments do augment"
            ),
            claim="dey2024.code_doubling.as_augment",
            corrected="dey2024.code_doubling",
        ),
        Erratum(
            where="Scripts for self-supervised features that keep the pool on disk, as coded",
            printed=r"augment: every generation adds one batch of $n$ labelled by the newest model, $\sum_{k \le t} k^{-2} \to \pi^2/6$",
            holds=(
                r"the newest model labels all synthetic rows anew, only the real ones stay: $\frac32 - \frac{1}{2t} \to \frac32$"
            ),
            claim="dey2024.code_relabel_all.as_augment",
            corrected="dey2024.code_relabel_all",
        ),
    ),
    relates=(("dey2024.augment_subsample.finite_n", "implies", "dey2024.augment_subsample"),),
    summary=(
        "Relative risk grows as t when fits see the last batch only and rises to pi^2/6 when they see all: exact for means, "
        "the limit of large n at fixed t for medians, logistic regression and the rest. Any workflow with fixed weights is one "
        "linear solve; fits on n of everything plateau at pi^2/2 - 2 = 2.93. Two loops in the authors' published scripts "
        "carry the name of augmentation and tend to 3/2. At fixed n replacement leaves the regime of the theorem: labels end "
        "up separated, and then no maximum-likelihood estimate exists."
    ),
)
