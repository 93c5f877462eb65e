"""The command line: outputs, exit codes, and one line naming the remedy for every misuse."""

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from proofs_check.cli import main

MINE = """
from collapse_jax import Bernoulli, Replace
from proofs_check import Check, claim

@claim("mine.martingale", statement=r"E\\,p_t = p_0", relation="==", regime="exact", provenance="derived",
       source="the fitted mean is a martingale")
def martingale(p=0.3, n=20, generations=4):
    return Check(Bernoulli(p), Replace(n), metric=proportion, generations=generations,
                 predicted=lambda t: p, mutants={"shrinks": lambda t: p * (1 - 1 / n) ** t})

def proportion(model, truth):
    return model.p
"""


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_list_show_cite(capsys):
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert len(out.splitlines()) >= 24
    code, out, _ = run(capsys, "list", "--paper", "seddik2024", "--json")
    assert {row["paper"] for row in json.loads(out)} == {"seddik2024"}
    code, out, _ = run(capsys, "show", "seddik2024.thm1.rho")
    assert "wording read in the paper" in out
    assert "mutants" in out
    code, out, _ = run(capsys, "cite", "kazdan2024.accumulate")
    assert "eprint = {2410.16713}" in out


def test_verify_writes_json_and_exit_codes(capsys, tmp_path):
    target = tmp_path / "out.json"
    code, out, _ = run(capsys, "verify", "kazdan2024.replace_c*", "--quick", "--mutants", "--json", str(target))
    assert code == 0
    assert re.search(r"SUPPORTED +kazdan2024.replace_cov", out)
    assert "mutant: n - 1 for n" in out
    [row] = json.loads(target.read_text())
    needed = {
        "id",
        "paper",
        "relation",
        "regime",
        "provenance",
        "expected",
        "verdict",
        "alpha",
        "resolution",
        "chains",
        "seconds",
        "generations",
        "observed",
        "stderr",
        "predicted",
        "tightness",
        "mutants",
    }
    assert needed <= set(row)
    assert {"name", "verdict"} == set(row["mutants"][0])
    code, out, _ = run(capsys, "verify", "kazdan2024.replace_cov", "--max-chains", "64", "--quick")
    assert code == 1
    assert "NOT AS EXPECTED" in out


def test_verify_a_users_file(capsys, tmp_path):
    file = tmp_path / "my_claims.py"
    file.write_text(MINE)
    code, out, _ = run(capsys, "verify", str(file), "--quick", "--set", "n=10")
    assert code == 0
    assert "mine.martingale" in out


def test_json_on_standard_output_is_only_json(capsys, tmp_path):
    file = tmp_path / "my_claims.py"
    file.write_text(MINE)
    _, out, _ = run(capsys, "verify", str(file), "--quick", "--json", "-")
    assert json.loads(out)[0]["parameters"] == {"p": 0.3, "n": 20, "generations": 4}


def test_the_sampler_is_said(capsys, tmp_path):
    file, target = tmp_path / "my_claims.py", tmp_path / "out.json"
    file.write_text(MINE)
    _, out, _ = run(capsys, "verify", str(file), "--quick", "--sampler", "rejection", "--json", str(target))
    assert "engine exact, sampler rejection" in out
    assert json.loads(target.read_text())[0]["sampler"] == "rejection"


def test_bench_passes_its_arguments_on(capsys, tmp_path, monkeypatch):
    with pytest.raises(SystemExit) as stop:
        main(["bench", "--rows", "nothing"])
    assert stop.value.code == 2
    assert "'nothing' is unknown; rows are" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("importlib.import_module", _missing)
    code, _, err = run(capsys, "bench", "--rows", "a")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "run it from a clone of the repository" in err


def _missing(name):
    raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_simulate_prints_saves_and_plots(capsys, tmp_path):
    saved, plotted = tmp_path / "run", tmp_path / "curve.png"
    code, out, _ = run(
        capsys,
        "simulate",
        "linear-regression",
        "accumulate",
        "--set",
        "T=20",
        "--set",
        "d=3",
        "--set",
        "design=shared",
        "--metric",
        "risk",
        "--metric",
        "squared_error",
        "--generations",
        "30",
        "--chains",
        "2048",
        "--out",
        str(saved),
        "--plot",
        str(plotted),
    )
    assert code == 0
    assert "risk" in out
    assert plotted.stat().st_size > 1000
    from collapse_jax import Run

    assert Run.load(saved).chains == 2048


