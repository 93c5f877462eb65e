"""Bibliography of the papers whose statements are checked."""

from dataclasses import dataclass

from proofs_check.claim import PROVENANCE, Claim


@dataclass(frozen=True)
class Paper:
    """What a BibTeX entry needs."""

    authors: str
    title: str
    year: int
    arxiv: str
    published: str = ""

    def bibtex(self, key: str) -> str:
        fields = {
            "author": self.authors,
            "title": f"{{{self.title}}}",
            "year": str(self.year),
            "eprint": self.arxiv,
            "archivePrefix": "arXiv",
            "note": self.published,
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{key},\n{body}\n}}"


PAPERS = {
    "barzilai2025": Paper(
        "Barzilai, Daniel and Shamir, Ohad",
        "When Models Don't Collapse: On the Consistency of Iterative MLE",
        2025,
        "2505.19046",
        "NeurIPS 2025",
    ),
    "bertrand2023": Paper(
        "Bertrand, Quentin and others",
        "On the Stability of Iterative Retraining of Generative Models on their own Data",
        2023,
        "2310.00429",
    ),
    "gerstgrasser2024": Paper(
        "Gerstgrasser, Matthias and others",
        "Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating Real and Synthetic Data",
        2024,
        "2404.01413",
    ),
    "he2025": Paper(
        "He, Hengzhi and Xu, Shirong and Cheng, Guang",
        "Golden Ratio Weighting Prevents Model Collapse",
        2025,
        "2502.18049",
    ),
    "kazdan2024": Paper(
        "Kazdan, Joshua and others",
        "Collapse or Thrive? Perils and Promises of Synthetic Data in a Self-Generating World",
        2024,
        "2410.16713",
        "ICML 2025",
    ),
    "seddik2024": Paper(
        "Seddik, Mohamed El Amine and others",
        "How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
        2024,
        "2404.05090",
        "COLM 2024",
    ),
    "shumailov2024": Paper(
        "Shumailov, Ilia and others",
        "AI models collapse when trained on recursively generated data",
        2024,
        "2305.17493",
        "Nature 631, 755-759",
    ),
}

_OURS = "@software{collapse_jax,\n  author = {{The collapse_jax developers}},\n  title = {collapse_jax}\n}"


def cite(claim: Claim) -> str:
    """How to cite a claim: the paper, if it has one, and what exactly was tested."""
    entry = PAPERS[claim.paper].bibtex(claim.paper) if claim.paper in PAPERS else _OURS
    return f"{entry}\n% {claim.id}: {claim.source}\n% provenance: {claim.provenance} ({PROVENANCE[claim.provenance]})"
