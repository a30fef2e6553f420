"""The values of literals of every kind."""

from __future__ import annotations

import ast

import libcst as cst

UNKNOWN = object()

_LITERAL = (
    cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float, cst.Imaginary, cst.Name,
    cst.UnaryOperation, cst.BinaryOperation, cst.Tuple, cst.List, cst.Dict, cst.Set,
)  # fmt: skip


def literal(node: cst.BaseExpression) -> object:
    """Return the value of a literal; ``UNKNOWN`` for what is none.

    Example:
        >>> literal(cst.parse_expression("(1, 'a')")), literal(cst.parse_expression("a")) is UNKNOWN
        ((1, 'a'), True)
    """
    if not isinstance(node, _LITERAL):
        return UNKNOWN
    if isinstance(node, cst.Name):
        return {"True": True, "False": False, "None": None}.get(node.value, UNKNOWN)
    try:
        return ast.literal_eval(cst.Module([]).code_for_node(node).strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN
