"""Public names say what they are, what they take, what they give, and when they refuse."""

import ast
import doctest
import importlib.util
import inspect
import pkgutil
import textwrap
from types import ModuleType

import pytest

import collapse_jax
import collapse_jax.laws as laws
import collapse_jax.neural as neural
import proofs_check
from collapse_jax.metrics import METRICS, PathMetric
from proofs_check import docs, export, measured, overview, papers, registry, search


def members(module):
    """The public functions and classes that a module defines, by qualified name."""
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    for name in names:
        value = getattr(module, name)
        own = getattr(value, "__module__", module.__name__) == module.__name__ or hasattr(module, "__all__")
        if own and not isinstance(value, ModuleType) and (inspect.isclass(value) or inspect.isfunction(value)):
            yield f"{value.__module__}.{value.__qualname__}", value


MODULES = [collapse_jax, neural, proofs_check, registry, search, export, docs, measured, overview]
MODULES += [getattr(laws, name) for name in laws.__all__]
PUBLIC = dict(pair for module in MODULES for pair in members(module))
THEORY = {
    name: value
    for key in (info.name for info in pkgutil.iter_modules(papers.__path__))
    if importlib.util.find_spec(f"{papers.__name__}.{key}.theory")
    for name, value in members(importlib.import_module(f"{papers.__name__}.{key}.theory"))
    if inspect.isfunction(value)
}


def raises(function):
    """Whether the body of a function has a `raise` of its own, not one of a function inside it."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    inner = {id(n) for d in ast.walk(tree) if d is not tree and isinstance(d, ast.FunctionDef) for n in ast.walk(d)}
    return any(isinstance(node, ast.Raise) and node.exc and id(node) not in inner for node in ast.walk(tree))


def missing(value):
    """What the docstring of a public name lacks."""
    text = inspect.getdoc(value) or ""
    if not text:
        return ["a docstring"]
    if inspect.isclass(value):
        fields = [name for name in getattr(value, "__annotations__", {}) if not name.startswith("_")]
        return ["**Args**"] if fields and "**Args**" not in text and "**Fields**" not in text else []
    signature = inspect.signature(value)
    wanted = ["**Args**"] if signature.parameters else []
    wanted += [] if signature.return_annotation in (None, "None") else ["**Returns**"]
    wanted += ["**Raises**"] if raises(inspect.unwrap(value)) or "ValueError" in text else []
    return [part for part in wanted if part not in text]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_is_documented(name):
    assert missing(PUBLIC[name]) == []


@pytest.mark.parametrize("name", sorted(THEORY))
def test_a_closed_form_is_written_in_latex(name):
    assert "$" in (inspect.getdoc(THEORY[name]) or "")


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_says_what_it_is(name):
    metric = METRICS[name]
    assert inspect.getdoc(metric)
    assert isinstance(metric, PathMetric) or inspect.signature(metric).return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("name", [*laws.__all__, "identities"])
def test_what_an_example_prints_is_so(name):
    module = importlib.import_module(f"{laws.__name__}.{name}")
    undecorated = {name: inspect.unwrap(value) for name, value in members(module) if callable(value)}
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
    for name, value in undecorated.items():
        for test in finder.find(value, name, globs=dict(vars(module))):
            runner.run(test)
    assert runner.failures == 0
