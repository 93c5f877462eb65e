"""What the library saves, damaged in every way, and the judge of what loads then."""

import dataclasses
import json

import _fuzz as fuzz

import collapse_jax as cj
from proofs_check import ledger

SMALL = {"generations": 3, "chains": 64, "sizes": "traced", "optimisation": 0, "progress": False}
FEW = {name: value for name, value in SMALL.items() if name != "progress"} | {"chains": 8}


def proportion(model, truth):
    return model.p


FILES = ["run.npz", "run.json", "grid.sweep", "chains.checkpoint", "ledger.json"]


def save(folder):
    """A saved run, sweep, checkpoint and ledger in a folder, and their contents by name."""
    truth, few = cj.Bernoulli(0.3), {**SMALL, "chains": 8}
    run = cj.simulate(truth, cj.Replace(5), proportion, **few, checkpoint=folder / "chains.checkpoint")
    run.save(folder / "run")
    grid = cj.sweep(lambda n: (truth, cj.Replace(n)), {"n": (5, 6)}, proportion, **FEW)
    grid.save(folder / "grid")
    book = ledger.read()
    ledger.Ledger(dict(list(book.entries.items())[:3])).write(folder / "ledger.json")
    content = {name: (folder / name).read_bytes() for name in FILES}
    return content


def load(folder, name):
    if name.startswith("run"):
        return cj.Run.load(folder / "run")
    if name == "grid.sweep":
        return cj.Sweep.load(folder / "grid")
    if name == "ledger.json":
        return ledger.read(folder / name)
    few = {**SMALL, "chains": 8}
    return cj.simulate(cj.Bernoulli(0.3), cj.Replace(5), proportion, **few, checkpoint=folder / name)


def told(found):
    """What identifies a loaded object."""
    if isinstance(found, cj.Run):
        return found.moments.mean.tolist(), found.moments.m2.tolist(), found.chains
    if isinstance(found, cj.Sweep):
        return [told(found[key]) for key in found]
    return {id: dataclasses.asdict(entry) for id, entry in found.entries.items()}


def damaged(content, name, how, number, value):
    data = bytearray(content[name])
    if how == "cut":
        return bytes(data[: number % len(data)])
    if how == "flip":
        data[number % len(data)] ^= 1 + number % 255
        return bytes(data)
    if how == "swap":
        return content[FILES[number % len(FILES)]]
    if how == "junk" or name == "run.npz":
        return [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}', b"NaN", b"\n"][number % 9]
    head, newline, rest = (
        bytes(data).partition(b"\n") if name in ("grid.sweep", "chains.checkpoint") else (data, b"", b"")
    )
    held = place = json.loads(head)
    for _ in range(1 + number % 4):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = keys[number % len(keys)]
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place, parent = place[key], place
        last = (parent, key)
    else:
        place, key = last
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        value = {"a": [1]}
    if number % 3 == 0 and isinstance(place, dict):
        del place[key]
    else:
        place[key] = value
    return json.dumps(held).encode() + newline + rest


def of_file(judge, saved, given):
    folder, content = saved
    name, how, number, value = given

    def open_it():
        changed = damaged(content, name, how, number, value)
        (folder / name).write_bytes(changed)
        try:
            found = told(load(folder, name))
        finally:
            (folder / name).write_bytes(content[name])
        same = told(load(folder, name))
        if name != "ledger.json" and found != same:  # only these have a checksum
            raise fuzz.Wrong(f"{name} loads as something else")

    judge(given, open_it)
