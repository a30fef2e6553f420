"""Find the names of metrics in a program, by where they stand, and rewrite them when asked to."""

from __future__ import annotations

import re
from typing import Callable, Collection, Iterable, Iterator, Union

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.findings import Finding

from .names import BEST_FILE, MetricNames

Edit = Callable[[cst.CSTNode], cst.CSTNode]
String = Union[cst.SimpleString, cst.ConcatenatedString]

_SUMMARIES = ("summary", "summary_metrics")
_LOGGERS = ("wandb", "wb", "run", "self")
_QUERY = re.compile(r"^[+-]?summary_metrics\.(?P<name>[\w/]+)$")
_WORDS = re.compile(r"metric|summary|history|goal|" + re.escape(BEST_FILE))


def in_python(
    module: Module,
    done: Collection[cst.CSTNode] = (),
    *,
    rename: bool = False,
    elsewhere: bool = False,
    kept: Callable[[int, int], bool] = lambda first, last: False,
) -> tuple[dict[cst.CSTNode, Edit], list[Finding]]:
    r"""Find the metric names in a module that uses what a callback migrated to the trio logs.

    Args:
        module: The module.
        done: Constructions that are migrated: what stands in them is left alone.
        rename: Whether to rewrite the names where they are literals.
        elsewhere: Whether the callback stands in another file, so that it may be about other runs.
        kept: Tells whether a comment keeps lines, given the first and last, as they are; nothing
            is said of these.

    Returns:
        How nodes change, and what is to be said.

    Example:
        >>> module = Module(cst.parse_module('run.summary["val_loss"]\n'))
        >>> [finding.message for finding in in_python(module)[1]]
        ['val_loss is logged as epoch/val_loss now']
    """
    if _WORDS.search(module.code) is None or (elsewhere and _logs_itself(module)):
        return {}, []
    doubt = ", if this is about runs of the migrated code." if elsewhere else "."
    names = _names_of(module)
    edits: dict[cst.CSTNode, Edit] = {}
    findings: list[Finding] = []
    seen: set[cst.CSTNode] = set()
    for code, node in _references(module):
        if node in seen or _inside(module, node, done):
            continue
        seen.add(node)
        finding, new = _finding(module, code, node, names, doubt)
        if finding is None or kept(finding.line, finding.end_line):
            continue
        if new is not None and rename and isinstance(node, cst.SimpleString):
            old = new.partition("/")[2]
            if node.value.count(old) == 1:
                edits[node] = _renamed(old, new)
                finding = module.finding(node, "WKM104", f"{old} became {new}")
        findings.append(finding)
    return edits, sorted(findings, key=lambda finding: (finding.line, finding.column))


