"""`collapse check`: self-tests of families and workflows of the user's own."""

import argparse
import inspect
from typing import Any

from proofs_check import registry
from proofs_check.cli.options import command, keep_programs


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "check", _check, "test whether families and workflows in a file hold together")
    sub.add_argument("files", nargs="+", metavar="FILE", help="a Python file that defines some, or makes some")
    sub.add_argument("--n", type=int, default=20, metavar="N", help="sample size (default %(default)s)")
    sub.add_argument("--chains", type=int, default=4096, metavar="R", help="chains per engine (default %(default)s)")


def _check(parsed: argparse.Namespace) -> int:
    from collapse_jax import Family
    from collapse_jax.testing import check_family, check_workflow

    keep_programs(False)
    wrong = 0
    for path in parsed.files:
        found = list(_found(registry.module_of(path), parsed.n))
        if not found:
            raise ValueError(f"{path} defines no family and no workflow; write a subclass of Family or Workflow")
        for name, value in found:
            if isinstance(value, str):
                print(f"{name}: not checked: {value}; make one in the file, such as mine = {name}(...)")
                continue
            family = isinstance(value, Family)
            options = {"chains": parsed.chains} | ({"n": parsed.n} if family else {})
            findings = (check_family if family else check_workflow)(value, **options)
            print(findings)
            wrong += not findings
    return 1 if wrong else 0


def _found(module: Any, n: int) -> list[tuple[str, Any]]:
    """Families and workflows that the file makes, and one by its defaults of every other class, or why not."""
    from collapse_jax import Family, Workflow

    made: list[tuple[str, Any]] = [
        (name, value) for name, value in vars(module).items() if isinstance(value, Family | Workflow)
    ]
    kinds = {type(value) for _, value in made}
    for name, cls in vars(module).items():
        own = inspect.isclass(cls) and cls.__module__ == module.__name__ and issubclass(cls, Family | Workflow)
        if not own or inspect.isabstract(cls) or cls in kinds:
            continue
        try:
            made.append((name, cls(n) if issubclass(cls, Workflow) else cls()))
        except Exception as error:
            made.append((name, " ".join(str(error).split())))
    return made
