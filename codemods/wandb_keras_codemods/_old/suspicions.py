"""What is told and left alone: references that are no calls, silent imports, look-alikes."""

from __future__ import annotations

import ast
import re

from wandb_keras_codemods._old.decisions import Refusal
from wandb_keras_codemods._old.scopes import Scopes
from wandb_keras_codemods._old.source import Source
from wandb_keras_codemods._old.usages import Reference, Usages
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import CLASS, COMPAT, LEGACY, MODULES

_CHECKS = frozenset({"isinstance", "issubclass"})
_RUNS_TEXT = frozenset({"run_cell_magic", "run_line_magic", "exec", "eval", "timeit"})


def why_not_called(source: Source, reference: Reference) -> Refusal:
    """Say why a reference that is not called cannot be migrated."""
    node, parent = reference.node, source.parent(reference.node)
    text = source.text_of(node)
    while isinstance(parent, (ast.Tuple, ast.List)):
        parent, node = source.parent(parent), parent  # type: ignore[assignment]
    if isinstance(parent, ast.ClassDef) and node in parent.bases:
        return Refusal(
            "WKM404",
            f"class {parent.name} is derived from {text}",
            "Derive it from the part that does the work.",
        )
    if isinstance(parent, ast.Call):
        name = getattr(parent.func, "attr", getattr(parent.func, "id", ""))
        if name in _CHECKS:
            return Refusal("WKM406", f"{name} asks for {text}", "Ask for WandbMetricsLogger.")
        if name == "partial":
            return Refusal("WKM419", f"functools.partial collects arguments for {text}")
    if isinstance(parent, ast.Compare):
        return Refusal("WKM406", f"{text} is compared")
    if isinstance(parent, ast.Delete):
        return Refusal("WKM405", f"the name {text} is deleted", "Leave the deletion out.")
    if _in_annotation(source, reference.node):
        return Refusal("WKM416", f"{text} is a type", "Use keras.callbacks.Callback.")
    hint = f"Where it is called, construct what the class is replaced by; {COMPAT}.{CLASS} runs."
    if isinstance(parent, ast.keyword) and parent.arg == "callbacks":
        hint = f"Call it: {text}()."
    return Refusal("WKM405", f"{text} is used as a value and not called", hint)


def _in_annotation(source: Source, node: ast.AST) -> bool:
    child = node
    while isinstance(child, ast.expr):
        parent = source.parent(child)
        if isinstance(parent, (ast.arg, ast.AnnAssign)) and parent.annotation is child:
            return True
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and parent.returns is child:
            return True
        child = parent
    return False


def in_code_text(source: Source, name: str) -> list[ast.Constant]:
    """Find the texts that are run as code and use a name, such as a notebook's exported magics."""
    word = re.compile(rf"\b{name}\b")
    return [
        text
        for node in source.parents
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in _RUNS_TEXT
        for text in node.args
        if isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and word.search(text.value)
    ]


def find(source: Source, scopes: Scopes, usages: Usages) -> list[Finding]:
    """Find what should be told although nothing is rewritten there."""
    known = {reference.node for reference in usages.references}
    found = []
    for use in usages.modules:
        if use.member is None:
            found.append(
                source.finding(use.node, "WKM420", f"{source.text_of(use.node)} is used as a value")
            )
    for node in source.parents:
        if isinstance(node, ast.Attribute) and node.attr == CLASS and node not in known:
            if isinstance(node.value, ast.Attribute) and node.value.attr == "keras":
                text = source.text_of(node)
                found.append(
                    source.finding(
                        node, "WKM413", f"{text} looks like the legacy callback", "Look at it."
                    )
                )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in LEGACY and not source.in_fstring(node):
                found.append(
                    source.finding(
                        node,
                        "WKM414",
                        f"{node.value} is gone",
                        f"Name wandb_keras_compat.{CLASS} instead.",
                    )
                )
        elif isinstance(node, ast.Try) and _imports_legacy(node):
            found += _silent(source, node)
    return found


def _imports_legacy(node: ast.Try) -> bool:
    return any(
        (isinstance(statement, ast.ImportFrom) and (statement.module or "") in MODULES)
        or (isinstance(statement, ast.Import) and any(a.name in MODULES for a in statement.names))
        for statement in node.body
    )


def _silent(source: Source, node: ast.Try) -> list[Finding]:
    """Report a handler that only passes over a failed import."""
    for handler in node.handlers:
        quiet = all(
            isinstance(statement, ast.Pass)
            or (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant))
            for statement in handler.body
        )
        if quiet:
            first = handler.body[0]
            return [
                source.finding(
                    first,
                    "WKM206",
                    "a failed import of the callback is passed over here",
                    "Training went on without logging since wandb 0.27.1; it logs again now.",
                )
            ]
    return []
