"""Two families, consistent on real data, that collapse when they feed on themselves."""

from proofs_check.papers.barzilai2025.families.construction1 import SecondFitCollapse
from proofs_check.papers.barzilai2025.families.construction2 import SlowCollapse

__all__ = ["SecondFitCollapse", "SlowCollapse"]
