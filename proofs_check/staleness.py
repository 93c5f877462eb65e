"""What a measurement depends on, as text: the code of a claim, and the engine with the judges. Imports no JAX.

Comments, docstrings and formatting do not count, and what a claim does not reach by name does not either: constants,
closed forms and helpers of the literature are followed from name to name. Where a name cannot be followed the whole
module counts. In the engine a refusal, an `if` that only raises, does not count: it decides what is not run, and no
number of what is; that all that is shipped still runs is for the quick suite to say.
"""

import ast
import builtins
import copy
import functools
import hashlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs_check.claim import Claim

if TYPE_CHECKING:
    from proofs_check.proofs import Proves

__all__ = ["engine_digest", "proof_digest", "source_digest", "unchanging"]

_PACKAGE = Path(__file__).parent
JUDGES = ("claim", "plan", "betting", "limits", "region", "statement", "prepared", "verdict", "outcome", "suite")
_LEAVES = ("collapse_jax", *sys.stdlib_module_names)
# What few claims use is followed from their code, as the literature is, and no part of the engine of all others.
_FOLLOWED = ("collapse_jax.neural",)


@functools.cache
def engine_digest() -> str:
    """Hash of collapse_jax and of the modules that judge."""
    import collapse_jax

    folder = Path(collapse_jax.__path__[0])
    followed = {folder.joinpath(*name.split(".")[1:]) for name in _FOLLOWED}
    files = [path for path in sorted(folder.rglob("*.py")) if followed.isdisjoint(path.parents)]
    judges = [_PACKAGE / f"{name}.py" for name in JUDGES]
    return _digest(f"{path.name}:{_text(ast.parse(path.read_bytes()), path in judges)}" for path in [*files, *judges])


def source_digest(claim: Claim) -> str:
    """Hash of a claim's function, of everything it reaches in the literature, and of what it states."""
    code = claim.setup.__code__ if hasattr(claim.setup, "__code__") else None
    stated = repr((claim.id, claim.statement, claim.relation, sorted(claim.parameters.items())))
    if code is None:
        return _digest([stated, repr(claim.setup)])
    module, name = claim.setup.__module__, claim.setup.__qualname__
    walk = _Walk({module: code.co_filename})
    walk.root(module, name)
    return _digest([stated, *sorted(walk.found)])


@functools.cache
def _means() -> tuple[str, ...]:
    """The code that decides proofs."""
    return tuple(_text(ast.parse(path.read_bytes())) for path in sorted((_PACKAGE / "proofs").glob("*.py")))


@functools.cache
def proof_digest(declared: "Proves") -> str:
    """Hash of a proof, of everything it reaches in the literature, and of the code that decides it."""
    build = declared.build
    walk = _Walk({build.__module__: build.__code__.co_filename})
    walk.root(build.__module__, build.__qualname__)
    return _digest([*sorted(walk.found), *_means()])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _text(node: Any, refusals: bool = True) -> str:
    """A syntax tree without positions and docstrings, the same in every version of Python."""
    if isinstance(node, list):
        return "[" + ",".join(_text(one, refusals) for one in node if refusals or not _refuses(one)) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = dict(ast.iter_fields(node))
    body = fields.get("body")
    documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    if documented and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        fields["body"] = body[1:] if isinstance(body[0].value.value, str) else body
    kept = (
        f"{name}={_text(value, refusals)}"
        for name, value in fields.items()
        if value not in (None, []) and name != "ctx"
    )
    return f"{type(node).__name__}({','.join(kept)})"


def _refuses(node: Any) -> bool:
    return isinstance(node, ast.If) and not node.orelse and all(isinstance(one, ast.Raise) for one in node.body)


@dataclass(frozen=True)
class _Module:
    """The top level of a source file: what binds each name, and where imported names come from."""

    tree: ast.Module
    bindings: dict[str, tuple[ast.stmt, ...]]
    imports: dict[str, tuple[str, str | None]]


_held: ContextVar[dict[tuple[str, str | None], _Module | None] | None] = ContextVar("_held", default=None)


