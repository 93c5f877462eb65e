"""How the error of a loop depends on the amount of synthetic data (Fu et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="fu2024",
    title="Towards Theoretical Understandings of Self-Consuming Generative Models",
    authors=("Fu, Shi", "Zhang, Sen", "Wang, Yingjie", "Tian, Xinmei", "Tao, Dacheng"),
    year=2024,
    arxiv="2402.11778",
    venue="ICML 2024",
    aliases=("phase transition in synthetic augmentation",),
    topics=("fixed real data", "Gaussian", "phase transition"),
    read="Recalled; the text was not available to us. What is tested is an exact Gaussian analogue of the phase transition.",
    not_covered={
        "fu2024.diffusion": "bounds in total variation for one-hidden-layer score networks, up to unspecified constants",
        "fu2024.kde": "the kernel density theorem; exact errors of that loop are those of kernel density estimates",
    },
    summary=(
        "With one real sample in every fit, the error of a Gaussian mean rises and then falls as synthetic data are added, "
        "as the paper finds for its bound; the peak stands at equal amounts after one round and moves out with the rounds."
    ),
)
