"""Files, limits and the shell: what cannot be done is refused before the work, in one line that names the remedy."""

import io
import os
import signal
import subprocess
import sys
import warnings
from contextlib import suppress

import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import host
from collapse_jax.engine import layout
from collapse_jax.laws import coalescent, drift, pedigree, second_moment
from collapse_jax.results import files
from proofs_check.cli import main, options, terminal

SMALL = ("simulate", "gaussian", "replace", "--set", "n=10", "--set", "ddof=1", "--generations", "3", "--chains", "100")


def one_line(capsys, *arguments, code=2):
    assert main(list(arguments)) == code
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1, err
    assert err.startswith("collapse: error: ")
    return out, err


@pytest.fixture
def no_work(monkeypatch):
    """Nothing is simulated, decided or drawn."""

    def fail(*_, **__):
        raise AssertionError("work was done before its destination was checked")

    monkeypatch.setattr("collapse_jax.engine.simulate._resume", fail)
    monkeypatch.setattr("collapse_jax.engine.sweep._run", fail)
    monkeypatch.setattr("proofs_check.suite.Suite.outcomes", fail)
    monkeypatch.setattr("proofs_check.figure.Figure.config", fail)
    monkeypatch.setattr("proofs_check.export.to_csv", fail)
    monkeypatch.setattr("proofs_check.ledger.merge", fail)
    monkeypatch.setattr("collapse_jax.merge", fail, raising=False)


# For every option that names a destination: the command, and what is appended to it for a place.
OPTIONS = {
    "simulate --out": (*SMALL, "--out"),
    "simulate --plot": (*SMALL, "--plot"),
    "merge OUT": ("merge",),
    "merge-ledgers OUT": ("merge-ledgers",),
    "verify --json": ("verify", "seddik2024.eq2", "--json"),
    "verify --report": ("verify", "seddik2024.eq2", "--report"),
    "verify --ledger": ("verify", "seddik2024.eq2", "--full", "--ledger"),
    "export --out": ("export", "seddik2024.eq2", "--csv", "--out"),
    "figure --out": ("figure", "seddik2024.fig1", "--out"),
}
# Whoever runs this: nothing can be made in /proc, below a file, or under a name that is too long.
PLACES = ("/proc/x.png", "file/x.png", f"{'x' * 300}.png")


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("option", OPTIONS)
def test_a_destination_that_cannot_be_written_is_refused_before_the_work(capsys, tmp_path, monkeypatch, option):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("kept")
    for place in PLACES:
        after = ("nothing",) if "OUT" in option else ()
        out, err = one_line(capsys, *OPTIONS[option], place, *after)
        assert not out
        assert "cannot write" in err
        assert "; choose a folder" in err
    assert os.listdir(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*SMALL, "--out", ""), "names no file"),
        ((*SMALL, "--out", ".."), "names no file"),
        ((*SMALL, "--out", "run", "--plot", "run.json"), "end it in .png"),
        ((*SMALL, "--plot", "picture"), "end it in .png"),
        (("verify", "seddik2024.eq2", "--report", "file"), "Not a directory"),
        (("verify", "seddik2024.eq2", "--json", "folder"), "it is a folder"),
        (("verify", "seddik2024.eq2", "--full", "--json", "a.json", "--ledger", "./a.json"), "would both write"),
        (("verify", "seddik2024.eq2", "--full", "--ledger", "/dev/null/a.json"), "Not a directory"),
        (("verify", "seddik2024.eq2", "--full", "--ledger", "null.json"), "a device or a pipe"),
    ],
)
def test_misnamed_destinations(capsys, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "null.json").symlink_to("/dev/null")
    assert says in one_line(capsys, *arguments)[1]


@pytest.mark.usefixtures("no_work", "untyped")
@pytest.mark.parametrize("place", ["/proc/x", "/dev/null", "", 3, "a\0b"])
def test_a_checkpoint_that_cannot_be_written_is_refused_before_the_work(place):
    with pytest.raises(ValueError, match="give the name of a file|choose a folder that exists and can be written"):
        files.check({"checkpoint": place})


def test_a_sweep_checks_its_folder_before_the_first_cell(monkeypatch):
    monkeypatch.setattr("collapse_jax.engine.sweep.program_for", None)
    with pytest.raises(ValueError, match="choose a folder that exists and can be written"):
        cj.sweep(coin, {"n": (3, 5)}, "squared_error", generations=2, chains=10, checkpoint="/proc/x")


def coin(n):
    return cj.Bernoulli(0.3), cj.Replace(n)


def test_a_link_stays_a_link_and_a_pipe_is_written(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data" / "file")
    files.check({"": tmp_path / "link"})
    files.write(tmp_path / "link", b"whole")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "data" / "file").read_bytes() == b"whole"
    assert sorted(os.listdir(tmp_path)) == ["data", "link"]
    files.check({"": "/dev/null"}, stream=True)
    files.write(files.Path("/dev/null"), b"gone")
    assert not files.Path("/dev/null").is_file()


