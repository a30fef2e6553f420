"""See that each argument is evaluated as often, as surely and in the same order as before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Iterator, Mapping

import libcst as cst

from wandb_keras_codemods.find.refusal import Refusal

from .arguments import Value
from .expressions import code_of, order_matters, pure
from .parts import Hoist, Plan

Values = Mapping[str, Value]


@dataclass(frozen=True)
class _Evaluation:
    name: str  # of the placeholder
    sure: bool  # not only under a condition


def settle(
    values: Values,
    plan: Callable[[Values], Plan],
    fresh: Callable[[str], str],
    plain: bool,
    pure: Callable[[cst.BaseExpression], bool] = pure,
) -> Plan:
    """Return a plan that evaluates the arguments as the construction did.

    Where the parts alone would not, arguments are assigned to names before the statement.

    Args:
        values: The construction's arguments, in the order of their evaluation.
        plan: Plans for arguments.
        fresh: Gives an unused name that is like another.
        plain: Whether a statement can be put before, with nothing that matters in between.
        pure: Tells whether an expression reads and computes and does nothing else.

    Raises:
        Refusal: They would be evaluated otherwise, and there is no room before.
    """
    found = plan(values)
    effects = [name for name, value in values.items() if not pure(value.node)]
    if not effects:
        return found
    last = list(values).index(effects[-1])
    moved = {
        name: fresh(name)
        for number, (name, value) in enumerate(values.items())
        if name in effects or (number < last and order_matters(value.node))
    }
    held = {
        name: replace(value, node=cst.Name(moved[name])) if name in moved else value
        for name, value in values.items()
    }
    planned = plan(held)
    evaluations = list(_evaluations(planned))
    reason = _difference(evaluations, moved, effects)
    if reason is None:
        return found
    name, what = reason
    if not plain:
        text = code_of(values[name].node)
        raise Refusal(
            "WKM403", f"{name}={text} would be {what}", "Assign the value to a name first."
        )
    used = {evaluation.name for evaluation in evaluations}
    hoists = [
        Hoist(moved[name] if moved[name] in used else None, values[name].node)
        for name in moved
        if name in effects or moved[name] in used
    ]
    return replace(planned, hoists=tuple(hoists))


def _difference(
    evaluations: list[_Evaluation], moved: Mapping[str, str], effects: list[str]
) -> tuple[str, str] | None:
    """Return an argument that is evaluated otherwise, and how."""
    for name in effects:
        times = [found for found in evaluations if found.name == moved[name]]
        if len(times) > 1:
            return name, "evaluated more than once"
        if not times:
            return name, "evaluated no more"
        if not times[0].sure:
            return name, "evaluated only sometimes"
    order = [found.name for found in evaluations]
    for name in effects:
        at = order.index(moved[name])
        before = True
        for other, placeholder in moved.items():
            if other == name:
                before = False
            elif placeholder in order:
                places = [number for number, found in enumerate(order) if found == placeholder]
                if any((place < at) is not before for place in places):
                    return name, f"evaluated in another order than {other}"
    return None


def _evaluations(plan: Plan) -> Iterator[_Evaluation]:
    for part in plan.parts:
        if part.condition is not None:
            yield from _in(part.condition, True)
        for given in part.arguments:
            yield from _in(given.value, part.condition is None)


def _in(node: cst.CSTNode, sure: bool) -> Iterator[_Evaluation]:
    """Yield the names in an expression in the order of their evaluation."""
    if isinstance(node, cst.Name):
        yield _Evaluation(node.value, sure)
    elif isinstance(node, cst.IfExp):
        yield from _in(node.test, sure)
        yield from _in(node.body, False)
        yield from _in(node.orelse, False)
    elif isinstance(node, cst.BooleanOperation):
        yield from _in(node.left, sure)
        yield from _in(node.right, False)
    elif isinstance(node, cst.Attribute):
        yield from _in(node.value, sure)
    else:
        for child in node.children:
            yield from _in(child, sure)
