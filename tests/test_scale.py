"""The same bits from any number of devices, processes and shards; each layout in processes of its own."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import _worker as worker
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import host
from collapse_jax.engine import memory as _memory
from proofs_check.cli import main

WORKER = Path(__file__).parent / "_worker.py"


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """What one process compiled the next need not."""
    return {
        "JAX_COMPILATION_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


def start(options, **environment):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SLURM_")}
    return subprocess.Popen(
        [sys.executable, WORKER, json.dumps(options)], env=variables | environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ends(processes, seconds=60):
    """(exit code, output, errors) of all; every process has a timeout, and none outlives the test."""
    try:
        texts = [process.communicate(timeout=seconds) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return [(process.returncode, *text) for process, text in zip(processes, texts, strict=True)]


def finish(processes):
    found = ends(processes)
    assert all(code == 0 for code, _, _ in found), found
    return [out.split() for _, out, _ in found]


@pytest.fixture(scope="module")
def whole():
    return worker.simulate()


@pytest.fixture(scope="module")
def expected(whole):
    return worker.digest(whole)


def free_port(low=20_000, high=60_000):
    while True:
        port = random.randrange(low, high)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@pytest.mark.grid
def test_devices(cache, expected):
    numbers = (1, 2, 4, 8)
    layouts = ({"devices": number, "chunk": 64 * number * (1 + number % 3)} for number in numbers)
    processes = [start(layout, JAX_NUM_CPU_DEVICES=str(number), **cache)
                 for layout, number in zip(layouts, numbers, strict=True)]  # fmt: skip
    assert finish(processes) == [[expected]] * 4


@pytest.mark.wide
def test_two_processes(cache, expected):
    other = worker.digest(worker.simulate(seed=4))
    address = f"127.0.0.1:{free_port()}"
    joins = [{"coordinator": address, "processes": 2, "process": i} for i in range(2)]
    processes = [start({"join": join, "distributed": True, "devices": 2}, JAX_NUM_CPU_DEVICES="2", **cache)
                 for join in joins]  # fmt: skip
    assert finish(processes) == [[expected, other]] * 2


@pytest.mark.slow
def test_a_sweep_of_two_processes_and_of_two_devices(cache):
    expected = worker.digest_of_grid(worker.grid())
    address = f"127.0.0.1:{free_port()}"
    joins = [{"coordinator": address, "processes": 2, "process": i} for i in range(2)]
    processes = [start({"join": join, "sweep": True, "distributed": True}, **cache) for join in joins]
    processes.append(start({"sweep": True, "devices": 2}, JAX_NUM_CPU_DEVICES="2", **cache))
    assert finish(processes) == [[expected]] * 3


@pytest.mark.wide
def test_a_job_of_slurm(cache, expected, tmp_path):
    """The variables that SLURM sets, without SLURM; and checkpoints, one per process."""
    port = free_port(61_440, 65_536)
    job = {"SLURM_JOB_ID": str(port - 61_440), "SLURM_STEP_NODELIST": "127.0.0.1", "SLURM_NTASKS": "2"}
    where = {"distributed": True, "checkpoint": str(tmp_path / "file")}
    processes = [start(where, **job, SLURM_PROCID=str(i), SLURM_LOCALID=str(i), JAX_NUM_CPU_DEVICES="2", **cache)
                 for i in range(2)]  # fmt: skip
    # The worker asks for two seeds of one file: the second is refused by both processes.
    ended = ends(processes)
    assert [out.split() for _, out, _ in ended] == [[expected]] * 2, ended
    assert all("is the checkpoint of another run: it differs in seed" in err for _, _, err in ended), ended
    assert sorted(os.listdir(tmp_path)) == ["file.1-of-2", "file.2-of-2"]


@pytest.mark.wide
def test_the_command_line_of_a_job(cache, tmp_path):
    address = f"127.0.0.1:{free_port()}"
    command = [*GAUSSIAN, "--distributed", "--coordinator", address, "--processes", "2", "--out", "{out}", "--process"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "proofs_check.cli", *(c.replace("{out}", str(tmp_path / f"run{i}")) for c in command), str(i)],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | cache,
        ) for i in range(2)
    ]  # fmt: skip
    (code, out, err), quiet = ends(processes)
    assert code == 0, err
    assert "3,000 chains" in out
    assert quiet[:2] == (0, "")
    assert sorted(os.listdir(tmp_path)) == ["run0.json", "run0.npz"]


@pytest.mark.slow
def test_a_job_that_is_stopped(cache, tmp_path):
    """SIGTERM, as batch systems send it to all: every process keeps its chains and says how to resume."""
    command = [*GAUSSIAN[:-1], "100000000", "--distributed", "--checkpoint", str(tmp_path / "run"), "--checkpoint-every",
               "0.1", "--coordinator", f"127.0.0.1:{free_port()}", "--processes", "2", "--process"]  # fmt: skip
    processes = [subprocess.Popen([sys.executable, "-m", "proofs_check.cli", *command, str(i)], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | cache)
                 for i in range(2)]  # fmt: skip
    limit = time.monotonic() + 60
    while len(list(tmp_path.glob("run.*"))) < 2 and time.monotonic() < limit:
        time.sleep(0.05)
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for code, out, err in ends(processes):
        assert code == 143, err
        assert out == ""
        assert "resume with: collapse simulate" in err


@pytest.mark.wide
def test_an_error_in_one_process_reaches_the_other(cache):
    address = f"127.0.0.1:{free_port()}"
    joins = [{"coordinator": address, "processes": 2, "process": i} for i in range(2)]
    processes = [start({"join": join, "distributed": True, "chains": 10 - 10 * join["process"]}, **cache)
                 for join in joins]  # fmt: skip
    (_, _, first), (_, _, second) = ends(processes)
    assert "ValueError: chains=0 is not possible" in second
    assert "process 1 stopped, and with it the run: ValueError: chains=0 is not possible" in first


@pytest.mark.wide
def test_a_missing_peer_is_an_error():
    joins = [{"coordinator": f"127.0.0.1:{free_port()}", "processes": 2, "process": i, "timeout": 2} for i in range(2)]
    for i, (code, _, err) in enumerate(ends([start({"join": join}) for join in joins])):
        assert code == 1
        assert f"TimeoutError: process {i} of 2 waited 2 s" in err
        assert "start every process" in err


@pytest.mark.parametrize("options", [{"join": {}}, {"distributed": True}])
def test_no_job_is_an_error(options):
    [(code, _, err)] = ends([start(options)])
    assert code == 1
    assert "give coordinator='HOST:PORT'" in err


@pytest.mark.parametrize("of", [1, 2, 5, worker.BLOCKS + 9])
def test_shards_join_to_the_whole(of, whole, tmp_path):
    shards = [worker.simulate(shard=(i, of)) for i in range(1, of + 1)]
    assert sum(shard.chains for shard in shards) == whole.chains
    random.Random(of).shuffle(shards)
    files = [shard.save(tmp_path / f"shard{shard.config['shard']['index']}") for shard in shards]
    merged = cj.merge(files)
    assert worker.digest(merged) == worker.digest(cj.merge(shards)) == worker.digest(whole)
    assert list(merged.config) == list(whole.config)
    merged.save(tmp_path / "merged")
    whole.save(tmp_path / "whole")
    for suffix in ("npz", "json"):
        assert (tmp_path / f"merged.{suffix}").read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()


@pytest.mark.parametrize("options", [{"keep_paths": 0}, {"keep_paths": 10**6}, {"chains": 5, "keep_paths": 9},
                                     {"first_block": 7, "chains": 640}])  # fmt: skip
def test_shards_of_other_sizes(options):
    merged = cj.merge(worker.simulate(**options, shard=(i, 3)) for i in (3, 1, 2))
    assert worker.digest(merged) == worker.digest(worker.simulate(**options))


def test_an_empty_shard_has_nothing_to_say():
    empty = worker.simulate(chains=64, shard=(1, 2))
    assert empty.chains == 0
    assert np.all(np.isnan(empty["mean_error"].mean))
    assert "shard 1/2 of 64 chains" in repr(empty)


def test_shards_that_do_not_make_a_run_are_refused(whole, tmp_path):
    one, two, three = (worker.simulate(shard=(i, 3)) for i in (1, 2, 3))
    foreign = worker.simulate(shard=(2, 3), seed=9)
    cut = cj.Run({**two.config, "chains": 64, "keep_paths": 0}, worker.simulate(
        chains=64, first_block=two.config["first_block"], keep_paths=0).tally)  # fmt: skip
    path = one.save(tmp_path / "first")
    cases = [
        ([], "no shards"),
        ([path, three], "missing: 2"),
        ([path, two, three, one], f"run 4 is shard 1/3, and so is {path}"),
        ([one, foreign, three], "run 2 is a shard of another run: it differs in seed"),
        ([one, worker.simulate(shard=(2, 2)), three], "run 2 .* differs in shards"),
        ([one, cut, three], "run 2, shard 2/3, holds 64 of"),
        ([one, whole, three], "run 2 is not a shard"),
    ]
    for runs, message in cases:
        with pytest.raises(ValueError, match=message) as caught:
            cj.merge(runs)
        assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="merge"):
        one + two


GAUSSIAN = (
    "simulate",
    "gaussian",
    "replace",
    "--set",
    "n=9",
    "--set",
    "ddof=1",
    "--generations",
    "3",
    "--chains",
    "3000",
)


@pytest.mark.wide
def test_the_command_line_joins_shards(capsys, tmp_path):
    for i in (1, 2):
        assert main([*GAUSSIAN, "--shard", f"{i}/2", "--devices", "all", "--out", str(tmp_path / f"part{i}")]) == 0
    assert main(["merge", str(tmp_path / "joined"), str(tmp_path / "part2.npz"), str(tmp_path / "part1")]) == 0
    assert main([*GAUSSIAN, "--out", str(tmp_path / "whole")]) == 0
    for suffix in (".npz", ".json"):
        assert (tmp_path / f"joined{suffix}").read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()
    capsys.readouterr()
    assert main(["merge", str(tmp_path / "joined"), str(tmp_path / "part2")]) == 2
    assert "missing: 1" in capsys.readouterr().err


def test_memory_is_found_from_the_device(tmp_path):
    class Accelerator:
        platform = "gpu"

        def __init__(self, stats):
            self.memory_stats = lambda: stats

    class Host:
        platform = "cpu"

    assert _memory.budget(Accelerator({"bytes_limit": 80 << 30})) == 40 << 30
    assert _memory.budget(Accelerator(None)) == 2 << 30
    assert 1 <= _memory.budget(Host()) <= 2 << 30
    (tmp_path / "job" / "step").mkdir(parents=True)
    (tmp_path / "job" / "memory.max").write_text("1000\n")
    (tmp_path / "job" / "step" / "memory.max").write_text("max\n")
    (tmp_path / "memory" / "old").mkdir(parents=True)
    (tmp_path / "memory" / "old" / "memory.limit_in_bytes").write_text("2000\n")
    (tmp_path / "self").write_text("12:cpu,memory:/old\n3:cpuset:/other\n0::/job/step\n")
    assert sorted(host._control_groups(tmp_path / "self", tmp_path)) == [1000, 2000]
    assert host._control_groups(tmp_path / "absent", tmp_path) == []


SBATCH = """
import os, subprocess, sys
options = dict(argument.lstrip("-").split("=", 1) for argument in sys.argv[1:] if "=" in argument and argument[:2] == "--")
command = sys.argv[sys.argv.index("--wrap") + 1]
first, last = map(int, options.get("array", "1-1").split("-"))
with open(options["output"].replace("%a", "s"), "a") as log:
    tasks = [subprocess.Popen(["bash", "-c", command], env=os.environ | {"SLURM_ARRAY_TASK_ID": str(task)}, stdout=log)
             for task in range(first, last + 1)]
    if any([task.wait() for task in tasks]):
        sys.exit(1)
