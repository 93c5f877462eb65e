"""Shards: contiguous ranges of whole blocks of one configuration, and joining them again."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from collapse_jax.results.record import differing
from collapse_jax.results.run import Run
from collapse_jax.results.tally import Tally

__all__ = ["merge", "part"]


def part(config: dict[str, Any], shard: tuple[int, int]) -> dict[str, Any]:
    """The configuration of shard (i, N), i = 1 .. N; there may be more shards than blocks, some are empty then."""
    index, of = shard
    block, chains = config["block"], config["chains"]
    blocks = -(-chains // block)
    low, high = blocks * (index - 1) // of, blocks * index // of
    inside = min(high * block, chains) - low * block if high > low else 0
    whole = {key: config[key] for key in ("chains", "first_block", "keep_paths")}
    return {
        **config,
        "chains": inside,
        "first_block": config["first_block"] + low,
        "keep_paths": min(max(config["keep_paths"] - low * block, 0), inside),
        "shard": {"index": index, "of": of, **whole},
    }


def merge(runs: Iterable[Run | str | os.PathLike]) -> Run:
    """Join all shards of a run.

    **Args**: `runs`: the shards in any order, as runs or as the files they were saved in.

    **Returns**: the run that `simulate` without `shard` returns, to the last bit.

    **Raises**: ValueError for shards that are missing, given twice, unfinished or of another run, naming them.
    """
    named = [(f"run {i}", run) if isinstance(run, Run) else (os.fspath(run), Run.load(run)) for i, run in
             enumerate(runs, 1)]  # fmt: skip
    if not named:
        raise ValueError("no shards to merge; give the runs of simulate(..., shard=(i, N)) or the files they are in")
    for name, run in named:
        if "shard" not in run.config:
            raise ValueError(f"{name} is not a shard; merge runs of simulate(..., shard=(i, N)) or --shard i/N")
    wholes = [_whole(run) for _, run in named]
    texts = [json.dumps(whole, sort_keys=True) for whole in wholes]
    common = wholes[texts.index(Counter(texts).most_common(1)[0][0])]
    for (name, _), whole in zip(named, wholes, strict=True):
        if keys := differing(common, whole):
            raise ValueError(f"{name} is a shard of another run: it differs in {', '.join(keys)}; leave it out")
    config = dict(common)
    of = config.pop("shards")
    by_index: dict[int, tuple[str, Run]] = {}
    for name, run in named:
        index = run.config["shard"]["index"]
        if index in by_index:
            raise ValueError(f"{name} is shard {index}/{of}, and so is {by_index[index][0]}; give every shard once")
        by_index[index] = name, run
    if missing := [str(index) for index in range(1, of + 1) if index not in by_index]:
        shown = ", ".join(missing[:20]) + (", .." if len(missing) > 20 else "")
        raise ValueError(f"of {of} shards these are missing: {shown}; run them with shard=(i, {of})")
    tally, paths = Tally(config["first_block"]), []
    for index in range(1, of + 1):
        name, run = by_index[index]
        expected = part(config, (index, of))["chains"]
        if run.chains != expected:
            raise ValueError(
                f"{name}, shard {index}/{of}, holds {run.chains:,} of {expected:,} chains; run it again to its end"
            )
        if run.chains:
            tally = tally + run.tally
        if run.paths:
            paths.append(run.paths)
    return Run(
        config, tally, {key: np.concatenate([kept[key] for kept in paths], -1) for key in paths[0]} if paths else {}
    )


def _whole(run: Run) -> dict[str, Any]:
    """The configuration of the run that this is a shard of, and the number of its shards."""
    shard = {key: value for key, value in run.config["shard"].items() if key not in ("index", "of")}
    config = {key: value for key, value in run.config.items() if key != "shard"} | shard
    config["keep_paths"] = min(config["keep_paths"], config["chains"])
    return {**config, "shards": run.config["shard"]["of"]}
