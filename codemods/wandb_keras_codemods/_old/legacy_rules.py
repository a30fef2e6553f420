"""What the legacy callback took its arguments to mean, as explicit expressions."""

from __future__ import annotations

import ast

from wandb_keras_codemods._old.decisions import Note, Refusal
from wandb_keras_codemods._old.values import Arguments
from wandb_keras_codemods.legacy.arguments import legacy_mode

_GROWS = ("auc", "precision", "recall", "f1", "fbeta", "iou", "dice", "score", "r2", "similarity")


def mode_text(arguments: Arguments, target: str) -> str:
    """Return the mode as an explicit expression by the legacy rule."""
    monitor, mode = arguments["monitor"], arguments["mode"]
    if mode.known:
        if mode.literal in ("min", "max"):
            return f'"{mode.literal}"'
        if isinstance(monitor.literal, str):
            return f'"{legacy_mode(monitor.literal)}"'
        if monitor.known:
            raise Refusal("WKM412", f"monitor={monitor.text} is no metric name")
        if target == "compat":
            return '"auto"'
        name = f"({monitor.text})" if not _atomic(monitor.node) else monitor.text
        return f'"max" if "acc" in {name} or {name}.startswith("fmeasure") else "min"'
    if target == "compat":
        return mode.text
    raise Refusal(
        "WKM403",
        f"mode={mode.text} may be 'auto', which means another thing to Keras",
        "Write mode='min' or mode='max'.",
    )


def _atomic(node: ast.expr | None) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant))


def mode_notes(arguments: Arguments) -> list[Note]:
    """Tell of a mode that is none, and of a metric that is minimised and should not be."""
    monitor, mode = arguments["monitor"].literal, arguments["mode"]
    if not isinstance(monitor, str) or not mode.known or mode.literal in ("min", "max"):
        return []
    notes = []
    if mode.literal != "auto":
        notes.append(
            Note("WKM204", f"mode={mode.text} is no mode; the legacy callback took 'auto' for it")
        )
    name = monitor.lower()
    if legacy_mode(monitor) == "min" and any(word in name for word in _GROWS):
        notes.append(
            Note(
                "WKM203",
                f"{monitor} was minimised by the legacy rule and still is",
                "Write mode='max' if it should grow.",
            )
        )
    return notes


def log_freq(arguments: Arguments, *, whole: bool) -> str | None:
    """Return the frequency of batch rows for WandbMetricsLogger; None for epochs alone.

    Args:
        arguments: The construction's arguments.
        whole: Whether the logger takes whole numbers only.

    Raises:
        Refusal: It takes no such number.
    """
    value = arguments["log_batch_frequency"]
    divided = isinstance(value.node, ast.BinOp) and any(
        isinstance(node, ast.Div) for node in ast.walk(value.node)
    )
    if divided and whole:
        raise Refusal(
            "WKM403",
            f"log_batch_frequency={value.text} is a float, and WandbMetricsLogger takes integers",
            "Divide with //, or use --target compat.",
        )
    if not value.known:  # it may be None, which the logger calls "epoch"
        return f'{value.text if _atomic(value.node) else f"({value.text})"} or "epoch"'
    number = value.literal
    if not number:
        return None
    if isinstance(number, (int, float)):
        number = abs(+number)
        if number % 1 == 0:
            return value.text if value.text.isdigit() else str(int(number))
        if not whole:
            return repr(number)
    raise Refusal(
        "WKM403",
        f"log_batch_frequency={value.text} is no whole number of batches",
        "Give a positive integer.",
    )


def images_condition(arguments: Arguments) -> bool | str:
    """When images are logged: always, never, or when an expression is true."""
    kinds = arguments["input_type"], arguments["output_type"]
    if any(kind.truth for kind in kinds):
        return True
    unknown = [kind.operand for kind in kinds if not kind.known]
    return " or ".join(unknown) if unknown else False