def test_folders_that_are_made_later_are_checked_and_not_made(tmp_path):
    files.check({"": tmp_path / "a" / "b" / "c"}, make=True)
    assert os.listdir(tmp_path) == []
    with pytest.raises(ValueError, match="that exists"):
        files.check({"": tmp_path / "a" / "b" / "c"})


@pytest.mark.parametrize("keep", [1, 1000])
def test_kept_paths_count_against_memory(monkeypatch, keep):
    """1,000 chains of 10 generations in float64 are 80,000 bytes."""
    settings = {"generations": 10, "chains": 1000, "keep_paths": keep, "block": 10, "optimisation": 0}
    if keep == 1:
        assert cj.simulate(*coin(5), "squared_error", memory=80_000, **settings).paths["squared_error"].shape == (10, 1)
        return
    monkeypatch.setattr("collapse_jax.engine.simulate._resume", None)
    for memory in (80_000, 1):
        with pytest.raises(ValueError, match="use a smaller keep_paths"):
            cj.simulate(*coin(5), "squared_error", memory=memory, **settings)
    monkeypatch.setattr("collapse_jax.engine.sweep._run", None)
    with pytest.raises(ValueError, match="use a smaller keep_paths"):
        cj.sweep(coin, {"n": (3, 4)}, "squared_error", memory=160_000, **settings)
    assert layout.kept({**cj.Request(*coin(5), "squared_error", **settings).config(), "dtype": "float32"}) == 40_000


def test_the_mean_collapse_time_needs_no_matrix():
    """Against the solution of the whole triangular system, and at a size whose matrix would not fit."""
    p = [0.5, 0.3, 0.2]
    for n in (2, 3, 40, 500):
        alive = np.eye(n - 1) - coalescent.occupancy(n)[2:, 2:]
        cost = 1 - np.array([sum(q**k for q in p) for k in range(2, n + 1)])
        exact = 1 + np.linalg.solve(alive, cost)[-1]
        np.testing.assert_allclose(coalescent.expected_collapse_time(p, n), exact, rtol=n * 1e-15)
    bracket = 1 + coalescent.ancestor_time(20_000) * (1 - 0.38), 1 + coalescent.ancestor_time(20_000)
    assert bracket[0] < coalescent.expected_collapse_time(p, 20_000) < bracket[1]


LARGE = [
    lambda: coalescent.occupancy(10**7),
    lambda: coalescent.collapse_curve([0.5, 0.5], 10**7, 2),
    lambda: coalescent.expected_collapse_time(np.full(10**5, 1e-5) * np.linspace(0.5, 1.5, 10**5), 10**7),
    lambda: drift.transition(10**7),
    lambda: drift.entropy([0.5, 0.5], 10**7, 3),
    lambda: second_moment.random_pool(5, 0.5, 10**7),
    lambda: pedigree.of(cj.Accumulate(5), 3 * 10**5),
    lambda: cj.Request(*coin(5), "squared_error", generations=10**11, chains=1),
]
SLOW = [
    lambda: coalescent._steps(1000, 10**6),
    lambda: coalescent.ancestor_time(10**6),
]


@pytest.mark.parametrize("request_", LARGE)
def test_requests_beyond_the_memory_say_their_size(request_):
    with pytest.raises(ValueError, match=r"takes .* GiB, more than half of the .* GiB here; use "):
        request_()


@pytest.mark.parametrize("request_", SLOW)
def test_requests_that_take_long_say_their_size(request_):
    with pytest.raises(UserWarning, match=r"operations, about .* minutes; use "):  # an error in these tests
        request_()


def test_what_is_affordable_is_silent():
    host.afford("n=3", numbers=9, operations=27, remedy="")


@pytest.fixture
def flags(monkeypatch):
    """Sets XLA_FLAGS, and asks anew what XLA says of them."""
    options.begin.cache_clear()
    yield lambda text: monkeypatch.setenv("XLA_FLAGS", text)
    options.begin.cache_clear()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("--no_such_flag", "Unknown flag in XLA_FLAGS: --no_such_flag; correct or unset it"),
        ("garbage", "Could not open file"),
        ("--xla_cpu_enable_fast_math=maybe", "Couldn't interpret value maybe for flag xla_cpu_enable_fast_math"),
    ],
)
def test_flags_that_would_abort_the_process_are_one_line(capsys, flags, text, says):
    flags(text)
    assert says in one_line(capsys, *SMALL)[1]
    options.begin.cache_clear()
    assert says in one_line(capsys, "verify", "seddik2024.eq2")[1]


def test_flags_that_xla_takes_are_left_alone(capsys, flags):
    flags("--xla_cpu_enable_fast_math=false")
    assert main(["verify", "seddik2024.eq2"]) == 0
    flags("--no_such_flag")
    assert main(["show", "seddik2024.eq2"]) == 0  # needs no XLA


