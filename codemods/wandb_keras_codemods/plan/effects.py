"""See that each argument is evaluated as often, as surely and in the same order as before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Iterator, Mapping

import libcst as cst

from wandb_keras_codemods.find.refusal import Refusal

from .arguments import Value
from .expressions import Computed, code_of
from .parts import Hoist, Plan

Values = Mapping[str, Value]


@dataclass(frozen=True)
class _Evaluation:
    name: str  # of the placeholder
    sure: bool  # not only under a condition
    first: bool  # before any part is made


def settle(
    values: Values,
    plan: Callable[[Values], Plan],
    fresh: Callable[[str], str],
    plain: bool,
    computed: Computed,
    caught: Callable[[cst.BaseExpression], bool],
) -> Plan:
    """Return a plan that evaluates the arguments as the construction did.

    Where the parts alone would not, arguments are assigned to names before the statement.

    Args:
        values: The construction's arguments, in the order of their evaluation.
        plan: Plans for arguments.
        fresh: Gives an unused name that is like another.
        plain: Whether a statement can be put before, with nothing that matters in between.
        computed: Knows which expressions read and compute and do nothing else.
        caught: Tells whether an expression may raise, and the program go on.

    Raises:
        Refusal: They would be evaluated otherwise, and there is no room before.
    """
    found = plan(values)
    impure = {name for name, value in values.items() if not computed.pure(value.node)}
    raising = {name for name, value in values.items() if caught(value.node)}
    effects = [name for name in values if name in impure | raising]
    if not effects:
        return found
    names = {
        name: fresh(name)
        for name, value in values.items()
        if name in effects or computed.order_matters(value.node)
    }
    evaluations = list(_evaluations(plan(_held(values, names))))
    reason = _difference(evaluations, names, effects, impure, raising)
    if reason is None:
        return found
    name, what = reason
    if not plain:
        text = code_of(values[name].node)
        raise Refusal(
            "WKM403", f"{name}={text} would be {what}", "Assign the value to a name first."
        )
    used = {evaluation.name for evaluation in evaluations}
    order = list(names)
    moved = {name: names[name] for name in order[: order.index(effects[-1]) + 1]}
    hoists = [
        Hoist(moved[name] if moved[name] in used else None, values[name].node)
        for name in moved
        if name in effects or moved[name] in used
    ]
    return replace(plan(_held(values, moved)), hoists=tuple(hoists))


def _held(values: Values, names: Mapping[str, str]) -> Values:
    """Return arguments of which some are held by names."""
    return {
        name: replace(value, node=cst.Name(names[name])) if name in names else value
        for name, value in values.items()
    }


def _difference(
    evaluations: list[_Evaluation],
    names: Mapping[str, str],
    effects: list[str],
    impure: set[str],
    raising: set[str],
) -> tuple[str, str] | None:
    """Return an argument that is evaluated otherwise, and how."""
    for name in effects:
        times = [found for found in evaluations if found.name == names[name]]
        if len(times) > 1 and name in impure:
            return name, "evaluated more than once"
        if not times:
            return name, "evaluated no more"
        if not times[0].sure:
            return name, "evaluated only sometimes"
        if name in raising and not times[0].first:
            return name, "evaluated after a callback was made"
    order = [found.name for found in evaluations]
    for name in effects:
        at = order.index(names[name])
        before = True
        for other, placeholder in names.items():
            if other == name:
                before = False
            elif placeholder in order:
                places = [number for number, found in enumerate(order) if found == placeholder]
                if any((place < at) is not before for place in places):
                    return name, f"evaluated in another order than {other}"
    return None


def _evaluations(plan: Plan) -> Iterator[_Evaluation]:
    for number, part in enumerate(plan.parts):
        if part.condition is not None:
            yield from _in(part.condition, True, number == 0)
        for given in part.arguments:
            yield from _in(given.value, part.condition is None, number == 0)


def _in(node: cst.CSTNode, sure: bool, first: bool) -> Iterator[_Evaluation]:
    """Yield the names in an expression in the order of their evaluation."""
    if isinstance(node, cst.Name):
        yield _Evaluation(node.value, sure, first)
    elif isinstance(node, cst.IfExp):
        yield from _in(node.test, sure, first)
        yield from _in(node.body, False, first)
        yield from _in(node.orelse, False, first)
    elif isinstance(node, cst.BooleanOperation):
        yield from _in(node.left, sure, first)
        yield from _in(node.right, False, first)
    elif isinstance(node, cst.Attribute):
        yield from _in(node.value, sure, first)
    else:
        for child in node.children:
            yield from _in(child, sure, first)
