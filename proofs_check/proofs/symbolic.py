"""The rung "symbolic": identities and inequalities for every t and all parameters, by algebra on a claim's formula."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from collapse_jax.laws.domain import Domain
from proofs_check.proofs import points
from proofs_check.proofs.algebra import certainly_positive, denominators, following, generation, is_zero, sympy
from proofs_check.proofs.proof import Decision, Proof, Rung, Stated

Expression = Any


@dataclass(frozen=True, kw_only=True)
class _Symbolic(Proof):
    """A proof whose variables are symbols of a domain.

    **Args**: `over`: the variables and what holds of them; `schedules`: variables that are functions of k, arbitrary
    ones.
    """

    over: Domain
    schedules: tuple[str, ...] = ()
    rung: ClassVar[Rung] = "symbolic"

    def variables(self) -> dict[str, Any]:
        """Symbols for all variables."""
        return points.symbols(self.over) | {name: sympy().Function(name) for name in self.schedules}

    def exact(self, expression: Expression, point: Mapping[str, Any], trial: int) -> Any:
        """The value at an exact point; an arbitrary schedule e(k) becomes (trial + 2)/(k + 3)."""
        sp = sympy()
        symbols = points.symbols(self.over)
        numbers = {symbols[name]: sp.Rational(value.numerator, value.denominator) for name, value in point.items()}
        value = sp.sympify(expression).subs(numbers).doit()
        for name in self.schedules:
            value = value.replace(sp.Function(name), lambda k: sp.Rational(trial + 2) / (k + 3)).doit()
        return sp.nsimplify(value, rational=True) if value.has(sp.Float) else value

    def candidates(self) -> list[tuple[int, dict[str, Any]]]:
        return list(enumerate(points.inside(self.over)))


def _sign(value: Any) -> int:
    """The sign of an exact number; 0 also where thirty digits do not show it."""
    if value.is_Rational:
        return int(sympy().sign(value))
    approximate = sympy().N(value, 50)
    return 0 if not approximate.is_real or abs(approximate) < 1e-30 else int(sympy().sign(approximate))


def _shown(point: Mapping[str, Any], **more: Any) -> str:
    return ", ".join(f"{name} = {str(value)[:60]}" for name, value in {**point, **more}.items())


def _freed(expression: Expression, over: Domain, shifted: Mapping[str, Callable[..., Expression]]) -> Expression:
    """An expression in variables that are only known to be >= 0."""
    sp, variables = sympy(), points.symbols(over)
    for name, rule in shifted.items():
        expression = expression.subs(variables[name], rule(sp.Dummy(f"u_{name}", nonnegative=True), **variables))
    for name, item in over.ranges.items():
        if name not in shifted:
            u, low = sp.Dummy(f"u_{name}", nonnegative=True), sp.nsimplify(item.low)
            to = low + u if item.high == float("inf") else (low + sp.nsimplify(item.high) * u) / (1 + u)
            expression = expression.subs(variables[name], to)
    return expression


@dataclass(frozen=True, kw_only=True)
class Induction(_Symbolic):
    """The stated formula solves a recursion: it begins with `base` at `first`, and `step` leads from t to t + 1.

    **Args**: `step`: (t, value at t, **variables) -> value at t + 1, from the moments of one refit; `base`:
    (**variables)
    -> value at `first`.
    """

    step: Callable[..., Expression]
    base: Callable[..., Expression]
    first: int = 1

    def decide(self, stated: Stated) -> Decision:
        t, variables = generation(), self.variables()
        formula = sympy().sympify(stated(t, **variables))
        begins = is_zero(formula.subs(t, self.first).doit() - self.base(**variables))
        if begins and is_zero(following(formula) - self.step(t, formula, **variables)):
            return Decision("PROVED", assumes=denominators(formula))
        return self._witness(stated, variables)

    def _witness(self, stated: Stated, variables: Mapping[str, Any]) -> Decision:
        for trial, point in self.candidates():
            value = self.exact(self.base(**variables), point, trial)
            for k in range(self.first, self.first + 5):
                here = self.exact(stated(sympy().Integer(k), **variables), point, trial)
                if here.is_number and value.is_number and _sign(here - value):
                    return Decision("REFUTED", _shown(point, t=k, stated=here, recursion=value))
                value = self.exact(self.step(sympy().Integer(k), value, **variables), point, trial)
        return Decision("UNDECIDED", "neither an identity nor a point where it fails was found")


@dataclass(frozen=True, kw_only=True)
class Identity(_Symbolic):
    """A combination of the stated formula that has to vanish for all values of the variables, t among them if named.

    **Args**: `residual`: (stated, **variables) -> what has to be 0.
    """

    residual: Callable[..., Expression]

    def decide(self, stated: Stated) -> Decision:
        residual = sympy().sympify(self.residual(stated, **self.variables()))
        if is_zero(residual):
            return Decision("PROVED", assumes=denominators(residual))
        for trial, point in self.candidates():
            value = self.exact(residual, point, trial)
            if value.is_number and _sign(value):
                return Decision("REFUTED", _shown(point, difference=value))
        return Decision("UNDECIDED", "neither an identity nor a point where it fails was found")


@dataclass(frozen=True, kw_only=True)
class Inequality(Identity):
    r"""A combination of the stated formula that is not negative anywhere in the domain: the coefficients have one sign
    once every variable is written by variables that range over $[0, \infty)$.

    **Args**: `residual`: (stated, **variables) -> the margin, or a tuple of several; `shifted`: name ->
    (u, **variables) -> the variable from u >= 0 where its range is cut by a condition, as T = d + 2 + u.
    """

    shifted: Mapping[str, Callable[..., Expression]] = field(default_factory=dict)

    def decide(self, stated: Stated) -> Decision:
        found = self.residual(stated, **self.variables())
        margins = [sympy().sympify(one) for one in (found if isinstance(found, tuple) else (found,))]
        if all(certainly_positive(_freed(margin, self.over, self.shifted)) for margin in margins):
            return Decision(
                "PROVED", assumes=tuple(sorted({one for margin in margins for one in denominators(margin)}))
            )
        for trial, point in self.candidates():
            for margin in margins:
                value = self.exact(margin, point, trial)
                if value.is_number and _sign(value) < 0:
                    return Decision("REFUTED", _shown(point, margin=value))
        return Decision("UNDECIDED", "the signs of its coefficients do not settle it")


@dataclass(frozen=True, kw_only=True)
class Limit(_Symbolic):
    """A formula in t tends to the stated value as t grows, or keeps below (above) it while rising (falling) to a limit.

    Powers b**t vanish where 1 - b and 1 + b are certainly positive, sums are taken to infinity, and what is rational in
    t goes to its limit.

    **Args**: `path`: (t, **variables) -> the formula; `relation`: of the path to the stated value; `shifted`: as in
    `Inequality`; `read`: the stated value -> what the path is compared with, the value itself if left out.
    """

    path: Callable[..., Expression]
    relation: Literal["->", "<=", ">="] = "->"
    shifted: Mapping[str, Callable[..., Expression]] = field(default_factory=dict)
    read: Callable[[Expression], Expression] = lambda value: value

    def decide(self, stated: Stated) -> Decision:
        sp, t, variables = sympy(), generation(), self.variables()
        path = sp.sympify(self.path(t, **variables))
        ends = sp.sympify(self._limit(path))
        if ends.has(t):
            return Decision("UNDECIDED", f"what {ends} tends to is not known")
        away = sp.sympify(self.read(stated(t, **variables))) - ends  # how far the stated value is from the limit
        sign = {"<=": 1, ">=": -1}.get(self.relation, 0)
        if sign:
            climb = _freed((following(path) - path) * sign, self.over, self.shifted)
            climbs = certainly_positive(climb.subs(t, 1 + sp.Dummy("u", nonnegative=True)))
            if climbs and certainly_positive(_freed(sp.simplify(away) * sign, self.over, self.shifted)):
                return Decision("PROVED", assumes=denominators(ends))
        elif is_zero(away) or sp.simplify(away) == 0:
            return Decision("PROVED", assumes=denominators(ends))
        for trial, point in self.candidates():
            value = self.exact(away, point, trial)
            if value.is_number and (_sign(value) * sign < 0 if sign else _sign(value)):
                return Decision("REFUTED", _shown(point, beyond=sp.N(value, 12)))
        return Decision("UNDECIDED", "neither a proof nor a point where it fails was found")

    def _limit(self, path: Expression) -> Expression:
        sp, t = sympy(), generation()
        for part in path.atoms(sp.Sum):
            if part.limits[0][2] == t:
                index, low, _ = part.limits[0]
                path = path.subs(part, sp.Sum(part.function, (index, low, sp.oo)).doit())
        for part in path.atoms(sp.Pow):
            exponent = sp.Poly(part.exp, t) if part.exp.has(t) else None
            if exponent is not None and exponent.degree() == 1 and exponent.LC().is_positive:
                free = _freed(part.base, self.over, self.shifted)
                if not (certainly_positive(1 - free, strict=True) and certainly_positive(1 + free, strict=True)):
                    return path
                path = path.subs(part, 0)
        return sp.limit(sp.cancel(sp.together(path)), t, sp.oo) if path.has(t) else path
