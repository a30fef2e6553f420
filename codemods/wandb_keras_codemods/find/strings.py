"""The values of string literals, also of those that the interpreter refuses or warns of."""

from __future__ import annotations

import ast
import warnings

import libcst as cst


def string(node: cst.CSTNode | None) -> str | None:
    r"""Return the value of a string literal; None for anything else.

    A literal with an escape that Python refuses has no value; one that it warns of has.

    Args:
        node: Any node.

    Example:
        >>> string(cst.SimpleString('"a"')), string(cst.parse_expression("'a' 'b'"))
        ('a', 'ab')
    """
    if isinstance(node, cst.ConcatenatedString):
        left, right = string(node.left), string(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, cst.SimpleString) or "b" in node.prefix.lower():
        return None
    if "\\" not in node.value:
        return node.raw_value  # nearly all: no parser is asked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(ast.literal_eval(node.value))
    except (SyntaxError, ValueError):
        return None