@pytest.mark.parametrize(
    "error", [AssertionError(), RuntimeError("Unable to initialize backend 'foo': no such. (set JAX_PLATFORMS='')")]
)
def test_an_absent_device_is_one_line(capsys, monkeypatch, error):
    def absent(*_):
        raise error

    monkeypatch.setattr(jax, "devices", absent)
    for command in (SMALL, ("verify", "seddik2024.eq2"), ("figure", "seddik2024.fig1", "--out", "nowhere")):
        _, err = one_line(capsys, *command)
        assert "no device for JAX_PLATFORMS=" in err
        assert "use JAX_PLATFORMS=cpu" in err
    assert not os.path.exists("nowhere")


@pytest.mark.wide
def test_the_commands_of_a_shell():
    """Real processes, where only they show what happens: an absent device, a full disk, a reader who leaves."""
    python = f"{sys.executable} -m proofs_check.cli"
    cases = {
        f"JAX_PLATFORMS=cuda {python} {' '.join(SMALL)}": (2, "no device for JAX_PLATFORMS=cuda"),
        f"{python} list > /dev/full": (1, "cannot write the output: No space left on device"),
        f"{python} list --json 2>&1 >&- | cat": (0, ""),
        f"{python} list --json | head -c 9 > /dev/null; exit ${{PIPESTATUS[0]}}": (1, ""),
    }
    running = {
        command: subprocess.Popen(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in cases
    }
    for command, process in running.items():
        out, err = process.communicate(timeout=120)
        code, says = cases[command]
        assert (process.returncode, out) == (code, ""), (command, err)
        assert len(err.splitlines()) == bool(says), (command, err)
        assert says in err


class Full(io.StringIO):
    def flush(self):
        raise OSError(28, "No space left on device")


def test_a_full_disk_loses_no_results(capsys, tmp_path, monkeypatch):
    """Files are written although the output cannot be, and the exit says so."""
    monkeypatch.chdir(tmp_path)
    commands = [
        (*SMALL, "--out", "run", "--plot", "run.png"),
        ("verify", "seddik2024.eq2", "--full", "--ledger", "book", "--json", "out.json", "--report", "page"),
    ]
    for command in commands:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", Full())
            assert main(list(command)) == 1
        assert "cannot write the output" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["book", "out.json", "page", "run.json", "run.npz", "run.png"]
    assert os.listdir("book") == ["ledger.json"]


def test_a_folder_that_is_gone(capsys, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for works in (("list",), ("show", "seddik2024.eq2"), ("verify", "seddik2024.eq2"), SMALL):
        assert main(list(works)) == 0
        assert not capsys.readouterr().err
    for command in (
        (*SMALL, "--out", "x"),
        (*SMALL, "--checkpoint", "x"),
        ("figure", "seddik2024.fig1"),
        ("list", "my.py"),
    ):
        one_line(capsys, *command)


NASTY = "a\x1b]0;owned\x07\x1b[2J\u202eb"


def test_nothing_that_is_printed_steers_the_terminal(capsys, tmp_path):
    text = f"""
from proofs_check import Computed, claim

@claim({NASTY!r}, statement={NASTY!r}, relation="==", regime="exact", provenance="derived", source={NASTY!r})
def one():
    return Computed(lambda t: t, lambda t: t, mutants={{{NASTY!r}: lambda t: t + 1}}, at=(1, 2))
"""
    file = tmp_path / "my.py"
    file.write_text(text)
    for command in (
        ("list", str(file)),
        ("show", str(file)),
        ("verify", str(file), "--mutants"),
        ("export", str(file), "--latex"),
        ("list", NASTY),
        (NASTY,),
        ("verify", f"--{NASTY}"),
        (*SMALL, "--plot", f"x.{NASTY}"),
    ):
        with suppress(SystemExit):
            main(list(command))
        out, err = capsys.readouterr()
        assert out + err
        assert not set(out + err) & {"\x1b", "\x07", "\u202e"}, command
    assert terminal.neutral("a\tb\n\r\x1b\x9b\u2028é") == "a\tb\n\\r\\x1b\\x9b\\u2028é"


def test_signs_that_the_terminal_lacks_are_written_out(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        with terminal.neutral_streams():
            print("Gérard \udcff")
    stream.flush()
    assert stream.buffer.getvalue() == b"G\\xe9rard \\udcff\n"


def test_ctrl_c_and_memory_end_a_command_in_one_line(capsys, monkeypatch):
    for error, code, says in ((KeyboardInterrupt(), 130, "interrupted"), (MemoryError(), 1, "memory of this machine")):

        def stop(*_, error=error):
            raise error

        monkeypatch.setattr("proofs_check.cli.listing.narrowed", stop)
        assert main(["list"]) == code
        assert says in capsys.readouterr().err


def test_a_forked_worker_says_so_instead_of_hanging():
    jax.devices()
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # JAX warns of it, too
        child = os.fork()
    if not child:
        signal.alarm(20)
        try:
            cj.sweep(coin, {"n": (3,)}, "squared_error", generations=2, chains=10)
        except ValueError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        assert "multiprocessing.get_context('spawn')" in said.read()
    assert os.waitpid(child, 0)[1] == 0
