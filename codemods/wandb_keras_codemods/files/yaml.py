"""Metric names in sweep files: located by a YAML parser, rewritten by position."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import Any, Callable, Iterator, Sequence

from wandb_keras_codemods.findings import Finding, Migration
from wandb_keras_codemods.legacy.names import CLASS, COMPAT, LEGACY
from wandb_keras_codemods.metrics.names import MetricNames

_METRIC = re.compile(rb"\bmetric\b")
_NAME = re.compile(rb"\bname\b")
_LINE_END = re.compile(r"\r\n|\r|\n")


def mentions(data: bytes) -> bool:
    """Tell whether a YAML file's bytes may name a metric or the legacy class; False is certain."""
    metric = _METRIC.search(data)
    named = metric is not None and _NAME.search(data, metric.end()) is not None
    return named or b"WandbCallback" in data


def migrate_yaml(
    text: str,
    *,
    rename: bool = False,
    kept: Callable[[int, int], bool] = lambda first, last: False,
) -> Migration[str]:
    r"""Report the metric of a sweep, and rewrite it when asked to; all else stays byte for byte.

    Args:
        text: A YAML document; what cannot be parsed has no findings.
        rename: Whether to rewrite the name.
        kept: Tells whether a comment keeps lines, given the first and last, as they are; nothing
            is said of these.

    Example:
        >>> sweep = "method: grid\nmetric: {name: val_loss}\nparameters: {}\n"
        >>> migrate_yaml(sweep, rename=True).code
        'method: grid\nmetric: {name: epoch/val_loss}\nparameters: {}\n'
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        documents = list(YAML(typ="rt", pure=True).compose_all(text))
    except (YAMLError, ValueError, RecursionError):
        return Migration(text, (), text)
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    pieces, done = [], 0
    findings: list[Finding] = []
    names = MetricNames()
    for kind, node in sorted(_scalars(documents), key=lambda pair: pair[1].start_mark.index):
        start, end = node.start_mark.index, node.end_mark.index
        new = names.new(node.value)
        if kind == "class":
            message, hint = f"{node.value} is gone", f"Name {COMPAT}.{CLASS} instead."
            finding = _finding(starts, start, end, "WKM414", message, hint)
        elif new is None:
            continue
        else:
            message, hint = f"{node.value} is logged as {new} now", f"Write {new!r} instead."
            finding = _finding(starts, start, end, "WKM501", message, hint)
        if kept(finding.line, finding.end_line):
            continue
        literal = text[start:end]
        if rename and kind == "metric" and literal.count(node.value) == 1:
            pieces += [text[done:start], literal.replace(node.value, str(new))]
            done = end
            message = f"{node.value} became {new}"
            finding = replace(finding, code="WKM104", message=message, suggestion="")
        findings.append(finding)
    return Migration("".join([*pieces, text[done:]]), tuple(findings), text)


def _scalars(nodes: list[Any]) -> Iterator[tuple[str, Any]]:
    """Find the names of sweeps' metrics, and dotted paths of the legacy class."""
    todo = [node for node in nodes if node is not None]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.value, str):
            if node.value in LEGACY:
                yield "class", node
            continue
        children = [
            child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))
        ]
        todo += children
        fields = _fields(node)
        if "parameters" in fields or "method" in fields:
            name = _fields(fields.get("metric")).get("name")
            if name is not None and isinstance(name.value, str):
                yield "metric", name


def _fields(node: Any) -> dict[str, Any]:
    if node is None or not node.value or not isinstance(node.value[0], tuple):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key.value, str)}


def _finding(
    starts: Sequence[int], start: int, end: int, code: str, message: str, hint: str
) -> Finding:
    places = []
    for index in (start, end):
        line = bisect_right(starts, index)
        places += [line, index - starts[line - 1] + 1]
    return Finding(code, message, hint, *places)
