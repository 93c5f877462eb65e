"""Workflows around others: what models hand on is altered on the way, what is real is not."""

import dataclasses
from typing import Any, ClassVar, Self

import equinox as eqx
from jaxtyping import Array, Key

from collapse_jax.families import Family
from collapse_jax.workflows._workflow import Source, Workflow


class Around(Workflow):
    r"""Any workflow, its synthetic data altered: fits see what `draw` makes of a model, and the truth as it is.

    **To add one** subclass this, add its own settings as fields after `workflow`, and write `author(model)` where what
    is handed on comes from another model of the same family, such as a sharper categorical: then both engines work.
    Where observations are picked or changed one by one, write `draw` and set `picks_observations = True`. With a memory
    of its own it writes `start` and `step`, and `lengthen` where that of the inner workflow is to grow.
    Workflows nest: the innermost alters a model first.

    **Args**: `workflow`: which data the next fit sees, such as `Replace(n=100)`; `n` is its own.

    **Raises**: ValueError for what is no workflow.
    """

    n: int | tuple[int, ...] = eqx.field(static=True, init=False)  # pyright: ignore
    workflow: Workflow

    picks_observations: ClassVar[bool] = False

    def __post_init__(self):
        if not isinstance(self.workflow, Workflow):
            raise ValueError(
                f"{type(self).__name__} goes around a workflow, such as Replace(n=100), not {self.workflow!r}"
            )
        self.n = self.workflow.n  # pyright: ignore[reportIncompatibleVariableOverride]

    def author(self, model: Family) -> Family:
        """The model whose observations are handed on in place of those of `model`."""
        return model

    def draw(self, key: Key[Array, ""], model: Family, n: Any, slots: int | None, source: Source) -> Any:
        """What is handed on of `model`: by default `n` observations of its author."""
        return source.draw(key, self.author(model), n, slots)

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        return self.workflow.start(key, truth, n, _Altered.of(self, source))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return self.workflow.step(key, t, n, memory, model, _Altered.of(self, source))

    def lengthen(self, memory: Any, source: Source) -> Any:
        return self.workflow.lengthen(memory, source)

    @property
    def lengthens(self) -> bool:
        return super().lengthens and self.workflow.lengthens

    @property
    def layers(self) -> tuple[Workflow, ...]:
        return (self, *self.workflow.layers)

    @property
    def needs_samples(self) -> bool:  # pyright: ignore
        return self.picks_observations or self.workflow.needs_samples

    def needs_samples_of(self, family: Family) -> bool:
        return self.picks_observations or self.workflow.needs_samples_of(family)

    @property
    def described(self) -> dict[str, Any]:
        return {name: value for name, value in super().described.items() if name != "n"}

    def without_sizes(self) -> Self:
        return dataclasses.replace(self, workflow=self.workflow.without_sizes())

    def schedule(self, generations: int) -> tuple[int, ...]:
        return self.workflow.schedule(generations)

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return self.workflow.fitted_sizes(generations)

    def leaves_unfilled(self, generations: int) -> bool:
        return self.workflow.leaves_unfilled(generations)

    def check(self, family: Family, generations: int) -> None:
        self.workflow.check(family, generations)


class _Altered(Source):
    """A source whose synthetic data pass through the `draw` of what is around it."""

    around: Any
    plain: Source

    @classmethod
    def of(cls, around: Any, plain: Source) -> "_Altered":
        return cls(plain.engine, plain.slots, plain.generations, plain.settings, around, plain)

    def draw(self, key: Key[Array, ""], model: Family, n, slots: int | None = None) -> Any:
        return self.around.draw(key, model, n, slots, self.plain)

    def real(self, key: Key[Array, ""], truth: Family, n, slots: int | None = None) -> Any:
        return self.plain.real(key, truth, n, slots)

    def refit(self, key: Key[Array, ""], model: Family, n) -> Any:
        return self.fit(key, model, self.draw(key, model, n))

    def fit(self, key: Key[Array, ""], model: Family, data: Any) -> Any:
        return self.plain.fit(key, model, data)
