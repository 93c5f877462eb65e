"""A process of its own: `python _worker.py JSON` runs one small simulation and prints the checksum of its outcome."""

import hashlib
import json
import os
import signal
import sys
import time
from importlib import import_module
from random import Random

import collapse_jax as cj
from collapse_jax.results.store import checksum, pack

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


def killed(kills, seed, **options):
    """Fork a child that simulates, kill it at a random moment, `kills` times over; returns what the file held."""
    import_module("collapse_jax.engine.simulate")  # once, not in every child
    random, held = Random(seed), []
    path = options["checkpoint"]
    for _ in range(kills):
        child = os.fork()
        if not child:
            simulate(**options, checkpoint_every=0)
            os._exit(0)
        limit, before = time.monotonic() + 60, held[-1] if held else b""
        while (not os.path.exists(path) or read_head(path) == before) and time.monotonic() < limit:
            time.sleep(0.001)
        time.sleep(random.expovariate(20))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        held.append(read_head(path))
    return [json.loads(head)["config"]["chains"] for head in held]


def read_head(path):
    with open(path, "rb") as stream:
        return stream.readline()


def main(kills=0, join=None, sweep=False, **options):
    if kills:
        print(json.dumps(killed(kills, 0, **options)))
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