print("77;cluster" if "--parsable" in sys.argv else "Submitted batch job 78")
"""
SRUN = """
import os, subprocess, sys
job = {"SLURM_JOB_ID": os.environ["FAKE_JOB"], "SLURM_STEP_NODELIST": "127.0.0.1", "SLURM_NTASKS": "2"}
tasks = [subprocess.Popen(sys.argv[1:], env=os.environ | job | {"SLURM_PROCID": str(i), "SLURM_LOCALID": str(i)}) for i in range(2)]
sys.exit(max(task.wait() for task in tasks))
"""


@pytest.fixture
def faked_slurm(tmp_path, cache):
    """`sbatch`, `srun` and `collapse` as commands; what sbatch is given runs at once."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, text in (
        ("sbatch", SBATCH),
        ("srun", SRUN),
        ("collapse", "from proofs_check.cli import main; exit(main())"),
    ):
        (commands / name).write_text(f"#!{sys.executable}\n{text}")
        (commands / name).chmod(0o755)
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    python = os.pathsep.join([str(WORKER.parent.parent), os.environ.get("PYTHONPATH", "")])
    job = str(free_port(61_440, 65_536) - 61_440)
    return os.environ | cache | {"PATH": path, "PYTHONPATH": python, "FAKE_JOB": job, "JAX_NUM_CPU_DEVICES": "2"}


@pytest.mark.slow
def test_the_scripts_for_slurm(faked_slurm, tmp_path):
    examples = WORKER.parent.parent / "examples"
    for name, arguments in (
        ("slurm_array.sh", ["2", tmp_path / "a folder"]),
        ("slurm_distributed.sh", [tmp_path / "both"]),
    ):
        script = subprocess.run(["bash", examples / name, *arguments, *GAUSSIAN[1:]], env=faked_slurm, timeout=120,
                                capture_output=True, text=True, check=False)  # fmt: skip
        assert script.returncode == 0, script.stderr
    assert main([*GAUSSIAN, "--out", str(tmp_path / "whole")]) == 0
    for suffix in (".npz", ".json"):
        found = [(tmp_path / name).with_suffix(suffix).read_bytes() for name in ("whole", "a folder/run", "both")]
        assert found[1:] == found[:1] * 2
