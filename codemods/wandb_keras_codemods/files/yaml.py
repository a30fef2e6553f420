"""Metric names in sweep files: located by a YAML parser, rewritten by position."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import Any, Callable, Iterator, NamedTuple, Sequence

from wandb_keras_codemods.findings import Finding, Migration
from wandb_keras_codemods.findings.lines import line_starts
from wandb_keras_codemods.metrics.names import MetricNames

_METRIC = re.compile(rb"\bmetric\b")
_NAME = re.compile(rb"\bname\b")
_SWEEP = re.compile(rb"\b(?:method|parameters)\b")


def mentions(data: bytes) -> bool:
    """Tell whether a YAML file's bytes may name the metric of a sweep; False is certain."""
    metric = _METRIC.search(data)
    named = metric is not None and _NAME.search(data, metric.end()) is not None
    return named and _SWEEP.search(data) is not None


def migrate_yaml(
    text: str,
    *,
    rename: bool = False,
    kept: Callable[[int, int], bool] = lambda first, last: False,
    runs: Callable[[str], Runs | None] = lambda program: Runs(),
) -> Migration[str]:
    r"""Report the metric of a sweep, and rewrite it when asked to; all else stays byte for byte.

    Args:
        text: A YAML document; what cannot be parsed has no findings.
        rename: Whether to rewrite the name.
        kept: Tells whether a comment keeps lines, given the first and last, as they are; nothing
            is said of these.
        runs: Tells what a sweep runs whose program or command is given, empty where it has none;
            None where that certainly is no migrated code.

    Example:
        >>> sweep = "method: grid\nmetric: {name: val_loss}\nparameters: {}\n"
        >>> migrate_yaml(sweep, rename=True).code
        'method: grid\nmetric: {name: epoch/val_loss}\nparameters: {}\n'
    """
    if not mentions(text.encode("utf-8", "replace")):
        return Migration(text, (), text)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        documents = list(YAML(typ="rt", pure=True).compose_all(text))
    except (YAMLError, ValueError, RecursionError):
        return Migration(text, (), text)
    starts = line_starts(text)
    pieces, done = [], 0
    findings: list[Finding] = []
    for place in sorted(_scalars(documents), key=lambda place: place.node.start_mark.index):
        node = place.node
        start, end = node.start_mark.index, node.end_mark.index
        run = runs(place.program)
        if run is None:
            continue
        doubt = "." if run.sure else ", if this sweep runs migrated code."
        names = run.names
        new = names.new(node.value)
        if names.best(node.value):
            message, _ = names.instead(node.value)
            hint = f"{names.optimised(node.value)}{doubt}"
            finding = _finding(starts, start, end, "WKM507", message, hint)
            new = None
        elif new is None:
            continue
        else:
            if run.sure and not names.sure(node.value):
                doubt = ", if Keras computes it and the program does not log it itself."
            message, hint = f"{node.value} is logged as {new} now", f"Write {new!r} instead{doubt}"
            if place.shared:
                hint = f"Write {new!r} for the metric alone: the anchor is used elsewhere, too."
            finding = _finding(starts, start, end, "WKM501", message, hint)
        if kept(finding.line, finding.end_line):
            continue
        literal = text[start:end]
        sure = new is not None and run.sure and not place.shared and names.sure(node.value)
        if rename and sure and literal.count(node.value) == 1:
            pieces += [text[done:start], literal.replace(node.value, str(new))]
            done = end
            message = f"{node.value} became {new}"
            finding = replace(finding, code="WKM104", message=message, suggestion="")
        findings.append(finding)
    return Migration("".join([*pieces, text[done:]]), tuple(findings), text)


class Runs(NamedTuple):
    """What a sweep runs: migrated code, or code that may be.

    Args:
        sure: Whether it certainly runs migrated code.
        names: What that code says of its metrics.
    """

    sure: bool = True
    names: MetricNames = MetricNames()


class _Place(NamedTuple):
    """The name of the metric of a sweep.

    Args:
        node: The scalar.
        program: What the sweep runs, empty where it does not say.
        shared: Whether an alias reads the scalar in another place.
    """

    node: Any
    program: str
    shared: bool = False


def _scalars(nodes: list[Any]) -> Iterator[_Place]:
    """Find the names of sweeps' metrics."""
    todo = [node for node in nodes if node is not None]
    seen: Counter[int] = Counter()
    found: list[tuple[_Place, Any]] = []  # with the mapping that it stands in
    while todo:
        node = todo.pop()
        seen[id(node)] += 1
        if seen[id(node)] > 1:
            continue
        if isinstance(node.value, str):
            continue
        children = [
            child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))
        ]
        todo += children
        fields = _fields(node)
        if "parameters" in fields or "method" in fields:
            name = _fields(fields.get("metric")).get("name")
            if name is not None and isinstance(name.value, str):
                found.append((_Place(name, _said(fields)), fields["metric"]))
    for place, holder in found:
        yield place._replace(shared=max(seen[id(place.node)], seen[id(holder)]) > 1)


def _said(fields: dict[str, Any]) -> str:
    """Return what a sweep says that it runs."""
    words = []
    for key in ("program", "command"):
        value = getattr(fields.get(key), "value", None)
        items = (
            [getattr(word, "value", None) for word in value] if isinstance(value, list) else [value]
        )
        words += [item for item in items if isinstance(item, str)]
    return "\n".join(words)


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
