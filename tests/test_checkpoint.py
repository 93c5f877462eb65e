"""Nothing that was finished is lost, and what is resumed has the bits of a run that was never stopped."""

import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import _worker as worker
import pytest

import collapse_jax as cj
from collapse_jax.engine import collect as _collect
from collapse_jax.engine import dispatch as _dispatch
from collapse_jax.engine import simulate as _simulate
from collapse_jax.results import files
from collapse_jax.results.store import checksum
from proofs_check.cli import main

EACH = {"checkpoint_every": 0}


@pytest.fixture(scope="module")
def expected():
    return worker.digest(worker.simulate())


@pytest.fixture
def file(tmp_path):
    return tmp_path / "run.checkpoint"


class Stop(_collect.tqdm):
    after = 3

    def update(self, n=1):
        self.seen = getattr(self, "seen", 0) + 1
        if self.seen == self.after:
            raise KeyboardInterrupt
        return super().update(n)


def interrupt(monkeypatch, after, **options):
    monkeypatch.setattr(Stop, "after", after)
    with monkeypatch.context() as patched:
        patched.setattr(_collect, "tqdm", Stop)
        with pytest.raises(cj.Interrupted) as caught:
            worker.simulate(**options)
    return caught.value


@pytest.fixture
def no_simulation(monkeypatch):
    def fail(*_):
        raise AssertionError("something is compiled or simulated")

    monkeypatch.setattr(_simulate, "program_for", fail)
    monkeypatch.setattr(_dispatch.Dispatches, "run", fail)


def held(file):
    with open(file, "rb") as stream:
        return json.loads(stream.readline())["config"]["chains"]


def rewrite(file, **changes):
    """Another configuration under a checksum that fits."""
    head, _, content = file.read_bytes().partition(b"\n")
    about = json.loads(head)
    about["config"] |= changes
    about["sha256"] = checksum(content, about["config"])
    file.write_bytes(json.dumps(about).encode() + b"\n" + content)


@pytest.mark.parametrize("every", [0, 1e6])
def test_an_interrupted_run_resumes_to_the_same_bits(monkeypatch, file, expected, every):
    done = 0
    for after in (1, 3, 20):
        stop = interrupt(monkeypatch, after, checkpoint=file, checkpoint_every=every)
        assert "make the same call to resume" in str(stop)
        done += after
        assert stop.run.chains == held(file) == 64 * done
        assert os.listdir(file.parent) == [file.name]
    assert worker.digest(worker.simulate(checkpoint=file)) == expected


def test_writes_are_as_rare_as_asked_for(monkeypatch, file):
    written = []
    monkeypatch.setattr(files, "write", lambda *_: written.append(1))
    worker.simulate(checkpoint=file)
    assert len(written) == 1
    worker.simulate(checkpoint=file, **EACH)
    assert len(written) == 1 + worker.BLOCKS + 1


@pytest.mark.usefixtures("no_simulation")
def test_nothing_is_done_where_nothing_can_be_written(file):
    (file.parent / "file").write_text("")
    for path in (file.parent / "file" / "run", file.parent / "missing" / "run", f"{file.parent}/missing/"):
        with pytest.raises(ValueError, match="choose a folder that exists and can be written") as caught:
            worker.simulate(checkpoint=path)
        assert "\n" not in str(caught.value)
    assert os.listdir(file.parent) == ["file"]


@pytest.mark.usefixtures("no_simulation")
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user writes everywhere")
    with pytest.raises(ValueError, match="choose a folder that exists and can be written"):
        worker.simulate(checkpoint=tmp_path / "run")


def test_a_finished_run_returns_at_once(file, expected, monkeypatch):
    worker.simulate(checkpoint=file)
    monkeypatch.setattr(_simulate, "program_for", None)
    assert worker.digest(worker.simulate(checkpoint=file)) == expected


@pytest.mark.parametrize("chains", [64, 70, 640, 1000])
def test_more_chains_extend_a_run(file, expected, chains):
    worker.simulate(checkpoint=file, chains=chains)
    assert worker.digest(worker.simulate(checkpoint=file)) == expected


def test_a_part_of_a_block_is_no_reason_to_refuse(file):
    worker.simulate(checkpoint=file, chains=130)
    assert worker.digest(worker.simulate(checkpoint=file, chains=129)) == worker.digest(worker.simulate(chains=129))


@pytest.mark.usefixtures("untyped")
def test_other_runs_are_refused(file):
    worker.simulate(checkpoint=file, chains=640)
    before = file.read_bytes()
    cases = [
        ({"chains": 64}, "holds 640 chains, more than the 64 asked for"),
        ({"seed": 4}, r"differs in seed \(3 there, 4 here\); give another file"),
        ({"dtype": "float32"}, r"dtype \(.float64. there, .float32. here\), draws"),
        ({"generations": 4, "engine": "literal"}, "generations .* engine"),
        ({"keep_paths": 299}, "keep_paths"),
        ({"first_block": 1}, "first_block"),
        ({"shard": (1, 2)}, "shard"),
        ({"optimisation": 1}, "optimisation"),
    ]
    for options, message in cases:
        with pytest.raises(ValueError, match=message) as caught:
            worker.simulate(checkpoint=file, **{"chains": 640} | options)
        assert "\n" not in str(caught.value)
    assert file.read_bytes() == before
    rewrite(file, jax="0.0.1", platform="tpu")
    with pytest.raises(ValueError, match=r"platform \(.tpu. there, .cpu. here\), jax \(.0.0.1. there"):
        worker.simulate(checkpoint=file)


