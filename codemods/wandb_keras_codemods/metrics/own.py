"""What a program says of its own metrics: what it logs itself, what it compiles models with."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string

from .names import MetricNames
from .syntax import arguments, bound, fields, indexes, last_name, listed, texts, values_of

_LOGGERS = ("wandb", "wb", "run", "self")
_SUMMARY = "summary"
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def names_of(module: Module) -> MetricNames:
    """Read which names a program logs itself, and which metrics it compiles models with."""
    own: set[str] = set()
    compiled: set[str] = set()
    prefixes: set[str] = set()
    ways: set[tuple[str, str]] = set()
    unseen = False
    for node in module.all(cst.Call, cst.Subscript, cst.Attribute):
        if isinstance(node, cst.Subscript):
            if last_name(node.value) == _SUMMARY and bound(module, node):
                own.update(texts(indexes(node)))
        elif isinstance(node, cst.Attribute):
            if last_name(node.value) == _SUMMARY and bound(module, node):
                own.add(node.attr.value)
        elif isinstance(node, cst.Call):
            keys = _logged(module, node)
            unseen |= keys is None
            own.update(keys or ())
            given = arguments(node)[1]
            for name in ("metrics", "weighted_metrics"):
                compiled.update(_metrics(given.get(name)))
            prefixes.add(string(given.get("log_best_prefix")) or "")
            monitored, way = string(given.get("monitor")), string(given.get("mode"))
            if way in ("max", "min"):
                ways.add((monitored or "val_loss", way))
    return MetricNames(
        frozenset(own), frozenset(compiled), unseen, frozenset(prefixes - {""}), frozenset(ways)
    )


def logs_unseen(module: Module) -> bool:
    """Tell whether a program logs to W&B under names that are not seen."""
    return any(_logged(module, call) is None for call in module.all(cst.Call))


def _logged(module: Module, call: cst.Call) -> set[str] | None:
    """Return the names that a call logs; None when it logs under names that are not seen."""
    if not isinstance(call.func, cst.Attribute):
        return set()
    positional, given = arguments(call)
    name, owner = call.func.attr.value, last_name(call.func.value)
    if name == "log":
        data = given.get("data", positional[0] if positional else None)
        keys = _keys(module, data)
        return keys if keys is not None or owner in _LOGGERS else set()
    if name == "update" and owner == _SUMMARY:
        keys = _keys(module, positional[0] if positional else None)
        return None if keys is None else keys | set(given)
    return set()


def _keys(module: Module, node: cst.BaseExpression | None) -> set[str] | None:
    """Return the keys of what is logged; None when some are not seen."""
    if node is None or isinstance(node, (cst.BaseString, cst.BaseNumber)):
        text = string(node)
        return set() if text is None else {text}
    if isinstance(node, cst.Name):
        return _keys_of_name(module, node.value)
    if isinstance(node, cst.Dict):
        keys = [pair.key for pair in node.elements if isinstance(pair, cst.DictElement)]
        if len(keys) < len(node.elements) or any(string(key) is None for key in keys):
            return None
        return set(texts(keys))
    if isinstance(node, cst.Call) and last_name(node.func) == "dict":
        if any(arg.star or arg.keyword is None for arg in node.args):
            return None
        return set(fields(node)) | set(arguments(node)[1])
    return None


def _keys_of_name(module: Module, name: str) -> set[str] | None:
    """Return the keys of a dictionary that is filled under a name."""
    values = values_of(module, name)
    found: set[str] = set()
    for value in values:
        keys = None if isinstance(value, cst.Name) else _keys(module, value)
        if keys is None:
            return None
        found |= keys
    for node in module.all(cst.Subscript, cst.Call):
        if isinstance(node, cst.Subscript):
            if last_name(node.value) == name and bound(module, node):
                places = indexes(node)
                if any(string(place) is None for place in places):
                    return None
                found.update(texts(places))
        elif _updates(node, name):
            positional, given = arguments(node)
            direct = not positional or not isinstance(positional[0], cst.Name)
            keys = _keys(module, positional[0] if positional else None) if direct else None
            if keys is None:
                return None
            found |= keys | set(given)
    return found if values else None


def _updates(call: cst.Call, name: str) -> bool:
    """Whether a call updates the dictionary of a name."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "update":
        return False
    return last_name(func.value) == name


def _metrics(node: cst.BaseExpression | None) -> Iterator[str]:
    """Yield the names of the metrics that are given to ``compile``."""
    if isinstance(node, cst.Dict):
        for value in fields(node).values():
            yield from _metrics(value)
    if not isinstance(node, (cst.List, cst.Tuple)):
        return
    for item in listed([node]):
        if isinstance(item, (cst.List, cst.Tuple)):
            yield from _metrics(item)
        elif isinstance(item, cst.Call):
            named = string(arguments(item)[1].get("name"))
            yield named or _SNAKE.sub("_", last_name(item.func)).lower()
        elif last_name(item):
            yield _SNAKE.sub("_", last_name(item)).lower()
        else:
            yield from texts([item])
