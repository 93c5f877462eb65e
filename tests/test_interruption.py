"""Ctrl-C and failures in the middle of a run: what is finished is kept, what is under way is waited for."""

import os
import signal
import threading
import time
from dataclasses import fields

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.engine import collect as _collect
from collapse_jax.engine import dispatch as _dispatch

pytestmark = pytest.mark.usefixtures("fast_compilation")
GAUSSIAN = cj.Gaussian(ddof=0)


class Stop(_collect.tqdm):
    after = 3

    def update(self, n=1):
        self.seen = getattr(self, "seen", 0) + 1
        if self.seen == self.after:
            raise KeyboardInterrupt
        return super().update(n)


@pytest.mark.parametrize("after", [1, 3, 10])
def test_interruption_keeps_the_finished_chains(monkeypatch, after):
    settings = {"generations": 3, "block": 64, "seed": 7, "keep_paths": 100}
    monkeypatch.setattr(Stop, "after", after)
    with monkeypatch.context() as patched:
        patched.setattr(_collect, "tqdm", Stop)
        with pytest.raises(cj.Interrupted) as caught:
            cj.simulate(GAUSSIAN, cj.Replace(5), "variance", chains=640, **settings)
    run = caught.value.run
    same = cj.simulate(GAUSSIAN, cj.Replace(5), "variance", chains=64 * after, **settings)
    assert isinstance(caught.value, KeyboardInterrupt)
    assert run.chains == 64 * after
    assert all(np.array_equal(getattr(run.moments, f.name), getattr(same.moments, f.name)) for f in fields(run.moments))
    assert np.array_equal(run.paths["variance"], same.paths["variance"])
    assert run.config == same.config


def test_interruption_before_the_first_block(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_dispatch.Dispatches, "run", interrupt)
    with pytest.raises(cj.Interrupted) as caught:
        cj.simulate(GAUSSIAN, cj.Replace(5), "variance", generations=3, chains=640, block=64)
    assert caught.value.run is None


def test_jobs_under_way_are_waited_for():
    """A job that is stopped in the middle would go on taking memory and a core."""
    started, done = threading.Event(), []

    def job():
        started.set()
        time.sleep(1)
        done.append(1)

    def interrupt():
        started.wait()
        time.sleep(0.2)  # all are submitted by now
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            list(_collect.in_order(_collect.threads(1), [job] * 9, 4))
        assert done == [1]
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_failure_inside_a_worker_is_raised_as_it_is(monkeypatch):
    def fail(*_):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(_dispatch.Dispatches, "run", fail)
    with pytest.raises(RuntimeError, match="out of memory"):
        cj.simulate(GAUSSIAN, cj.Replace(5), "variance", generations=3, chains=640, block=64)