def _flip(content):
    return content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]


DAMAGE = {
    "truncated": lambda content: content[:-100],
    "cut in the head": lambda content: content[:50],
    "changed": _flip,
    "config changed": lambda content: content.replace(b'"seed": 3', b'"seed": 4', 1),
    "empty": lambda content: b"",
    "not a checkpoint": lambda content: b"\xff\xfe" * 100,
    "another format": lambda content: content.replace(b"checkpoint 2", b"checkpoint 9", 1),
}


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("case", DAMAGE)
def test_damaged_files_are_refused(file, case):
    worker.simulate(checkpoint=file, chains=640)
    damaged = DAMAGE[case](file.read_bytes())
    file.write_bytes(damaged)
    with pytest.raises(ValueError, match="delete this one to start anew") as caught:
        worker.simulate(checkpoint=file, chains=640)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == damaged


def test_numbers_that_do_not_fit_the_configuration_are_refused(file):
    worker.simulate(checkpoint=file, chains=640)
    rewrite(file, chains=704)
    with pytest.raises(ValueError, match="not those of the run described"):
        worker.simulate(checkpoint=file)


def test_a_folder_holds_a_file_per_configuration(tmp_path, expected):
    for options in ({}, {"seed": 4}, {"seed": 4, "shard": (1, 2)}):
        worker.simulate(checkpoint=tmp_path, **options)
    assert len(os.listdir(tmp_path)) == 3
    with pytest.raises(ValueError, match="more than the 64"):
        worker.simulate(checkpoint=tmp_path, chains=64)
    assert worker.digest(worker.simulate(checkpoint=tmp_path)) == expected


def test_a_full_disk_leaves_the_last_checkpoint(file, expected):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    worker.simulate(checkpoint=file, chains=64)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, hard))  # kept paths make the file grow
    try:
        with pytest.raises(cj.Unsaved, match="make room and make the same call") as caught:
            worker.simulate(checkpoint=file, **EACH)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert 64 <= held(file) < caught.value.run.chains < worker.CHAINS
    assert os.listdir(file.parent) == [file.name]
    assert worker.digest(worker.simulate(checkpoint=file)) == expected


def test_the_command_line_on_a_full_disk(monkeypatch, capsys, file):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    command = ["simulate", "gaussian", "replace", "--set", "n=9", "--set", "ddof=1", "--chains", "10"]
    assert main([*command, "--checkpoint", str(file)]) == 1
    out, err = capsys.readouterr()
    assert "10 chains, 20 generations" in out
    assert len(err.splitlines()) == 1
    assert "No space left on device" in err
    assert f"resume with: collapse {shlex.join(command)} --checkpoint {file}" in err


def test_interruption_on_a_full_disk_is_still_an_interruption(monkeypatch, file):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    stop = interrupt(monkeypatch, 3, checkpoint=file)
    assert "No space left on device" in str(stop)
    assert stop.run.chains == 192


def test_a_failure_keeps_what_is_finished(monkeypatch, file, expected):
    run = _dispatch.Dispatches.run

    def fail(dispatches, index):
        if index == 20:
            raise RuntimeError("out of memory")
        return run(dispatches, index)

    with monkeypatch.context() as patched:
        patched.setattr(_dispatch.Dispatches, "run", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            worker.simulate(checkpoint=file)
    assert held(file) == 20 * 64
    assert worker.digest(worker.simulate(checkpoint=file)) == expected


def test_two_runs_on_one_file_both_end_well(file, expected):
    digests = []
    threads = [threading.Thread(target=lambda: digests.append(worker.digest(worker.simulate(checkpoint=file, **EACH))))
               for _ in range(2)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert digests == [expected] * 2
    assert worker.digest(worker.simulate(checkpoint=file)) == expected
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.wide
def test_the_command_line_stops_and_resumes(file):
    """SIGTERM, then the printed command, then Ctrl-C."""
    command = ["simulate", "gaussian", "replace", "--set", "n=9", "--set", "ddof=1", "--generations", "3",
               "--chains", "100000000", "--checkpoint", str(file), "--checkpoint-every", "0.1"]  # fmt: skip
    code = "import signal, sys; from proofs_check.cli import main; "
    code += "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main(sys.argv[1:]))"
    done = 0
    for number, expected in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            limit = time.monotonic() + 60
            while not file.exists() or held(file) <= done:
                assert time.monotonic() < limit
                assert process.poll() is None, process.communicate()
                time.sleep(0.05)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == expected, err
        assert "chains, 3 generations" in out
        last = err.splitlines()[-1]
        assert "interrupted" in last
        command = shlex.split(re.search(r"resume with: collapse (.*)", last)[1])
        assert held(file) > done
        done = held(file)
        assert f"{done:,} of 100,000,000 chains" in last


def test_misuse_of_the_command_line_is_one_line(capsys, file):
    base = ["simulate", "gaussian", "replace", "--set", "n=9", "--set", "ddof=1", "--chains", "10"]
    cases = [
        (["--checkpoint", str(file / "below" / "nothing")], "choose a folder"),
        (["--shard", "3"], "--shard 3/8"),
        (["--shard", "3/2"], "i = 1 .. N"),
        (["--devices", "some"], "or all"),
        (["--processes", "2"], "add --distributed"),
        (["--checkpoint-every", "-1"], "use seconds >= 0"),
        (["--dtype", "float32", "--draws", "float64"], "use dtype='float64' too"),
    ]
    for arguments, remedy in cases:
        assert main([*base, *arguments]) == 2
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert remedy in err
    assert not Path(file).exists()
