"""The studies that claims and figures read: four nets, two compute policies, five workflows. JAX is imported to run one.

Numbers of the protocols are those at which the nets were found to learn their truth; none was chosen by its contrast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from proofs_check.contrast import Paths, Trial

Policy = Literal["steps", "passes"]
GENERATIONS = 8

LANGUAGE, IMAGES, TORUS, FLOW = "language", "images", "torus", "flow"
N = {LANGUAGE: 256, IMAGES: 500, TORUS: 500, FLOW: 500}
METRIC = {LANGUAGE: "kl", IMAGES: "loss", TORUS: "kl", FLOW: "kl"}
"""What each net is judged by: nats per symbol, nats per image, nats, nats."""
COMPUTE: dict[str, dict[Policy, float]] = {
    LANGUAGE: {"steps": 160, "passes": 20},
    IMAGES: {"steps": 469, "passes": 60},
    TORUS: {"steps": 391, "passes": 100},
    FLOW: {"steps": 235, "passes": 60},
}
"""Both policies train the first fit for equally long."""
_BATCH = {LANGUAGE: 32, IMAGES: 64, TORUS: 128, FLOW: 128}
_RATE = {LANGUAGE: 1e-2, IMAGES: 3e-3, TORUS: 3e-3, FLOW: 5e-3}


@dataclass(frozen=True)
class Setting:
    """A net and how it is trained.

    **Args**: `kind`: which net and truth; `policy`: whether a fit lasts a number of steps or of passes; `temperature`:
    of what a language model draws; `width`: of its state.
    """

    kind: str
    policy: Policy = "steps"
    temperature: float = 1.0
    width: int = 32

    def family(self) -> Any:
        """The truth, the net and its training."""
        from collapse_jax.neural import NeuralFamily, Training, nets, truths

        made = {
            LANGUAGE: lambda: (
                truths.HiddenMarkov.zipf(),
                nets.Recurrent(width=self.width, temperature=self.temperature),
            ),
            IMAGES: lambda: (truths.Digits.load(), nets.VAE()),
            TORUS: lambda: (truths.Torus.ramachandran(), nets.Diffusion(space="torus")),
            FLOW: lambda: (truths.eight_gaussians(), nets.Flow()),
        }
        truth, network = made[self.kind]()
        length: dict[str, Any] = {self.policy: COMPUTE[self.kind][self.policy]}
        return NeuralFamily(truth, network, Training(rate=_RATE[self.kind], batch=_BATCH[self.kind], **length))

    def study(
        self, workflows: tuple[str, ...], chains: int, seed: int, generations: int = GENERATIONS, **options: Any
    ) -> Any:
        """Run it.

        **Args**: `workflows`: names in `workflow`; `chains`, `seed`, `generations`, `options`: as in
        `collapse_jax.neural.study`.

        **Returns**: a `Study`.
        """
        from collapse_jax.neural import study

        n = N[self.kind]
        loops = {name: workflow(name, n) for name in workflows}
        options.setdefault("progress", False)
        return study(
            self.family(), loops, probe(self.kind), generations=generations, chains=chains, seed=seed, **options
        )


@lru_cache
def probe(kind: str) -> Any:
    """What is measured of every net of a kind, all of it from one sample.

    **Args**: `kind`: one of the keys of `N`.

    **Returns**: a `Probe`, always the same one, whose programs are then kept.
    """
    from collapse_jax.neural import Probe, measures

    numbers = {
        LANGUAGE: lambda: measures.Together(
            kl=measures.excess_per_symbol,
            reverse_kl=measures.reverse_kl_per_symbol,
            entropy=measures.entropy_per_symbol,
            tail_mass=measures.tail_mass,
            bigrams=measures.distinct_bigrams,
        ),
        IMAGES: lambda: measures.Together(
            loss=measures.held_out_loss,
            frechet=measures.frechet,
            label_entropy=measures.label_entropy,
            pixel_variance=measures.pixel_variance,
        ),
        TORUS: lambda: measures.Together(
            kl=measures.histogram_kl,
            clashes=measures.clashes,
            coverage=measures.coverage,
            rare_mass=measures.rare_mass,
        ),
        FLOW: lambda: measures.Together(kl=measures.excess, modes=measures.modes_alive, rare_mass=measures.rare_mass),
    }
    together = numbers[kind]()
    return Probe(together.names, together)


def workflow(name: str, n: int) -> Any:
    """A workflow by the name that it has in the studies.

    **Args**: `name`: one of "replace", "accumulate", "subsample", "fixed_real", "multiple"; `n`: observations per fit.

    **Returns**: the workflow.
    """
    import collapse_jax as cj

    made: dict[str, Callable[[], Any]] = {
        "replace": lambda: cj.Replace(n),
        "accumulate": lambda: cj.Accumulate(n),
        "subsample": lambda: cj.AccumulateSubsample(n),
        "fixed_real": lambda: cj.FixedReal(n, n_real=n),
        "multiple": lambda: cj.ReplaceMultiple(n),
    }
    return made[name]()


_LOOPS: dict[Policy, tuple[str, ...]] = {
    "steps": ("replace", "accumulate", "subsample", "fixed_real", "multiple"),
    "passes": ("replace", "accumulate", "multiple"),
}
_ABOUT = {
    LANGUAGE: "GRU language model of 6,320 weights on a hidden Markov language, 256 sentences of 16 per fit",
    IMAGES: "VAE on 8 x 8 digits, 500 images per fit",
    TORUS: "diffusion model on a torus density, 500 points per fit",
    FLOW: "RealNVP on eight normals, 500 points per fit",
}


def trial(kind: str, policy: Policy) -> Trial:
    """The pairs of one net under one compute policy, in all workflows of that policy.

    **Args**: `kind`: one of the keys of `N`; `policy`: "steps" or "passes".

    **Returns**: the trial, which all claims about it share.
    """
    setting = Setting(kind, policy)

    def run(chains: int, seed: int) -> Paths:
        return setting.study(_LOOPS[policy], chains, seed)

    about = f"{_ABOUT[kind]}, {COMPUTE[kind][policy]:g} {policy}, {GENERATIONS} fits"
    return Trial(f"{kind}.{policy}", run, about)


def tempered(temperature: float) -> Trial:
    """A language model that draws at a temperature, beside the same at temperature 1, pair by pair.

    **Args**: `temperature`: below 1 for what is likelier than the model has it.

    **Returns**: the trial; workflows at temperature 1 are "replace" and "accumulate", the others end in "_cold".
    """

    def run(chains: int, seed: int) -> Paths:
        pair = ("replace", "accumulate")
        cold = Setting(LANGUAGE, temperature=temperature).study(pair, chains, seed)
        return {**Setting(LANGUAGE).study(pair, chains, seed), **{f"{name}_cold": cold[name] for name in pair}}

    about = f"{_ABOUT[LANGUAGE]}, {COMPUTE[LANGUAGE]['steps']:g} steps, {GENERATIONS} fits, temperature {temperature:g}"
    return Trial(f"{LANGUAGE}.tempered.{temperature:g}", run, about)


def wide(width: int) -> Trial:
    """A language model of another width.

    **Args**: `width`: of the state of the GRU.

    **Returns**: the trial.
    """

    def run(chains: int, seed: int) -> Paths:
        return Setting(LANGUAGE, width=width).study(("replace", "accumulate"), chains, seed)

    about = f"GRU language model of width {width}, {COMPUTE[LANGUAGE]['steps']:g} steps, {GENERATIONS} fits"
    return Trial(f"{LANGUAGE}.wide.{width}", run, about)
