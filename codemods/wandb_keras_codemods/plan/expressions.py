"""Small expressions: building them, telling whether evaluation has effects."""

from __future__ import annotations

from functools import lru_cache
from typing import Iterator

import libcst as cst
from libcst.helpers import parse_template_expression

from wandb_keras_codemods.find.literals import UNKNOWN as UNKNOWN
from wandb_keras_codemods.find.literals import literal as literal
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string as string

_LOOSE = (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield, cst.Await)
_ATOMIC = (
    cst.Name, cst.Attribute, cst.Subscript, cst.Call,
    cst.SimpleString, cst.FormattedString, cst.Integer, cst.Float,
)  # fmt: skip
_OPERATORS = (  # methods that operators call
    "__add__", "__radd__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__",
    "__pow__", "__and__", "__or__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
    "__contains__", "__neg__", "__invert__", "__bool__", "__len__",
)  # fmt: skip
_READS = (  # reading and computing, nothing else
    cst.BaseNumber, cst.BaseString, cst.Name, cst.Attribute, cst.Subscript, cst.Tuple, cst.List,
    cst.Dict, cst.Set, cst.UnaryOperation, cst.BooleanOperation, cst.BinaryOperation,
    cst.Comparison, cst.IfExp, cst.Lambda, cst.Ellipsis,
)  # fmt: skip


def expression(text: str, **nodes: cst.BaseExpression) -> cst.BaseExpression:
    """Parse an expression; ``{name}`` in it stands for a node."""
    if not nodes:
        return _parsed(text).deep_clone()
    copies = {name: node.deep_clone() for name, node in nodes.items()}
    return parse_template_expression(text, **copies)  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _parsed(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def code_of(node: cst.CSTNode) -> str:
    """Return the text of a node."""
    return cst.Module([]).code_for_node(node)


def is_atomic(node: cst.BaseExpression) -> bool:
    """Tell whether an expression can stand beside any operator as it is."""
    return bool(node.lpar) or isinstance(node, _ATOMIC)


def parenthesized(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression in parentheses."""
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression fit to stand beside ``or`` and ``if``."""
    return parenthesized(node) if isinstance(node, _LOOSE) else node


def pure(node: cst.CSTNode) -> bool:
    """Tell whether an expression reads and computes and does nothing else."""
    return all(isinstance(child, _READS) for child in expressions_of(node))


class Computed:
    """Knows which reads of a module run code of its own: properties, operators of its classes.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        functions = list(module.all(cst.FunctionDef))
        self._names = {function.name.value for function in functions}
        self._wrapped = {function.name.value for function in functions if function.decorators}

        declared = module.all(cst.Global, cst.Nonlocal)
        self._rebound = {item.name.value for each in declared for item in each.names}
        self._defaults = "defaultdict" in module.code  # reading one may make a value

    def pure(self, node: cst.CSTNode) -> bool:
        """Tell whether an expression reads and computes and runs nothing that is seen here."""
        return pure(node) and not any(map(self._runs, expressions_of(node)))

    def order_matters(self, node: cst.CSTNode) -> bool:
        """Tell whether an expression may give something else after another one was evaluated."""
        fixed = (cst.Name, cst.BaseNumber, cst.BaseString, cst.Tuple, cst.Lambda)
        return not all(
            isinstance(child, fixed) and getattr(child, "value", None) not in self._rebound
            for child in expressions_of(node)
        )

    def _runs(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Attribute):
            hooks = {"__getattr__", "__getattribute__", "__get__"}
            return node.attr.value in self._wrapped or bool(hooks & self._names)
        if isinstance(node, cst.Subscript):
            return self._defaults or bool({"__getitem__", "__missing__"} & self._names)
        if isinstance(node, cst.FormattedString):
            return bool({"__str__", "__format__", "__repr__"} & self._names)
        operators = (cst.BinaryOperation, cst.UnaryOperation, cst.Comparison)
        if isinstance(node, operators):
            return any(name in self._names for name in _OPERATORS)
        return isinstance(node, (cst.BooleanOperation, cst.IfExp)) and "__bool__" in self._names


def expressions_of(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the expressions that are evaluated with one: what a lambda holds is not."""
    if isinstance(node, cst.BaseExpression):
        yield node
        if isinstance(node, cst.Lambda):
            for param in (*node.params.params, *node.params.kwonly_params):
                if param.default is not None:
                    yield from expressions_of(param.default)
            return
    for child in node.children:
        if not isinstance(child, (cst.BaseParenthesizableWhitespace, cst.Comma)):
            yield from expressions_of(child)
