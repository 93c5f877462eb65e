"""Self-consuming loops with sampling bias (Alemohammad et al. 2023, "MAD")."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="mad2023",
    title="Self-Consuming Generative Models Go MAD",
    authors=(
        "Alemohammad, Sina",
        "Casco-Rodriguez, Josue",
        "Luzi, Lorenzo",
        "Humayun, Ahmed Imtiaz",
        "Babaei, Hossein",
        "LeJeune, Daniel",
        "Siahkoohi, Ali",
        "Baraniuk, Richard G.",
    ),
    year=2023,
    arxiv="2307.01850",
    venue="ICLR 2024",
    aliases=("MAD", "model autophagy disorder", "self-consuming"),
    topics=("Gaussian", "sampling bias", "replacement", "fixed real data", "fresh data"),
    read="The text of version 1, with the protocols of its Gaussian figures; moments of the two loops with real data derived.",
    not_covered={
        "mad2023.images": "the experiments with generative adversarial networks and diffusion models: no closed form",
    },
    errata=(
        Erratum(
            where="the proposition, eq. (1), beside its proof and Section 3.2",
            printed="every draw is biased, the first one too, so that $E\\,\\Sigma_t = \\lambda^t \\Sigma_0$",
            holds="$E\\,\\Sigma_t = \\lambda^{t-1} \\Sigma_0$ where the first model is trained on real data, as Section 3.2 and the "
            "proof have it",
            claim="mad2023.prop_eq1",
            corrected="mad2023.prop_cov",
            consequence="wording",
        ),
    ),
    relates=(
        ("mad2023.aug_mean", "uses", "mad2023.aug_variance"),
        ("mad2023.prop_cov", "corrects", "mad2023.prop_eq1"),
    ),
    summary=(
        "On biased samples alone covariances shrink as $\\lambda^{t-1}$, and vanish almost surely for every $\\lambda$ "
        "below a critical bias that is larger than 1. With real data in every fit, fixed or fresh, the Gaussian loop has "
        "a stationary law with a bounded error; unbiased synthetic data beside fresh real ones are worth at most twice "
        "the real data."
    ),
)
