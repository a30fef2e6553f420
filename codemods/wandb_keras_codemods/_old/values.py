"""Match a call's arguments with the legacy signature, literal or as expressions."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Callable, Mapping

from wandb_keras_codemods._old.decisions import Note, Refusal
from wandb_keras_codemods.legacy.arguments import ALIASES, ARGUMENTS, DEFAULTS, NAMES

_UNKNOWN = object()
_PROCESSOR = "prediction_row_processor"


@dataclass(frozen=True)
class Value:
    """An argument: its text, its value where that is literal, its node."""

    text: str
    node: ast.expr | None
    literal: object = _UNKNOWN

    @property
    def known(self) -> bool:
        """Whether the value stands in the source."""
        return self.literal is not _UNKNOWN

    @property
    def truth(self) -> bool | None:
        """Whether it counts as true; None where that is only known at run time."""
        return bool(self.literal) if self.known else None

    @property
    def operand(self) -> str:
        """The text, fit to stand beside operators."""
        loose = isinstance(self.node, (ast.IfExp, ast.Lambda))
        return f"({self.text})" if loose else self.text

    def is_default(self, name: str) -> bool:
        """Whether it is literally the default of a legacy argument."""
        default = DEFAULTS[name]
        return self.known and type(self.literal) is type(default) and self.literal == default

    def repeatable(self) -> bool:
        """Whether evaluating it twice is the same as once."""
        return self.node is None or pure(self.node)


def pure(node: ast.expr) -> bool:
    """Tell whether an expression reads and computes and does nothing else."""
    plain = (
        ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.Tuple, ast.List, ast.UnaryOp,
        ast.BoolOp, ast.Compare, ast.BinOp, ast.Slice, ast.IfExp,
        ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
    )  # fmt: skip
    return all(isinstance(child, plain) for child in ast.walk(node))


def bind(call: ast.Call, text_of: Callable[[ast.expr], str]) -> tuple[dict[str, Value], list[Note]]:
    """Match a call's arguments with the legacy signature.

    Args:
        call: The construction.
        text_of: Gives the source text of an expression.

    Raises:
        Refusal: Arguments are splatted, or the legacy constructor fails for them.
    """
    values: dict[str, Value] = {}
    notes: list[Note] = []
    for name, node in zip(NAMES, call.args):
        if isinstance(node, ast.Starred):
            raise Refusal("WKM402", f"arguments come from {text_of(node)}", "Spell them out.")
        values[name] = _value(node, text_of)
    if len(call.args) > len(NAMES):
        raise Refusal("WKM412", f"{len(call.args)} positional arguments; there are {len(NAMES)}")
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refusal(
                "WKM401",
                f"arguments come from **{text_of(keyword.value)}",
                "Spell the arguments out and run the migration again.",
            )
        if keyword.arg in values:
            raise Refusal("WKM412", f"{keyword.arg} is given twice")
        if keyword.arg in ARGUMENTS:
            values[keyword.arg] = _value(keyword.value, text_of)
        else:
            notes.append(
                Note("WKM204", f"{keyword.arg} was never a parameter of the callback; it is gone")
            )
    _fold_aliases(values, notes)
    for name, value in values.items():
        if isinstance(value.literal, str) and isinstance(DEFAULTS[name], bool) and value.literal:
            notes.append(
                Note(
                    "WKM205",
                    f"{name}={value.text} counts as true",
                    f"Write {name}=False if that is meant.",
                )
            )
    return values, notes


def _fold_aliases(values: dict[str, Value], notes: list[Note]) -> None:
    """Move what was given under an alias to the parameter; the alias wins when it is true."""
    for alias, name in ((ALIASES[0].name, "input_type"), (ALIASES[1].name, _PROCESSOR)):
        given, other = values.pop(alias, None), values.get(name)
        if given is None or given.truth is False:
            continue
        if name == _PROCESSOR:
            notes.append(Note("WKM208", f"{alias} was ignored and is used now"))
        if given.known or other is None or other.node is None or given.node is None:
            values[name] = given
        else:
            either = ast.BoolOp(ast.Or(), [given.node, other.node])
            values[name] = Value(f"{given.operand} or {other.operand}", either)


def _value(node: ast.expr, text_of: Callable[[ast.expr], str]) -> Value:
    text = text_of(node)
    if isinstance(node, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)):
        text = f"({text})"
    try:
        literal = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Value(text, node)
    return Value(text, node, literal)


class Arguments:
    """The values of one construction, defaults filled in."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def __getitem__(self, name: str) -> Value:
        if name in self.values:
            return self.values[name]
        default = DEFAULTS[name]
        return Value(f'"{default}"' if isinstance(default, str) else repr(default), None, default)

    def capped_predictions(self) -> str:
        """Return the number of images, of which there were never more than a hundred."""
        value = self["predictions"]
        return "100" if isinstance(value.literal, int) and value.literal > 100 else value.text

    def changed(self, name: str) -> bool:
        """Whether the value may differ from the default."""
        return not self[name].is_default(name)

    def given(self, *names: str) -> list[str]:
        """Return those of the names whose value may be something other than None."""
        return [name for name in names if self[name].literal is not None]

    def condition(self, name: str) -> tuple[bool, str | None]:
        """Whether a flag's part is there at all, and on which condition."""
        value = self[name]
        if value.known:
            return bool(value.literal), None
        return True, value.operand

    def repeatable(self, *names: str) -> None:
        """Refuse when one of the values must not be evaluated twice."""
        for name in names:
            if not self[name].repeatable():
                raise Refusal(
                    "WKM403",
                    f"{name}={self[name].text} would be evaluated more than once",
                    "Assign the value to a name first.",
                )
