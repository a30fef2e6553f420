"""Where the names of metrics stand in a program: sweeps, queries, summaries, histories."""

from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string

from .names import BEST_FILE
from .syntax import arguments, bound, fields, indexes, last_name, listed, values_of

SUMMARIES = ("summary", "summary_metrics")
QUERY = re.compile(r"^[+-]?summary_metrics\.(?P<name>[\w/]+)$")
_SWEEP = "sweep"
_GOALS = ("minimize", "maximize", "target")
_OF_SWEEPS = {"method", "parameters", "program", "command", "early_terminate"}


class Named(NamedTuple):
    """One place that may name a metric.

    Args:
        code: The code of its finding.
        node: The string, or the attribute that is called like the metric.
        program: Of a sweep, the program that it says it runs.
        alone: Whether the place is for this name alone, so that it may be rewritten.
    """

    code: str
    node: cst.BaseExpression
    program: str | None = None
    alone: bool = True

    @property
    def text(self) -> str:
        """What stands there."""
        if isinstance(self.node, cst.Attribute):
            return self.node.attr.value
        return string(self.node) or ""


def references(module: Module) -> Iterator[Named]:
    """Find the places that name metrics, by where they stand."""
    tables = set(_history_names(module))
    summaries = set(_summary_names(module))
    for node in module.all(
        cst.Dict, cst.Call, cst.Subscript, cst.Attribute, cst.SimpleString, cst.ConcatenatedString
    ):
        if isinstance(node, cst.Dict):
            yield from _sweep(module, node)
        elif isinstance(node, cst.Call):
            yield from _sweep(module, node)
            yield from _in_call(module, node, tables, summaries)
        elif isinstance(node, cst.Subscript):
            if bound(module, node):
                continue
            if is_summary(node.value):
                yield from _strings("WKM503", indexes(node))
            elif last_name(node.value) in summaries:
                yield from _reported("WKM503", indexes(node))
            elif _is_table(node.value, tables):
                yield from _strings("WKM505", listed(indexes(node)))
                yield from _by_name(module, indexes(node))
        elif isinstance(node, cst.Attribute):
            if bound(module, node):
                continue
            if _is_table(node.value, tables):
                yield Named("WKM505", node, alone=False)
            elif is_summary(node.value) and node.attr.value != "_json_dict":
                yield Named("WKM503", node, alone=False)
        elif isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
            text = string(node)
            if text is None:
                continue
            if QUERY.match(text):
                yield Named("WKM504", node)
            elif text.endswith(BEST_FILE) and not isinstance(module.parent(node), cst.Expr):
                yield Named("WKM506", node)


def is_summary(node: cst.CSTNode) -> bool:
    """Tell whether an expression is a run's summary, or the dictionary in it."""
    if isinstance(node, cst.Attribute) and node.attr.value == "_json_dict":
        node = node.value
    return last_name(node) in SUMMARIES


def _summary_names(module: Module) -> Iterator[str]:
    """Find the names of summaries, and of dictionaries that are made of them."""
    for assign in module.all(cst.Assign):
        value = assign.value
        if isinstance(value, cst.Call) and last_name(value.func) == "dict" and value.args:
            value = value.args[0].value
        if isinstance(value, cst.Attribute) and is_summary(value):
            names = (last_name(target.target) for target in assign.targets)
            yield from (name for name in names if name)


def _is_table(node: cst.BaseExpression, tables: set[str]) -> bool:
    """Whether an expression is a run's history or a row of it; Keras' own is an attribute."""
    return _is_history(node) or (isinstance(node, cst.Name) and node.value in tables)


def _history_names(module: Module) -> Iterator[str]:
    """Find the names of a run's history, and of its rows in a loop."""
    tables: set[str] = set()
    for assign in module.all(cst.Assign):
        if _is_history(assign.value):
            tables.update(last_name(target.target) for target in assign.targets)
    yield from tables
    loops: list[cst.For | cst.CompFor] = [*module.all(cst.For), *module.all(cst.CompFor)]
    for loop in loops:
        rows = loop.iter
        if isinstance(rows, cst.Call) and last_name(rows.func) == "iterrows":
            rows = rows.func.value if isinstance(rows.func, cst.Attribute) else rows
        if _is_history(rows) or (isinstance(rows, cst.Name) and rows.value in tables):
            target = loop.target
            yield last_name(target.elements[-1].value if isinstance(target, cst.Tuple) else target)


