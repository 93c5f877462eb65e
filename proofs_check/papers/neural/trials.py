"""Studies that only claims of this room read: more data of a model than of the truth, and judged data."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from proofs_check.contrast import Paths, Trial
from proofs_check.papers.common import loops

T0 = 64
"""Real sentences, or tokens, that the model has seen whose draws are learned from."""
LATE = 16
"""How many times as many are drawn from it."""
JUDGED = 4
"""Sentences that a judge picks one of."""
_REAL = {"half": T0 // 2, "same": T0, "twice": 2 * T0, "late": LATE * T0}


def plateau() -> Trial:
    """Language models that learn from T real sentences, or from draws of one that learned from T0.

    **Returns**: the trial; "drawn" and "drawn_late" learn from T0 and 16 T0 draws, "half", "same", "twice" and "late"
    from as many real sentences.
    """

    def run(chains: int, seed: int) -> Paths:
        return _learned(loops.Setting(loops.LANGUAGE, "passes").family(), loops.probe(loops.LANGUAGE), chains, seed)

    passes = f"{loops.COMPUTE[loops.LANGUAGE]['passes']:g} passes"
    return Trial(
        f"plateau.{loops.LANGUAGE}", run, f"GRU language model, {passes}, T0 = {T0} sentences, {LATE} T0 drawn"
    )


def tokens(symbols: int = 32) -> Trial:
    """The same with a softmax net on one context, symbol k with probability in proportion to 1 / k.

    **Args**: `symbols`: how many.

    **Returns**: the trial, of the workflows of `plateau`.
    """

    def run(chains: int, seed: int) -> Paths:
        from collapse_jax.neural import NeuralFamily, Training, nets, truths

        p = [1 / k for k in range(1, symbols + 1)]
        truth = truths.NextToken([[one / sum(p) for one in p]])
        return _learned(
            NeuralFamily(truth, nets.Softmax(1, symbols), Training(steps=200, rate=0.1, batch=64)),
            _error(),
            chains,
            seed,
        )

    about = f"softmax net on {symbols} symbols, T0 = {T0}, {LATE} T0 drawn"
    return Trial("plateau.tokens", run, about, chains=128)


def _learned(family: Any, probe: Any, chains: int, seed: int) -> Paths:
    import collapse_jax as cj
    from collapse_jax.neural import study

    drawn = {"drawn": cj.Replace([T0, T0]), "drawn_late": cj.Replace([T0, LATE * T0])}
    real = {name: cj.Replace(T) for name, T in _REAL.items()}
    options: dict[str, Any] = {"chains": chains, "seed": seed, "progress": False}
    second = study(family, drawn, probe, generations=2, **options)
    first = study(family, real, probe, generations=1, **options)
    return {**{name: second[name] for name in drawn}, **{name: first[name] for name in real}}


@lru_cache
def _error() -> Any:
    """The squared error of a table of probabilities; one probe for all, so that its program is kept."""
    import jax

    from collapse_jax.neural import Probe

    def error(fitted, truth, key):
        return jax.numpy.sum((jax.nn.softmax(fitted.net.logits[0]) - truth.p[0]) ** 2)

    return Probe(("error",), error)


def judged(odds: float = 3.0) -> Trial:
    """Language models of a grammar under replacement, where a judge picks one of four sentences for each handed on.

    **Args**: `odds`: of a grammatical sentence against another, to be picked by the judge that errs.

    **Returns**: the trial; "replace" has no judge, "perfect" picks a grammatical sentence where there is one, "noisy"
    at these odds, "contrary" at the inverse ones.
    """

    def run(chains: int, seed: int) -> Paths:
        import collapse_jax as cj
        from collapse_jax.neural import NeuralFamily, Training, nets, study, truths

        n = loops.N[loops.LANGUAGE]
        truth = truths.Grammar.english()
        net = nets.Recurrent(symbols=truth.symbols, length=truth.length)
        training = Training(steps=loops.COMPUTE[loops.LANGUAGE]["steps"], rate=1e-2, batch=32)
        plain = cj.Replace(n)
        workflows = {
            "replace": plain,
            "perfect": cj.Curated(plain, Grammatical(), JUDGED, "best"),
            "noisy": cj.Curated(plain, Grammatical(math.log(odds)), JUDGED),
            "contrary": cj.Curated(plain, Grammatical(-math.log(odds)), JUDGED),
        }
        return study(
            NeuralFamily(truth, net, training),
            workflows,
            _sentences(),
            generations=4,
            chains=chains,
            seed=seed,
            progress=False,
        )

    about = f"GRU language model of a grammar, 256 sentences of at most 12 words, one of {JUDGED} picked"
    return Trial("judged", run, about, looks=3)


@dataclass(frozen=True)
class Grammatical:
    """A reward for sentences that the grammar can say.

    **Args**: `reward`: by how much they are preferred.
    """

    reward: float = 1.0

    def __call__(self, x: Any) -> Any:
        import jax

        return self.reward * jax.numpy.isfinite(_said(x))


def _said(x: Any) -> Any:
    """Log probabilities of sentences (chains, n, words)."""
    import equinox as eqx
    import jax

    return eqx.filter_jit(lambda truth, x: jax.lax.map(truth.log_prob, x))(_grammar(), x)


@lru_cache
def _grammar() -> Any:
    import jax

    from collapse_jax.neural import truths

    with jax.ensure_compile_time_eval():  # a judge may be traced first
        return truths.Grammar.english()


@lru_cache
def _sentences() -> Any:
    from collapse_jax.neural import Probe, measures

    together = measures.Together(
        kl=measures.excess_per_symbol,
        wrong=measures.forbidden_mass,
        entropy=measures.entropy_per_symbol,
        bigrams=measures.distinct_bigrams,
    )
    return Probe(together.names, together)