GAUSSIAN = ("simulate", "gaussian", "replace")
MISUSES = [
    (("show", "nope"), "collapse list"),
    (("show", "kazdan2024.*"), "give one id"),
    (("list", "--paper", "nobody2020"), "papers are"),
    (("verify", "no_such_file.py"), "no file"),
    (("verify", "--set", "n"), "NAME=VALUE"),
    (("verify", "--set", "=3"), "NAME=VALUE"),
    (("verify", "kazdan2024.replace_cov", "--set", "q=3"), "it has n, d, generations"),
    (("verify", "kazdan2024.replace_cov", "--set", "n=0"), "n=0"),
    (("verify", "kazdan2024.replace_w2_unbiased", "--set", "n=1"), "whole n >= 3; n=1 is outside"),
    (("verify", "gerstgrasser2024.thm2", "--set", "T=6"), "T >= d + 2; d=5, T=6 is outside"),
    (("verify", "gerstgrasser2024.accum_fresh", "--set", "T=9"), "T >= d + 2; d=8, T=9 is outside"),
    (("verify", "kazdan2024.replace_cov", "--set", "n=ten"), "give a value like n=20"),
    (("verify", "kazdan2024.replace_cov", "--set", "generations=2.5"), "give a value like"),
    (("verify", "seddik2024.thm1.S", "--set", "p=3"), "give a value like"),
    (("verify", "--alpha", "2"), "0 < alpha < 1"),
    (("verify", "--max-chains", "-5"), ">= 1"),
    (("verify", "--resolution", "0"), "resolution"),
    ((*GAUSSIAN, "--set", "n=10"), "ddof"),
    ((*GAUSSIAN, "--set", "ddof=0"), "needs --set n="),
    ((*GAUSSIAN, "--set", "n=1", "--set", "ddof=1"), "use n >= 2"),
    ((*GAUSSIAN, "--set", "n=ten", "--set", "ddof=1"), "sample size"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--chains", "-4"), "whole number >= 1"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--chains", "0"), "whole number >= 1"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--metric", "foo"), "known are"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--metric", "risk"), "defined are"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--out", "no/such/folder/x", "--chains", "9"), "choose a folder"),
    ((*GAUSSIAN, "--set", "n=10", "--set", "ddof=1", "--plot", "x.nope", "--chains", "9"), ".png, .pdf or .svg"),
    ((*GAUSSIAN, "--set", "q=10"), "fits neither"),
    (("simulate", "gauss", "replace"), "known are bernoulli"),
    (("simulate", "gaussian", "swap"), "known are accumulate"),
    (("simulate", "linear-regression", "replace", "--set", "T=4", "--set", "d=5", "--set", "design=fresh"), "T >= 5"),
]


@pytest.mark.parametrize(("arguments", "remedy"), MISUSES)
def test_misuse_is_one_line_and_exit_2(capsys, arguments, remedy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert remedy in err


@pytest.mark.parametrize("arguments", [("verify", "--alpha", "x"), ("wrong",), (), ("verify", "--engine", "magic")])
def test_bad_usage_is_one_line_and_exit_2(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert stop.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_broken_file_of_claims_is_one_line(capsys, tmp_path):
    for text, remedy in [("import nothing_like_this", "cannot be imported"), ("x = 1", "holds no claims")]:
        file = tmp_path / "broken.py"
        file.write_text(text)
        code, _, err = run(capsys, "verify", str(file))
        assert (code, len(err.splitlines())) == (2, 1)
        assert remedy in err


@pytest.mark.wide
def test_listing_does_not_import_jax():
    code = "import sys; from proofs_check.cli import main; main(['list']); sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0


@pytest.mark.wide
def test_ctrl_c_keeps_what_is_finished(tmp_path):
    """A long run, interrupted once it is under way: exit 130, one line, and the finished chains saved."""
    saved = tmp_path / "partial"
    run_it = [*GAUSSIAN, "--set", "n=50", "--set", "ddof=1", "--generations", "100", "--chains"]
    code = f"""
import signal, sys
from proofs_check.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a shell starts in the background
main({[*run_it, "10"]!r})
print("ready", flush=True)
sys.exit(main({[*run_it, "100000000", "--out", str(saved)]!r}))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    for line in process.stdout:  # the program is compiled now
        if line == "ready\n":
            break
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "interrupted" in err.splitlines()[-1]
    from collapse_jax import Run

    assert 0 < Run.load(saved).chains < 100_000_000


@pytest.mark.wide
def test_families_and_metrics_of_a_papers_room_are_found(capsys):
    """They are no public names of the engine, so that a room may bring its own."""
    arguments = ["--set", "n=50", "--chains", "512", "--generations", "2", "--metric", "collapsed", "--metric", "tv"]
    code, out, _ = run(capsys, "simulate", "second-fit-collapse", "accumulate", *arguments)
    assert code == 0
    assert re.search(r"collapsed: .* at t=2", out)
    code, _, err = run(capsys, "simulate", "third-fit-collapse", "accumulate")
    assert (code, "slow-collapse" in err) == (2, True)
