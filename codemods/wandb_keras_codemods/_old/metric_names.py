"""Find references to metric names, which are logged under other names after the migration."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Iterator

from wandb_keras_codemods._old.source import Edit, Source
from wandb_keras_codemods.findings import Finding

BEST_FILE = "model-best.h5"

_KNOWN = frozenset(
    {
        "loss", "acc", "accuracy", "lr", "learning_rate", "epoch", "auc", "precision", "recall",
        "mae", "mse", "rmse", "mape", "msle", "mean_absolute_error", "mean_squared_error",
        "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "f1_score",
    }
)  # fmt: skip
_ENDINGS = ("_loss", "_acc", "_accuracy")
_QUERY = re.compile(r"^[+-]?summary_metrics\.(?P<name>[\w/]+)$")


@dataclass(frozen=True)
class MetricNames:
    """Which names the callback logged, as far as a source tells.

    Args:
        own: Names the program logs itself; they stay.
        compiled: Further names of metrics given to ``compile``.
    """

    own: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()

    def new(self, name: str) -> str | None:
        """Return the name WandbMetricsLogger logs; None where the name is not the callback's."""
        if name in self.own or "/" in name:
            return None
        plain = name[4:] if name.startswith("val_") else name
        if plain != name or name in _KNOWN | self.compiled or name.endswith(_ENDINGS):
            return None if self.best(name) else f"epoch/{name}"
        return None

    def best(self, name: str) -> bool:
        """Whether a name is one of the best values that were kept in the summary."""
        if name in self.own or not name.startswith("best_"):
            return False
        return name == "best_epoch" or self.new(name[5:]) is not None


def in_python(
    source: Source, edited: list[Edit], *, rename: bool, elsewhere: bool = False
) -> tuple[list[Edit], list[Finding]]:
    """Find the metric names in a module that uses what a callback migrated to the trio logs.

    Args:
        source: The module.
        edited: What is edited already; what stands inside it is left alone.
        rename: Whether to rewrite them where they are literals.
        elsewhere: Whether the callback stands in another file, so that it may be about other runs.
    """
    if elsewhere and _logs_itself(source):
        return [], []
    doubt = ", if this is about runs of the migrated code." if elsewhere else "."
    names = _names_of(source)
    edits: list[Edit] = []
    findings: list[Finding] = []
    seen: set[ast.Constant] = set()
    for code, node in _references(source):
        if node in seen or source.in_fstring(node):
            continue
        start, end = source.span(node)
        if any(edit.start < end and start < edit.end for edit in edited):
            continue
        seen.add(node)
        text = str(node.value)
        if code == "WKM506":
            findings.append(
                source.finding(
                    node,
                    code,
                    f"{BEST_FILE} is not written any more",
                    f"Load the artifact run_<id>_model, or model-best.keras{doubt}",
                )
            )
            continue
        query = _QUERY.match(text)
        name = query.group("name") if query else text
        if names.best(name):
            findings.append(
                source.finding(
                    node,
                    "WKM507",
                    f"{name} is not written into the summary any more",
                    f'Call run.define_metric("epoch/{name[5:]}", summary="min") and read that.',
                )
            )
            continue
        new = names.new(name)
        if new is None:
            continue
        literal = source.text_of(node)
        if rename and literal.count(name) == 1:
            start += literal.index(name)
            edits.append(Edit(start, start + len(name), new))
            findings.append(source.finding(node, "WKM104", f"{name} became {new}"))
        else:
            findings.append(
                source.finding(
                    node, code, f"{name} is logged as {new} now", f"Write {new!r} instead{doubt}"
                )
            )
    return edits, findings


