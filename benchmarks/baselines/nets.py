"""Language models chain by chain, as scripts train them: one call of a program per step."""

from collections.abc import Iterator
from typing import Any

import numpy as np

WORKFLOWS = ("replace", "accumulate")


def study(model: Any, n: int, generations: int, chains: int, seed: int) -> dict[str, np.ndarray]:
    """What `model` measures, (generations, chains) by workflow.

    **Args**: `model`: with `real(n, seed)`, `fit(rows, rng)`, `draw(net, n, seed)` and `measure(net, seed)`; `n`:
    sentences per fit.
    """
    paths = {name: [list(_chain(model, name, n, generations, [seed, c])) for c in range(chains)] for name in WORKFLOWS}
    return {name: np.array(found).T for name, found in paths.items()}


def _chain(model: Any, workflow: str, n: int, generations: int, seed: list[int]) -> Iterator[float]:
    rng = np.random.default_rng(seed)
    rows = model.real(n, int(rng.integers(1 << 31)))
    for _ in range(generations):
        net = model.fit(rows, rng)
        yield model.measure(net, int(rng.integers(1 << 31)))
        fresh = model.draw(net, n, int(rng.integers(1 << 31)))
        rows = fresh if workflow == "replace" else np.concatenate([rows, fresh])


class Optax:
    """The net of a `NeuralFamily`: its own loss and optimiser, compiled once, minibatches picked by NumPy."""

    def __init__(self, family: Any, probe: Any):
        import jax
        import optax

        from collapse_jax.neural.family import Fitted

        truth, network, self.training = family.truth, family.network, family.training
        self.steps = int(self.training.steps)
        optimiser = self.training.optimiser(lambda i: self.training.rate_at(i, jax.numpy.int32(self.steps)))

        def begin(key):
            net = network.init(key)
            return net, optimiser.init(net)

        def step(net, state, batch, key):
            slope = jax.grad(network.loss)(net, batch, key)
            change, state = optimiser.update(slope, state)
            return optax.apply_updates(net, change), state

        def measure(net, key):
            return probe.measure(Fitted(network, net), truth, key)[0]

        self._key = jax.random.key
        self._begin, self._step, self._measure = jax.jit(begin), jax.jit(step), jax.jit(measure)
        self._real = jax.jit(lambda key, n: truth.sample(key, n), static_argnums=1)
        self._draw = jax.jit(lambda net, key, n: network.sample(net, key, n), static_argnums=2)

    def real(self, n: int, seed: int) -> np.ndarray:
        return np.asarray(self._real(self._key(seed), n))

    def fit(self, rows: np.ndarray, rng: np.random.Generator) -> Any:
        key = self._key(int(rng.integers(1 << 31)))
        net, state = self._begin(key)
        for _ in range(self.steps):
            net, state = self._step(net, state, rows[rng.integers(len(rows), size=self.training.batch)], key)
        return net

    def draw(self, net: Any, n: int, seed: int) -> np.ndarray:
        return np.asarray(self._draw(net, self._key(seed), n))

    def measure(self, net: Any, seed: int) -> float:
        return float(self._measure(net, self._key(seed)))


class Torch:
    """A net of the same size in PyTorch on the CPU, on one thread; real sentences are those of the truth."""

    def __init__(self, family: Any):
        import jax
        import torch  # pyright: ignore[reportMissingImports]

        from collapse_jax.neural.measures.likelihood import held_out

        self.torch, self.network, self.training = torch, family.network, family.training
        torch.set_num_threads(1)
        self._real, self._key = jax.jit(lambda key, n: family.truth.sample(key, n), static_argnums=1), jax.random.key
        held = held_out(family.truth)
        self._held, self._entropy = self._rows(held), -float(family.truth.log_prob(held).mean())

    def _rows(self, rows: Any) -> Any:
        return self.torch.from_numpy(np.array(rows, np.int64))

    def real(self, n: int, seed: int) -> np.ndarray:
        return np.asarray(self._real(self._key(seed), n))

    def _loss(self, net: Any, rows: Any) -> Any:
        """Nats per sentence."""
        embed, unit, out = net
        seen = self.torch.nn.functional.pad(rows[:, :-1], (1, 0), value=self.network.symbols)
        logits = out(unit(embed(seen))[0])
        each = self.torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows.flatten(), reduction="sum")
        return each / len(rows)

    def fit(self, rows: np.ndarray, rng: np.random.Generator) -> Any:
        torch, it, training = self.torch, self.network, self.training
        torch.manual_seed(int(rng.integers(1 << 31)))
        embed = torch.nn.Embedding(it.symbols + 1, it.embedding)
        torch.nn.init.normal_(embed.weight, std=0.3)
        unit = torch.nn.GRU(it.embedding, it.width, batch_first=True)
        net = torch.nn.ModuleList([embed, unit, torch.nn.Linear(it.width, it.symbols)])
        steps, warmup = int(training.steps), int(training.warmup)
        optimiser = torch.optim.Adam(net.parameters(), float(training.rate))
        rate = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda i: min(1, (i + 1) / warmup) * 0.5 * (1 + np.cos(np.pi * i / steps))
        )
        pool = self._rows(rows)
        for _ in range(steps):
            optimiser.zero_grad()
            self._loss(net, pool[rng.integers(len(rows), size=training.batch)]).backward()
            optimiser.step()
            rate.step()
        return net

    def draw(self, net: Any, n: int, seed: int) -> np.ndarray:
        torch, (embed, unit, out) = self.torch, net
        torch.manual_seed(seed)
        said, state = torch.full((n, 1), self.network.symbols), None
        with torch.no_grad():
            for _ in range(self.network.length):
                read, state = unit(embed(said[:, -1:]), state)
                law = torch.softmax(out(read[:, 0]), -1)
                said = torch.cat([said, torch.multinomial(law, 1)], 1)
        return said[:, 1:].numpy()

    def measure(self, net: Any, seed: int) -> float:
        """KL on held-out sentences; and as in the probe sentences of the net are drawn and scored."""
        with self.torch.no_grad():
            self._loss(net, self._rows(self.draw(net, 256, seed)))
            return (self._loss(net, self._held).item() - self._entropy) / self.network.length
