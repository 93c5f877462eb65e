"""Code of the user's is known by what it does: an edited metric, helper, family or workflow is another run."""

import json
import subprocess
import sys
import textwrap
import threading
import types

import equinox as eqx
import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.results.identity import Unidentified, fingerprint

pytestmark = pytest.mark.usefixtures("fast_compilation")


def module(text, name="edited"):
    """What a user's file of this text defines."""
    made = types.ModuleType(name)
    exec(compile(textwrap.dedent(text), f"{name}.py", "exec"), made.__dict__)
    return made


METRIC = """
SCALE = {scale}

def helper(x):
    return x * {factor}

def error(model, truth):
    {comment}
    return helper(model.p - truth.p) * SCALE
"""


def metric(scale=1, factor=1, comment="'''What it is.'''"):
    return module(METRIC.format(scale=scale, factor=factor, comment=comment)).error


def run(measure, **options):
    settings = {"generations": 2, "chains": 64, "block": 64, "optimisation": 0} | options
    return cj.simulate(cj.Bernoulli(0.3), cj.Replace(5), measure, **settings)


def test_what_a_function_does_is_what_it_is():
    assert fingerprint(metric()) == fingerprint(metric())
    assert fingerprint(metric()) == fingerprint(metric(comment="'''What it was.'''"))
    assert len({fingerprint(metric()), fingerprint(metric(scale=2)), fingerprint(metric(factor=2))}) == 3


def test_closures_defaults_and_methods_count():
    def of(power, root=1):
        def moment(model, truth, root=root):
            return model.p**power

        return moment

    assert fingerprint(of(2)) == fingerprint(of(2))
    assert len({fingerprint(of(2)), fingerprint(of(3)), fingerprint(of(2, 5))}) == 3
    kinds = [type("Kind", (), {"go": metric(factor=factor)}) for factor in (1, 1, 2)]
    assert fingerprint(kinds[0]) == fingerprint(kinds[1]) != fingerprint(kinds[2])


def test_a_global_that_is_not_read_does_not_count():
    plain = "def f(model, truth):\n    return model.p\n"
    assert fingerprint(module(plain).f) == fingerprint(module(plain + "p = 3\nother = object()\n").f)


def test_recursion_ends():
    text = "def f(n):\n    return g(n)\ndef g(n):\n    return f(n) if n else {}\n"
    assert fingerprint(module(text.format(1)).f) == fingerprint(module(text.format(1)).f)
    assert fingerprint(module(text.format(1)).f) != fingerprint(module(text.format(2)).f)


def test_other_processes_agree():
    text = "TABLE = {'a': {1, 2, 'x'}, 'b': frozenset('pqrst')}\ndef f(x):\n    return TABLE[x]\n"
    code = f"import types; from collapse_jax.results.identity import fingerprint; m = types.ModuleType('edited')\nexec(compile({text!r}, 'edited.py', 'exec'), m.__dict__); print(fingerprint(m.f))"
    prints = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)}  # fmt: skip
    assert prints == {fingerprint(module(text).f) + "\n"}


def test_an_edited_metric_does_not_resume(tmp_path):
    run(metric(), checkpoint=tmp_path / "c")
    same = run(metric(comment="'''Better said.'''"), checkpoint=tmp_path / "c", chains=128)
    assert same.chains == 128
    for edited in (metric(scale=50), metric(factor=50)):
        with pytest.raises(ValueError, match="checkpoint of another run: it differs in code"):
            run(edited, checkpoint=tmp_path / "c", chains=256)


@pytest.mark.wide
def test_runs_of_an_edited_metric_do_not_mix(tmp_path):
    first, second, edited = run(metric()), run(metric(), first_block=1), run(metric(scale=50), first_block=1)
    assert (first + second).chains == 128
    with pytest.raises(ValueError, match=r"different configurations \(code\)"):
        first + edited
    shards = [run(measure, chains=128, shard=(i, 2)) for i, measure in ((1, metric()), (2, metric(factor=3)))]
    with pytest.raises(ValueError, match="shard of another run: it differs in code"):
        cj.merge(shards)
    assert cj.Run.load(first.save(tmp_path / "run")).config == first.config


FAMILY = """
import jax, jax.numpy as jnp
from typing import Any
from collapse_jax import Bernoulli, Replace

class Coin(Bernoulli):
    def fit(self, data):
        return super().fit(data).replace(p=super().fit(data).p * {})

class Loop(Replace):
    def step(self, key, t, n, memory, model, source):
        return super().step(key, t, n * {}, memory, model, source)
"""


def test_families_and_workflows_are_known_by_their_methods():
    def config(fit=1.0, step=1):
        coin, loop = module(FAMILY.format(fit, 1)).Coin, module(FAMILY.format(1.0, step)).Loop
        return cj.Request(coin(0.3), loop(5), "variance", generations=2, chains=4).config()

    assert config() == config()
    assert config()["family"] != config(fit=0.5)["family"]
    assert config()["workflow"] != config(step=2)["workflow"]
    assert (
        "source" not in cj.Request(cj.Bernoulli(0.3), cj.Replace(5), "tv", generations=2, chains=4).config()["family"]
    )
    shown = repr(
        cj.simulate(module(FAMILY.format(1.0, 1)).Coin(0.3), cj.Replace(5), "variance", generations=2, chains=64)
    )
    assert "Coin(p=0.3) under Replace(n=5)" in shown


def test_an_implementation_of_the_users_counts():
    def config(factor):
        class Mine(cj.Bernoulli):
            pass

        cj.METRICS["variance"].register(Mine)(lambda model, truth: model.p * factor)  # pyright: ignore
        return cj.Request(Mine(0.3), cj.Replace(5), "variance", generations=2, chains=4).config()["code"]

    assert config(2) == config(2) != config(3)


def test_parameters_of_a_path_metric_count():
    def theta(model):
        return model.p[..., None]

    metrics = [cj.FromFirst(theta, squared=squared) for squared in (False, True)]
    first, second = (run(metric, first_block=i) for i, metric in enumerate(metrics))
    with pytest.raises(ValueError, match="different configurations"):
        first + second


class Activated(cj.Replace):
    activation: object = eqx.field(static=True, default=None)


def test_values_json_cannot_hold_are_described_or_refused_before_the_first_chain(tmp_path):
    made = cj.simulate(cj.Bernoulli(0.3), Activated(5, activation=jax.nn.relu), "tv", generations=2, chains=64)
    loaded = cj.Run.load(made.save(tmp_path / "run"))
    assert loaded.config == made.config
    assert json.dumps(made.config)
    assert "activation=relu" in repr(loaded)
    other = cj.Request(cj.Bernoulli(0.3), Activated(5, activation=jax.nn.silu), "tv", generations=2, chains=4).config()
    assert other["workflow"] != made.config["workflow"]
    with pytest.raises(ValueError, match=r"activation of Activated = .* cannot be recorded .*; use numbers"):
        cj.simulate(cj.Bernoulli(0.3), Activated(5, activation=threading.Lock()), "tv", generations=2, chains=64)


def test_what_has_no_fields_is_refused():
    with pytest.raises(Unidentified, match="no fields"):
        fingerprint(threading.Lock())
    assert fingerprint(np.arange(3)) != fingerprint(np.arange(4))


def test_what_copying_leaves_on_a_class_is_no_part_of_it():
    import copy

    class Mine:
        size = 3

    before = fingerprint(Mine)
    copy.copy(Mine())  # writes Mine.__slotnames__
    assert "__slotnames__" in vars(Mine)
    assert fingerprint(Mine) == before