def _references(source: Source) -> Iterator[tuple[str, ast.Constant]]:
    """Find the string literals that are metric names by where they stand."""
    tables = set(_history_names(source))
    for node, parent in source.parents.items():
        if isinstance(node, ast.Dict):
            yield from _strings("WKM501", _sweep_metric(node, parent))
        elif isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if _name(node.value) in ("summary", "summary_metrics"):
                yield from _strings("WKM503", [node.slice])
            elif _is_history(node.value) or _name(node.value) in tables:
                listed = isinstance(node.slice, (ast.List, ast.Tuple))
                yield from _strings("WKM505", node.slice.elts if listed else [node.slice])  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _QUERY.match(node.value):
                yield "WKM504", node
            elif node.value.endswith(BEST_FILE) and not isinstance(parent, ast.Expr):
                yield "WKM506", node


def _history_names(source: Source) -> Iterator[str]:
    """Find the names of a run's history, and of its rows in a loop."""
    tables: set[str] = set()
    for node in source.parents:
        if isinstance(node, ast.Assign) and _is_history(node.value):
            tables.update(_name(target) for target in node.targets)
    yield from tables
    for node in source.parents:
        if isinstance(node, (ast.For, ast.comprehension)):
            rows = node.iter
            if isinstance(rows, ast.Call) and _name(rows.func) == "iterrows":
                rows = rows.func.value  # type: ignore[attr-defined]
            if _is_history(rows) or _name(rows) in tables:
                target = node.target
                yield _name(target.elts[-1] if isinstance(target, ast.Tuple) else target)


def _is_history(node: ast.AST) -> bool:
    """Whether an expression asks the public API for a run's history."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("history", "scan_history")
    )


def _in_call(call: ast.Call) -> Iterator[tuple[str, ast.Constant]]:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    name = _name(call.func)
    if name == "define_metric":
        wanted = [*call.args[:2], *(given[key] for key in ("name", "step_metric") if key in given)]
        yield from _strings("WKM502", wanted)
    elif name in ("history", "scan_history"):
        for keys in (given.get("keys"), *call.args):
            if isinstance(keys, (ast.List, ast.Tuple)):
                yield from _strings("WKM505", keys.elts)
    elif name == "get" and isinstance(call.func, ast.Attribute):
        if _name(call.func.value) in ("summary", "summary_metrics"):
            yield from _strings("WKM503", call.args[:1])
    elif name == "dict" and "name" in given and "goal" in given:
        yield from _strings("WKM501", [given["name"]])


def _sweep_metric(node: ast.Dict, parent: ast.AST) -> list[ast.expr]:
    """Return the name in ``"metric": {"name": ..., "goal": ...}``."""
    keys = {key.value: value for key, value in zip(node.keys, node.values) if _text(key)}  # type: ignore[union-attr]
    if "name" not in keys:
        return []
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    named = isinstance(target, ast.Subscript) and _text(target.slice) == "metric"
    if isinstance(parent, ast.Dict):
        key = parent.keys[parent.values.index(node)] if node in parent.values else None
        named = _text(key) == "metric"
    return [keys["name"]] if named or "goal" in keys else []


def _names_of(source: Source) -> MetricNames:
    """Read which names a program logs itself, and which metrics it compiles models with."""
    own: set[str] = set()
    compiled: set[str] = set()
    for node in source.parents:
        if isinstance(node, ast.Call) and _name(node.func) == "log" and node.args:
            given = node.args[0]
            logged = given.keys if isinstance(given, ast.Dict) else [given]
            own.update(str(key.value) for _, key in _strings("", logged))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if _name(node.value) == "summary":
                own.update(str(key.value) for _, key in _strings("", [node.slice]))
        elif isinstance(node, ast.keyword) and node.arg == "metrics":
            elements = node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else []
            compiled.update(str(key.value) for _, key in _strings("", elements))
    return MetricNames(frozenset(own), frozenset(compiled))


def _logs_itself(source: Source) -> bool:
    """Whether a program logs to W&B under names that are not seen."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "log"
        and _name(node.func.value) in ("wandb", "wb", "run", "self")
        and node.args
        and not isinstance(node.args[0], (ast.Dict, ast.Constant))
        for node in source.parents
    )


def _strings(code: str, nodes: object) -> Iterator[tuple[str, ast.Constant]]:
    for node in nodes:  # type: ignore[attr-defined]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield code, node


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.AST) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))
