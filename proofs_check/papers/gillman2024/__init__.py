"""Self-consuming loops whose synthetic data are corrected (Gillman et al. 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="gillman2024",
    title="Self-Correcting Self-Consuming Loops for Generative Model Training",
    authors=(
        "Gillman, Nate",
        "Freeman, Michael",
        "Aggarwal, Daksh",
        "Hsu, Chia-Hong",
        "Luo, Calvin",
        "Tian, Yonglong",
        "Sun, Chen",
    ),
    year=2024,
    arxiv="2402.07087",
    venue="ICML 2024",
    aliases=("self-correcting", "self-consuming loops"),
    topics=("Gaussian", "stability", "fixed real data", "correction"),
    read="The authors' code of the Gaussian toy example; the stability theorem as recalled; exact moments derived.",
    not_covered={
        "gillman2024.thm_finite": "the part of the theorem with finitely many samples, whose constants tau(n) are not given; "
        "gillman2024.exact has its place",
        "gillman2024.motion": "human motion with a physics simulator as correction: no closed form",
    },
    errata=(
        Erratum(
            where="the script of the Gaussian toy example",
            printed="`n_samples_synthetic` = 25 synthetic points beside 50 real ones, so that $\\lambda = 1/2$",
            holds="corrected points of all generations are kept: at generation t there are about $25 (t + 1)/2$ of them, 6,025 "
            "at the last one, so that $\\lambda$ grows from 0.5 to 120",
            claim="gillman2024.exact_pool_constant",
            corrected="gillman2024.exact_pool",
            consequence="constant",
        ),
        Erratum(
            where="the rejection sampler of the same script",
            printed="M = max(target density)/max(proposal density) as the envelope",
            holds="the ratio of the densities exceeds M away from the centre, where proposals are then accepted too rarely: in "
            "the tails, mass of the target is lost",
            claim="gillman2024.exact_envelope",
            consequence="constant",
        ),
    ),
    relates=(("gillman2024.exact_limit", "uses", "gillman2024.exact_mean"),),
    summary=(
        "Correction of strength $\\gamma$ divides the memory of the loop by $1 + \\gamma$: means contract at the exact rate "
        "$\\lambda/((1 + \\lambda)(1 + \\gamma))$, for every $\\lambda$. The published toy runs let synthetic data "
        "accumulate, which is another protocol than that of the theorem."
    ),
)
