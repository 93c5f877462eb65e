"""A process of its own: `python _worker.py JSON` runs one small simulation and prints the checksum of its outcome."""

import hashlib
import json
import os
import signal
import sys
import time
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from random import Random

import collapse_jax as cj
from collapse_jax.results.store import checksum, pack
from proofs_check.cli import main as main_of_the_command

BLOCK, BLOCKS = 64, 41
CHAINS = BLOCK * BLOCKS + 10


def simulate(**options):
    settings = {"generations": 3, "chains": CHAINS, "block": BLOCK, "seed": 3, "keep_paths": 300, "optimisation": 0}
    family = cj.Gaussian(d=2, known_cov=True)
    return cj.simulate(family, cj.Replace(7), "mean_error", progress=False, **(settings | options))


def grid(**options):
    settings = {"generations": 3, "chains": 300, "seed": 3, "optimisation": 0}
    return cj.sweep(coin, {"n": (3, 5, 9), "p": (0.2, 0.5)}, "squared_error", **(settings | options))


def coin(n, p):
    return cj.Bernoulli(p), cj.Replace(n)


def digest_of_grid(grid):
    return hashlib.sha256("".join(digest(run) for run in grid.values()).encode()).hexdigest()


def digest(run):
    return checksum(pack(run), run.config)


def long_grid(cells, **options):
    settings = {"generations": 3, "chains": 2000, "block": 500, "seed": 3, "optimisation": 0}
    return cj.sweep(coin, {"n": tuple(range(3, 3 + cells)), "p": (0.5,)}, "squared_error", **(settings | options))


def suite(path, file):
    """Decide what the ledger lacks; returns the exit code."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        return main_of_the_command(["verify", file, "--changed", "--ledger", path])


def seen_in_ledger(path):
    return sorted(json.loads(Path(path).read_text())["claims"])


JOBS = {
    "simulate": (lambda path, **options: simulate(checkpoint=path, checkpoint_every=0, **options),
                 lambda path: json.loads(read_head(path))["config"]["chains"]),
    "sweep": (lambda path, cells: long_grid(cells, checkpoint=path), lambda path: len([n for n in os.listdir(path) if n[0] != "."])),
    "verify": (suite, lambda path: len(seen_in_ledger(path))),
}  # fmt: skip


def killed(job, kills, path, seed=0, pace=20, **options):
    """Fork a child that does a job and kill it, `kills` times over, some 1 / pace seconds after it kept something more;
    returns what was kept each time."""
    for module in ("collapse_jax.engine.simulate", "collapse_jax.engine.sweep", "proofs_check.suite"):
        import_module(module)  # once, not in every child
    run, kept = JOBS[job]
    random, held = Random(seed), [0]
    while len(held) <= kills:
        child = os.fork()
        if not child:
            run(path, **options)
            os._exit(0)
        limit = time.monotonic() + 60
        while (not os.path.exists(path) or kept(path) == held[-1]) and time.monotonic() < limit:
            time.sleep(0.001)
        time.sleep(random.expovariate(pace))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the job ended before it was killed: make it longer"
        held.append(kept(path))
    return held[1:]


def read_head(path):
    with open(path, "rb") as stream:
        return stream.readline()


def main(kill=None, join=None, sweep=False, **options):
    if kill is not None:
        print(json.dumps(killed(**kill)), flush=True)
        return
    if join is not None:
        cj.distributed(**join)
    if sweep:
        print(digest_of_grid(grid(**options)))
        return
    print(digest(simulate(**options)), flush=True)
    if options.get("distributed"):
        print(digest(simulate(**options | {"seed": 4})))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
