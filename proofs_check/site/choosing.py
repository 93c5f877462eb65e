"""Which engine, workflow, metric and licence: tables made from what is registered, not kept by hand."""

from collections import Counter
from typing import Any

import collapse_jax
from collapse_jax.metrics import METRICS, PathMetric
from proofs_check.construct import kinds
from proofs_check.docs import licences
from proofs_check.search import protocol_names
from proofs_check.site.contents import Contents
from proofs_check.site.marks import link, table

__all__ = ["choosing_page"]

_HERE = "choosing"
_YES = "●"


def choosing_page(contents: Contents) -> str:
    """The page of matrices."""
    families = {name: getattr(collapse_jax, name) for name in kinds("families").values()}
    workflows = {name: getattr(collapse_jax, name) for name in kinds("workflows").values()}
    parts = [
        "---\nhide-toc: true\n---",
        "# Choosing",
        "## Engine and workflow",
        "*exact* draws a sufficient statistic, so that its cost does not grow with n; *literal* draws "
        "the observations themselves, where a family has no such statistic or a workflow picks single observations. "
        "The number says how many statements run this pair.",
        _pairs(contents, families, workflows),
        "## Metric",
        f"{_YES}: defined; (●): in part, for some parameters of the family. A metric of a path takes another one "
        "along the generations. Any function (model, truth) is a metric, too.",
        _metrics(families),
        "## Licence",
        "What a limit of a mean rests on decides whether its word has a star. " + licences(),
    ]
    return "\n\n".join(parts) + "\n"


def _pairs(contents: Contents, families: dict[str, type], workflows: dict[str, type]) -> str:
    used: Counter[tuple[str, str]] = Counter()
    for item in contents.claims.values():
        names = protocol_names(item.claim)
        used.update((one, other) for one in names if one in families for other in names if other in workflows)
    rows = []
    for workflow, kind in sorted(workflows.items()):
        cells = [_pair(family, of, kind, used[family, workflow]) for family, of in sorted(families.items())]
        rows.append([link(workflow, f"reference/collapse_jax.{workflow}", _HERE), *cells])
    return _matrix(["", *(link(name, f"reference/collapse_jax.{name}", _HERE) for name in sorted(families))], rows)


def _matrix(head: list[str], rows: list[list[str]]) -> str:
    return f"```{{table}}\n:class: matrix\n\n{table(head, rows)}\n```"


def _pair(name: str, family: type, workflow: type, count: int) -> str:
    exact = family.statistic is not collapse_jax.Family.statistic and not _picks(workflow)
    return f"{'exact' if exact else 'literal'}{f' {count}' if count else ''}"


def _picks(workflow: type) -> bool:
    """Whether no sufficient statistic can describe its data."""
    said = workflow.needs_samples
    return said if isinstance(said, bool) else bool(getattr(workflow, "picks_observations", False))


def _metrics(families: dict[str, type]) -> str:
    rows = []
    for name, metric in METRICS.items():
        if isinstance(metric, PathMetric):
            rows.append([f"`{name}`", *("path" for _ in families)])
        else:
            rows.append([f"`{name}`", *(_defined(metric, kind) for _, kind in sorted(families.items()))])
    return _matrix(["", *sorted(families)], rows)


def _defined(metric: Any, kind: type) -> str:
    bare = object.__new__(kind)  # what is defined follows from the class, where it does not from a parameter
    try:
        return _YES if metric.implementation(bare) is not None else ""
    except AttributeError:
        return f"({_YES})"