def _is_history(node: cst.CSTNode) -> bool:
    """Whether an expression asks the public API for a run's history."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in ("history", "scan_history")
    )


def _in_call(
    module: Module, call: cst.Call, tables: set[str], summaries: set[str]
) -> Iterator[Named]:
    positional, given = arguments(call)
    name = last_name(call.func)
    if name == "define_metric":
        wanted = [*positional[:2], *(given[key] for key in ("name", "step_metric") if key in given)]
        yield from _strings("WKM502", wanted)
    elif _is_history(call):
        for keys in (*(given[key] for key in ("keys",) if key in given), *positional):
            if isinstance(keys, (cst.List, cst.Tuple)):
                yield from _strings("WKM505", listed([keys]))
            else:
                yield from _by_name(module, [keys])
    elif name == "get" and isinstance(call.func, cst.Attribute):
        if is_summary(call.func.value):
            yield from _strings("WKM503", positional[:1])
        elif last_name(call.func.value) in summaries:
            yield from _reported("WKM503", positional[:1])
        elif _is_table(call.func.value, tables):
            yield from _strings("WKM505", positional[:1])


def _by_name(module: Module, nodes: Iterable[cst.BaseExpression]) -> Iterator[Named]:
    """Find the names in lists that are read through a variable, which others may read, too."""
    for node in nodes:
        if isinstance(node, cst.Name):
            for value in values_of(module, node.value):
                yield from _reported("WKM505", listed([value]))


def _sweep(module: Module, node: cst.Dict | cst.Call) -> Iterator[Named]:
    """Find the name in ``"metric": {"name": ..., "goal": ...}`` of a sweep."""
    values = fields(node)
    name = values.get("name")
    if name is None or string(name) is None:
        return
    outer = _holder(module, node)
    if outer is None or not ("goal" not in values or string(values["goal"]) in _GOALS):
        return
    said = fields(outer)
    program = string(said.get("program"))
    if program is None:
        words = listed([said["command"]]) if "command" in said else ()
        program = " ".join(string(word) or "" for word in words) or None
    yield Named("WKM501", name, program)


def _holder(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    """Return the sweep that a dictionary is the metric of; None when it is no sweep's."""
    above = module.parent(node)
    if isinstance(above, cst.DictElement) and string(above.key) == "metric":
        return _if_sweep(module, module.parent(above))
    if isinstance(above, cst.Arg) and above.keyword is not None:
        return _if_sweep(module, module.parent(above)) if above.keyword.value == "metric" else None
    if not isinstance(above, cst.Assign):
        return None
    target = above.targets[0].target
    if isinstance(target, cst.Subscript):
        if not any(string(index) == "metric" for index in indexes(target)):
            return None
        values = values_of(module, last_name(target.value))
        filled = next((one for one in values if _if_sweep(module, one)), None)
        # a dictionary that is filled key by key, or comes from elsewhere, is told by its name
        named = _SWEEP in last_name(target.value).lower() or not values
        return filled or (above if named else None)
    name = last_name(target)
    if name == "metric" and "goal" in fields(node):
        return above
    for user in module.all(cst.DictElement):
        if string(user.key) == "metric" and last_name(user.value) == name:
            return _if_sweep(module, module.parent(user))
    for assign in module.all(cst.Assign):
        place = assign.targets[0].target
        if not isinstance(place, cst.Subscript) or last_name(assign.value) != name:
            continue
        if any(string(index) == "metric" for index in indexes(place)):
            return assign
    return None


def _if_sweep(module: Module, node: cst.CSTNode | None) -> cst.CSTNode | None:
    """Return a dictionary that has what sweeps have beside their metric, or is called one."""
    if node is None:
        return None
    above = module.parent(node)
    if isinstance(above, cst.Assign):
        called = last_name(above.targets[0].target)
    else:  # what is handed to wandb.sweep
        call = module.parent(above) if isinstance(above, cst.Arg) else above
        called = last_name(call.func) if isinstance(call, cst.Call) else ""
    return node if _OF_SWEEPS & set(fields(node)) or _SWEEP in called.lower() else None


def _reported(code: str, nodes: Iterable[cst.BaseExpression]) -> Iterator[Named]:
    """Find names that are told and never rewritten."""
    return (named._replace(alone=False) for named in _strings(code, nodes))


def _strings(code: str, nodes: Iterable[cst.BaseExpression]) -> Iterator[Named]:
    for node in nodes:
        if string(node) is not None:
            yield Named(code, node)
