"""Slow, obviously right NumPy chains: every workflow written out as its paper does, for the models of `_oracle`.

A workflow around others is an oracle around a model: its `draw` is what models hand on, its `real` the truth.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


def _real(family):
    """How the truth is drawn from."""
    return getattr(family, "real", family.draw)


def _join(parts):
    return tuple(np.concatenate(leaves, 1) for leaves in zip(*parts, strict=True))


def _take(data, index):
    return tuple(np.take_along_axis(x, index.reshape(index.shape + (1,) * (x.ndim - 2)), 1) for x in data)


def chains_of(family, workflow: str, rng, *, chains: int, sizes, k=3, n_real=None, weight=None, replace=False,
              weights=None):  # fmt: skip
    """Models fitted at generations 1 .. len(sizes) under the named workflow."""
    truth = family.start(rng, chains)
    alone: list = []
    n_real = n_real or sizes[0]
    mixed = workflow in ("FixedReal", "FreshReal")
    real = _real(family)(rng, truth, n_real if mixed else sizes[0])
    seen, models = [real], [family.fit(real)]
    if workflow == "AccumulateSubsample" and replace:
        models = [family.fit(_take(real, rng.integers(0, sizes[0], (chains, sizes[0]))))]
    for t, n in enumerate(sizes[1:], 2):
        model = models[-1]
        if workflow != "RandomPool":
            fresh = family.draw(rng, model, n)
            seen.append(fresh)
        if workflow == "Linear":
            alone = alone or models[:]
            alone.append(family.fit(fresh))
            given = [(w, one) for w, one in zip(weights[t - 1], alone, strict=False) if w]
            total, model = given[0]
            for w, one in given[1:]:
                total += w
                model = family.blend(one, model, w / total)
            models.append(model)
            continue
        if workflow == "Replace":
            data = fresh
        elif workflow == "Accumulate":
            data = _join(seen)
        elif workflow == "Window":
            data = _join(seen[-k:])
        elif workflow == "AccumulateSubsample":
            pool = t * n
            index = (rng.integers(0, pool, (chains, n)) if replace
                     else np.argsort(rng.uniform(size=(chains, pool)), 1)[:, :n])  # fmt: skip
            data = _take(_join(seen), index)
        elif workflow == "RandomPool":
            authors = [truth, *models]
            apart = getattr(family, "apart", family.draw)
            drawn = [apart(rng, author, n) for author in authors]
            label = rng.integers(0, t, (chains, n))
            data = tuple(
                sum(
                    np.where((label == j).reshape(label.shape + (1,) * (x.ndim - 2)), x, 0)
                    for j, x in enumerate(leaves)
                )
                for leaves in zip(*drawn, strict=True)
            )
        elif workflow == "FixedReal":
            data = _join([real, fresh])
        elif weight is None:
            data = _join([_real(family)(rng, truth, n_real), fresh])
        else:
            new = family.fit(_real(family)(rng, truth, n_real))
            models.append(family.blend(new, family.fit(fresh), weight))
            continue
        models.append(family.fit(data))
    return models


def urn(family, rng, *, chains, sizes, n_real, first):
    """A pool that begins with `first` real observations and grows by n_t of the last model and `n_real` real ones."""
    truth = family.start(rng, chains)
    pool = [_real(family)(rng, truth, first)]
    models = [family.fit(pool[0])]
    for n in sizes[1:]:
        pool += [family.draw(rng, models[-1], n), _real(family)(rng, truth, n_real)]
        models.append(family.fit(_join(pool)))
    return models


def contaminated(family, rng, *, chains, sizes, share, estimate):
    """Each observation is real with probability `share`; the fit moves the model by the gain of the estimate."""
    truth = family.start(rng, chains)
    models = [family.fit(_real(family)(rng, truth, sizes[0]))]
    alpha = [1.0]
    for t, n in enumerate(sizes[1:], 2):
        real, fresh = _real(family)(rng, truth, n), family.draw(rng, models[-1], n)
        found = family.fit(_either(rng.uniform(size=(chains, n)) < share, real, fresh))
        alpha.append(share)
        seen = np.array(sizes[:t])
        gain = {
            "last": 1.0,
            "pooled": n / seen.sum(),
            "linear": n * share / (seen * np.square(alpha)).sum(),
        }[estimate]
        models.append(family.blend(found, models[-1], gain))
    return models


def edited(family, rng, *, chains, sizes, rate):
    """One corpus, each observation of which is replaced with probability `rate` before the next fit."""
    corpus = _real(family)(rng, family.start(rng, chains), sizes[0])
    models = [family.fit(corpus)]
    for n in sizes[1:]:
        corpus = _either(rng.uniform(size=(chains, n)) < rate, family.draw(rng, models[-1], n), corpus)
        models.append(family.fit(corpus))
    return models


def recent(family, rng, *, chains, sizes, n_real, k, fresh):
    """Real data, new or one kept sample, and equal shares of synthetic ones from each of the last k models."""
    truth = family.start(rng, chains)
    real = _real(family)(rng, truth, n_real)
    models = [family.fit(real)]
    for n in sizes[1:]:
        if fresh:
            real = _real(family)(rng, truth, n_real)
        last = models[-k:]
        models.append(family.fit(_join([real, *(family.draw(rng, model, n // len(last)) for model in last)])))
    return models


def _either(condition, one, other):
    return tuple(
        np.where(condition.reshape(condition.shape + (1,) * (a.ndim - 2)), a, b)
        for a, b in zip(one, other, strict=True)
    )


@dataclass
class Around:
    """A model whose data are altered before they are handed on; the truth's are not."""

    family: Any

    def __getattr__(self, name):
        return getattr(self.family, name)

    def real(self, rng, truth, n):
        return self.family.draw(rng, truth, n)


@dataclass
class Authored(Around):
    """Hands on the data of another model of the family, `author(model)`."""

    author: Any

    def draw(self, rng, model, n):
        return self.family.draw(rng, self.author(model), n)


def tempered(family, temperature):
    """Laws of symbols, (chains, .., s), the first part of a model, at a temperature."""

    def author(model):
        power = model[0] ** (1 / temperature)
        return (power / power.sum(-1, keepdims=True), *model[1:])

    return Authored(family, author)


def biased(family, bias):
    """Normal laws whose covariance is scaled."""
    return Authored(family, lambda model: (model[0], bias * model[1]))


@dataclass
class Curated(Around):
    """Of K observations one is kept, by Bradley and Terry's rule or, where `best`, the first of greatest reward."""

    reward: Any
    K: int
    best: bool

    def draw(self, rng, model, n):
        drawn = self.family.draw(rng, model, n * self.K)
        score = self.reward(drawn).reshape(-1, n, self.K)
        if not self.best:
            score = score + rng.gumbel(size=score.shape)  # the greatest then has the probability of Bradley and Terry
        return _take(drawn, np.arange(n) * self.K + score.argmax(-1))


@dataclass
class Corrected(Around):
    """Each observation is one of the truth instead with probability gamma / (1 + gamma)."""

    gamma: float

    def draw(self, rng, model, n):
        truth = self.family.start(rng, len(model[0]))
        kept = rng.uniform(size=(len(model[0]), n)) < 1 / (1 + self.gamma)
        return _either(kept, self.family.draw(rng, model, n), self.family.draw(rng, truth, n))