def _renamed(old: str, new: str) -> Edit:
    def edit(updated: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(updated, cst.SimpleString)
        return updated.with_changes(value=updated.value.replace(old, new))

    return edit


def _inside(module: Module, node: cst.CSTNode, done: Collection[cst.CSTNode]) -> bool:
    """Whether a node stands in an f-string or in what is migrated."""
    if isinstance(module.parent(node), cst.ConcatenatedString):
        return True  # a piece of a text
    for above in module.around(node):
        if isinstance(above, cst.FormattedString) or above in done:
            return True
        if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
            return False
    return False


def _finding(
    module: Module, code: str, node: String, names: MetricNames, doubt: str
) -> tuple[Finding | None, str | None]:
    """Return what is to be said of a name, and the name it has now when it is another."""
    if code == "WKM506":
        message = f"{BEST_FILE} is not written any more"
        hint = f"Load the artifact run_<id>_model, or model-best.keras{doubt}"
        return module.finding(node, code, message, hint), None
    text = string(node) or ""
    query = _QUERY.match(text)
    name = query["name"] if query else text
    if names.best(name):
        message, hint = names.instead(name)
        if _raises(module, node):
            message += ", so this raises KeyError"
        return module.finding(node, "WKM507", message, f"{hint.rstrip('.')}{doubt}"), None
    new = names.new(name)
    if new is None:
        return None, None
    message = f"{name} is logged as {new} now"
    if code == "WKM503" and _raises(module, node):
        message += ", so this raises KeyError"
    return module.finding(node, code, message, f"Write {new!r} instead{doubt}"), new


def _raises(module: Module, node: String) -> bool:
    """Whether a name is what a summary is indexed with."""
    above = next(a for a in module.around(node) if not isinstance(a, _INDEX))
    return isinstance(above, cst.Subscript) and _name(above.value) in _SUMMARIES


_INDEX = (cst.Index, cst.SubscriptElement)

# where they stand


def _references(module: Module) -> Iterator[tuple[str, String]]:
    """Find the string literals that are metric names by where they stand."""
    tables = set(_history_names(module))
    for node in module.all(
        cst.Dict, cst.Call, cst.Subscript, cst.SimpleString, cst.ConcatenatedString
    ):
        if isinstance(node, cst.Dict):
            yield from _strings("WKM501", _sweep_metric(module, node))
        elif isinstance(node, cst.Call):
            yield from _in_call(node)
        elif isinstance(node, cst.Subscript):
            if _bound(module, node):
                continue
            if _name(node.value) in _SUMMARIES:
                yield from _strings("WKM503", _indexes(node))
            elif _is_history(node.value) or _name(node.value) in tables:
                yield from _strings("WKM505", _listed(_indexes(node)))
        elif isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
            text = string(node)
            if text is None:
                continue
            if _QUERY.match(text):
                yield "WKM504", node
            elif text.endswith(BEST_FILE) and not isinstance(module.parent(node), cst.Expr):
                yield "WKM506", node


def _history_names(module: Module) -> Iterator[str]:
    """Find the names of a run's history, and of its rows in a loop."""
    tables: set[str] = set()
    for assign in module.all(cst.Assign):
        if _is_history(assign.value):
            tables.update(_name(target.target) for target in assign.targets)
    yield from tables
    loops: list[cst.For | cst.CompFor] = [*module.all(cst.For), *module.all(cst.CompFor)]
    for loop in loops:
        rows = loop.iter
        if isinstance(rows, cst.Call) and _name(rows.func) == "iterrows":
            rows = rows.func.value if isinstance(rows.func, cst.Attribute) else rows
        if _is_history(rows) or _name(rows) in tables:
            target = loop.target
            yield _name(target.elements[-1].value if isinstance(target, cst.Tuple) else target)


def _is_history(node: cst.CSTNode) -> bool:
    """Whether an expression asks the public API for a run's history."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in ("history", "scan_history")
    )


def _in_call(call: cst.Call) -> Iterator[tuple[str, String]]:
    positional, given = _arguments(call)
    name = _name(call.func)
    if name == "define_metric":
        wanted = [*positional[:2], *(given[key] for key in ("name", "step_metric") if key in given)]
        yield from _strings("WKM502", wanted)
    elif name in ("history", "scan_history"):
        for keys in (*(given[key] for key in ("keys",) if key in given), *positional):
            if isinstance(keys, (cst.List, cst.Tuple)):
                yield from _strings("WKM505", _listed([keys]))
    elif name == "get" and isinstance(call.func, cst.Attribute):
        if _name(call.func.value) in _SUMMARIES:
            yield from _strings("WKM503", positional[:1])
    elif name == "dict" and "name" in given and "goal" in given:
        yield from _strings("WKM501", [given["name"]])


def _arguments(
    call: cst.Call,
) -> tuple[list[cst.BaseExpression], dict[str, cst.BaseExpression]]:
    positional = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
    named = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    return positional, named


def _sweep_metric(module: Module, node: cst.Dict) -> list[cst.BaseExpression]:
    """Return the name in ``"metric": {"name": ..., "goal": ...}``."""
    keys = {
        string(element.key): element.value
        for element in node.elements
        if isinstance(element, cst.DictElement)
    }
    if "name" not in keys:
        return []
    holder = module.parent(node)
    named = isinstance(holder, cst.DictElement) and string(holder.key) == "metric"
    if isinstance(holder, cst.Assign):
        target = holder.targets[0].target
        named = isinstance(target, cst.Subscript) and any(
            string(index) == "metric" for index in _indexes(target)
        )
    return [keys["name"]] if named or "goal" in keys else []


def _indexes(node: cst.Subscript) -> list[cst.BaseExpression]:
    return [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]


def _listed(nodes: Iterable[cst.BaseExpression]) -> Iterator[cst.BaseExpression]:
    for node in nodes:
        if isinstance(node, (cst.List, cst.Tuple)):
            yield from (element.value for element in node.elements)
        else:
            yield node


def _bound(module: Module, node: cst.CSTNode) -> bool:
    """Whether an expression is what something is assigned to or deleted."""
    for above in module.around(node):
        if isinstance(above, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            node = above
            continue
        if isinstance(above, (cst.For, cst.CompFor, cst.AnnAssign, cst.AugAssign)):
            return above.target is node
        return isinstance(above, (cst.AssignTarget, cst.Del))
    return False


# what the program says of its own names


def _names_of(module: Module) -> MetricNames:
    """Read which names a program logs itself, and which metrics it compiles models with."""
    own: set[str] = set()
    compiled: set[str] = set()
    for node in module.all(cst.Call, cst.Subscript):
        if isinstance(node, cst.Call):
            positional, given = _arguments(node)
            if _name(node.func) == "log" and positional:
                own.update(_texts(_keys(positional[0])))
            metrics = given.get("metrics")
            if isinstance(metrics, (cst.List, cst.Tuple)):
                compiled.update(_texts(_listed([metrics])))
            continue
        assert isinstance(node, cst.Subscript)
        if _name(node.value) == "summary" and _bound(module, node):
            own.update(_texts(_indexes(node)))
    return MetricNames(frozenset(own), frozenset(compiled))


def _keys(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.Dict):
        return [pair.key for pair in node.elements if isinstance(pair, cst.DictElement)]
    return [node]


def _logs_itself(module: Module) -> bool:
    """Whether a program logs to W&B under names that are not seen."""
    for call in module.all(cst.Call):
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value != "log":
            continue
        given = _arguments(call)[0][:1]
        seen = isinstance(given[0], (cst.Dict, cst.BaseString, cst.BaseNumber)) if given else True
        if not seen and _name(call.func.value) in _LOGGERS:
            return True
    return False


def _strings(code: str, nodes: Iterable[cst.BaseExpression]) -> Iterator[tuple[str, String]]:
    for node in nodes:
        if string(node) is not None:
            yield code, node  # type: ignore[misc]


def _texts(nodes: Iterable[cst.BaseExpression]) -> Iterator[str]:
    for node in nodes:
        text = string(node)
        if text is not None:
            yield text


def _name(node: cst.CSTNode) -> str:
    """Return the last word of a name or attribute; empty for anything else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
