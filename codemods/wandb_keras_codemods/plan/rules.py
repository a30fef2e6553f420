"""What the legacy callback took its arguments to mean, as explicit expressions."""

from __future__ import annotations

import math

import libcst as cst

from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.legacy.arguments import legacy_mode

from .arguments import Arguments, Value
from .expressions import UNKNOWN, expression, is_atomic, parenthesized

_GROWS = ("auc", "precision", "recall", "f1", "fbeta", "iou", "dice", "score", "r2", "similarity")
_EXPLICIT = ("min", "max")


def mode(arguments: Arguments, target: str) -> cst.BaseExpression:
    """Return the mode as an explicit expression by the legacy rule.

    Raises:
        Refusal: It may be ``"auto"``, which Keras takes otherwise.
    """
    monitor, given = arguments["monitor"], arguments["mode"]
    if not given.known and target == "compat":
        return given.node
    if given.constant in _EXPLICIT:
        return given.node
    if not given.known and given.constant is UNKNOWN:
        raise Refusal(
            "WKM403",
            f"mode={given.text} may be 'auto', which means another thing to Keras",
            "Write mode='min' or mode='max'.",
        )
    if given.literal in _EXPLICIT:
        return expression(f'"{given.literal}"')
    if isinstance(monitor.literal, str):
        return expression(f'"{legacy_mode(monitor.literal)}"')
    if monitor.known:
        raise Refusal("WKM412", f"monitor={monitor.text} is no metric name")
    if target == "compat":
        return expression('"auto"')
    name = monitor.node if is_atomic(monitor.node) else parenthesized(monitor.node)
    return expression(
        '"max" if "acc" in {m} or {n}.startswith("fmeasure") else "min"', m=name, n=name
    )


def mode_notes(arguments: Arguments) -> list[Note]:
    """Tell of a mode that is none, and of a metric that is minimised and should not be."""
    monitor, given = arguments["monitor"].literal, arguments["mode"]
    if not isinstance(monitor, str) or not given.known or given.literal in _EXPLICIT:
        return []
    notes = []
    if given.literal != "auto":
        notes.append(
            Note("WKM204", f"mode={given.text} is no mode; the legacy callback took 'auto' for it")
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


def log_freq(arguments: Arguments, *, whole: bool) -> cst.BaseExpression | None:
    """Return the frequency of batch rows for WandbMetricsLogger; None for epochs alone.

    Args:
        arguments: The construction's arguments.
        whole: Whether the logger takes whole numbers only.

    Raises:
        Refusal: It takes no such number.
    """
    value = arguments["log_batch_frequency"]
    if whole and _divided(value.node):
        raise Refusal(
            "WKM403",
            f"log_batch_frequency={value.text} is a float, and WandbMetricsLogger takes integers",
            "Divide with //, or use --target compat.",
        )
    if not value.known and _may_be_no_number(value, whole=whole):
        raise Refusal(
            "WKM403",
            f"log_batch_frequency={value.text} may be no number of batches",
            "Give a positive integer.",
        )
    if not value.known:  # it may be None, which the logger calls "epoch"
        node = value.node if is_atomic(value.node) else parenthesized(value.node)
        return expression('{n} or "epoch"', n=node)
    number = value.literal
    if not number:
        return None
    if isinstance(number, (int, float)):
        number = abs(+number)
        if math.isfinite(number) and number % 1 == 0:
            digits = value.text.isdigit()
            return value.node if digits else expression(str(int(number)))
        if not whole:
            if math.isinf(number):  # repr() would be a name
                return value.node if value.literal == number else expression("1e999")
            return expression(repr(number))
    raise Refusal(
        "WKM403",
        f"log_batch_frequency={value.text} is no whole number of batches",
        "Give a positive integer.",
    )


def _may_be_no_number(value: Value, *, whole: bool) -> bool:
    """Whether a frequency that is no literal is seen to be, or may be, no number of batches."""
    if isinstance(value.node, cst.UnaryOperation):  # it may be negative
        return True
    return any(
        number is not None
        and (not isinstance(number, int if whole else (int, float)) or number < 0)
        for number in value.seen
    )


def _divided(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return True
    return isinstance(node, cst.BinaryOperation) and (_divided(node.left) or _divided(node.right))


def images_condition(arguments: Arguments) -> bool | cst.BaseExpression:
    """When images are logged: always, never, or when an expression is true."""
    kinds = arguments["input_type"], arguments["output_type"]
    if any(kind.truth for kind in kinds):
        return True
    unknown = [kind.operand for kind in kinds if not kind.known]
    if len(unknown) == 2:
        return expression("{a} or {b}", a=unknown[0], b=unknown[1])
    return unknown[0] if unknown else False