@contextmanager
def unchanging() -> Iterator[None]:
    """Sources are looked up once while this lasts, and not again for every claim that reaches them."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def _parsed(path: str, package: str) -> _Module:
    stat = Path(path).stat()
    return _parse(path, package, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=2048)
def _parse(path: str, package: str, *_: int) -> _Module:
    tree = ast.parse(Path(path).read_bytes())
    bindings: dict[str, tuple[ast.stmt, ...]] = {}
    for statement in tree.body:
        for name in _bound(statement):
            bindings[name] = (*bindings.get(name, ()), statement)
    imports: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                imports[item.asname or item.name.partition(".")[0]] = (
                    item.name if item.asname else item.name.partition(".")[0],
                    None,
                )
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            home = importlib.util.resolve_name(home, package) if node.level else home
            for item in node.names:
                imports[item.asname or item.name] = (home, item.name)
    return _Module(tree, bindings, imports)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement at the top level binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


class _Uses(ast.NodeVisitor):
    """Names that are read, with the attribute that is read of them, and names that are bound on the way."""

    def __init__(self):
        self.read: set[tuple[str, str | None]] = set()
        self.bound: set[str] = set()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self.read.add((node.value.id, node.attr))
        else:
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.read.add((node.id, None))
        else:
            self.bound.add(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value.isidentifier():
            self.bound.add(node.value)  # an annotation in quotes: a word, not a name to follow

    def visit_arg(self, node: ast.arg) -> None:
        self.bound.add(node.arg)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.bound.add(node.name)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bound.add(node.name)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self.bound.add(node.asname or node.name.partition(".")[0])


@functools.lru_cache(maxsize=16384)
def _looked_at(node: ast.AST) -> tuple[str, list[tuple[str, str | None]], set[str]]:
    uses = _Uses()
    uses.visit(node)
    return _text(node), sorted(uses.read, key=str), uses.bound


class _Walk:
    """Everything reached from one function, by name; `files` says where modules lie that nobody imported."""

    def __init__(self, files: dict[str, str]):
        self.files = files
        self.found: set[str] = set()
        self._seen: set[tuple[str, str | None]] = set()

    def root(self, module: str, qualname: str) -> None:
        """The function of a claim; its decorator says what is stated, which counts without its wording here."""
        parsed = self._module(module)
        name = qualname.partition(".")[0]
        nodes = parsed.bindings.get(name, ()) if parsed else ()
        if parsed is None or "." in qualname or len(nodes) != 1 or not isinstance(nodes[0], ast.FunctionDef):
            self._whole(module)
            return
        self._seen.add((module, name))
        bare = copy.copy(nodes[0])
        bare.decorator_list = []
        self._node(module, parsed, name, bare)

    def _module(self, name: str) -> _Module | None:
        """The source of a module of the literature; None for a module that counts by name or with the engine."""
        held, key = _held.get(), (name, self.files.get(name))
        if held is None:
            return self._source(name)
        if key not in held:
            held[key] = self._source(name)
        return held[key]

    def _source(self, name: str) -> _Module | None:
        top, _, rest = name.partition(".")
        leaf = top in _LEAVES and not name.startswith(_FOLLOWED)
        if name not in self.files and (leaf or name == "proofs_check" or rest in JUDGES):
            return None
        path = self.files.get(name) or _path(name)
        if path is None or (top not in ("proofs_check", "collapse_jax") and "site-packages" in path):
            return None
        package = name if Path(path).name == "__init__.py" else name.rpartition(".")[0]
        return _parsed(path, package)

    def _whole(self, module: str) -> None:
        parsed = self._module(module)
        if parsed is not None and (module, None) not in self._seen:
            self._seen.add((module, None))
            self.found.add(f"{module}: {_looked_at(parsed.tree)[0]}")
            for home, name in set(parsed.imports.values()):
                self._imported(home, name, None)

    def _reach(self, module: str, name: str) -> None:
        if (module, name) in self._seen:
            return
        self._seen.add((module, name))
        parsed = self._module(module)
        if parsed is None:
            return
        for statement in parsed.bindings.get(name, ()):
            self._node(module, parsed, name, statement)
        if name in parsed.bindings:
            return
        if name in parsed.imports:
            self._imported(*parsed.imports[name], None)
        elif name not in ("__name__", "__file__", "__doc__"):
            self._whole(module)

    def _node(self, module: str, parsed: _Module, name: str, node: ast.AST) -> None:
        text, read_here, bound = _looked_at(node)
        self.found.add(f"{module}.{name}: {text}")
        for read, attribute in read_here:
            if read in parsed.imports:
                self._imported(*parsed.imports[read], attribute)
            elif read in parsed.bindings:
                self._reach(module, read)
            elif read not in bound and not hasattr(builtins, read):
                self._whole(module)

    def _imported(self, home: str, name: str | None, attribute: str | None) -> None:
        """`home` itself, or `name` of it, which is a module or what a module binds."""
        if name == "*":
            self._whole(home)
            return
        inner = home if name is None else f"{home}.{name}"
        leaf = home.partition(".")[0] in _LEAVES and not inner.startswith(_FOLLOWED)
        if leaf and self._module(home) is None:
            return
        parsed = None if name is None else self._module(home)
        own = parsed is not None and (
            name in parsed.bindings or name in parsed.imports
        )  # shadows a module of that name
        if name is not None and (own or _path(inner) is None):
            self._reach(home, name)
        elif attribute:
            self._reach(inner, attribute)
        else:
            self._whole(inner)


def _path(module: str) -> str | None:
    """The source file of a module, found without importing anything."""
    loaded = sys.modules.get(module)
    return _unloaded(module) if loaded is None else getattr(loaded, "__file__", None)


@functools.cache
def _unloaded(module: str) -> str | None:
    top, *rest = module.split(".")
    if not rest:
        try:
            spec = importlib.util.find_spec(top)
        except (ImportError, ValueError):
            return None
        return spec.origin if spec and spec.has_location else None
    above = _path(module.rpartition(".")[0])
    if above is None or Path(above).name != "__init__.py":
        return None
    inner = Path(above).parent / rest[-1]
    return next((str(path) for path in (inner.with_suffix(".py"), inner / "__init__.py") if path.is_file()), None)
