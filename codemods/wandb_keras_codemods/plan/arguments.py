"""Match a call's arguments with the legacy signature, literal or as expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Mapping

import libcst as cst

from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.legacy.arguments import ALIASES, ARGUMENTS, DEFAULTS, NAMES

from .expressions import UNKNOWN, code_of, expression, literal, operand, pure

_PROCESSOR = "prediction_row_processor"
Splatted = Callable[[cst.BaseExpression], "cst.Dict | None"]
Constant = Callable[[cst.BaseExpression], object]
Assigned = Callable[[cst.BaseExpression], "tuple[object, ...]"]


@dataclass(frozen=True)
class Value:
    """An argument: its node, its value where that is literal, whether it was given.

    Args:
        node: The expression.
        literal: Its value, ``UNKNOWN`` where that is only known at run time.
        constant: Its value where it is a name that has just one value.
        seen: The literals that its name is seen to be assigned, if it is one.
        given: Whether it stands in the call.
        fresh: Whether a call makes it, so that nobody else has it.
    """

    node: cst.BaseExpression
    literal: object = UNKNOWN
    constant: object = UNKNOWN
    seen: tuple[object, ...] = ()
    given: bool = True
    fresh: bool = False

    @property
    def text(self) -> str:
        """The expression's text."""
        return code_of(self.node)

    @property
    def known(self) -> bool:
        """Whether the value stands in the source."""
        return self.literal is not UNKNOWN

    @property
    def truth(self) -> bool | None:
        """Whether it counts as true; None where that is only known at run time."""
        return bool(self.literal) if self.known else None

    @property
    def operand(self) -> cst.BaseExpression:
        """The expression, fit to stand beside operators."""
        return operand(self.node)

    def is_default(self, name: str) -> bool:
        """Whether it is literally the default of a legacy argument."""
        default = DEFAULTS[name]
        return self.known and type(self.literal) is type(default) and self.literal == default


def bind(
    call: cst.Call,
    splatted: Splatted = lambda node: None,
    constant: Constant = lambda node: UNKNOWN,
    assigned: Assigned = lambda node: (),
) -> tuple[dict[str, Value], list[Note]]:
    """Match a call's arguments with the legacy signature.

    Args:
        call: The construction.
        splatted: Gives the dictionary display that ``**expression`` spreads, where that is known.
        constant: Gives the value of a name that never has another.
        assigned: Gives the literals that a name is seen to be assigned.

    Raises:
        Refusal: Arguments are splatted, or the legacy constructor fails for them.
    """

    def value(node: cst.BaseExpression) -> Value:
        fresh = isinstance(node, cst.Call)
        return Value(node, literal(node), constant(node), assigned(node), fresh=fresh)

    values: dict[str, Value] = {}
    notes: list[Note] = []
    positional = [arg for arg in call.args if arg.keyword is None and arg.star != "**"]
    for name, arg in zip(NAMES, positional):
        if arg.star:
            text = code_of(arg.value)
            raise Refusal("WKM402", f"arguments come from {arg.star}{text}", "Spell them out.")
        values[name] = value(arg.value)
    if len(positional) > len(NAMES):
        raise Refusal("WKM412", f"{len(positional)} positional arguments; there are {len(NAMES)}")
    for key, node in _keywords(call, splatted):
        if key in values:
            raise Refusal("WKM412", f"{key} is given twice")
        values[key] = value(node)
        if key not in ARGUMENTS:
            message = f"{key} was never a parameter of the callback; it is gone"
            notes.append(Note("WKM204", message))
    _fold_aliases(values, notes)
    for name, given in values.items():
        flag = isinstance(DEFAULTS.get(name), bool)
        if flag and isinstance(given.literal, str) and given.literal:
            notes.append(
                Note(
                    "WKM205",
                    f"{name}={given.text} counts as true",
                    f"Write {name}=False if that is meant.",
                )
            )
    return values, notes


def _keywords(call: cst.Call, splatted: Splatted) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the keyword arguments; those of a dictionary that is read as well."""
    for arg in call.args:
        if arg.keyword is not None:
            yield arg.keyword.value, arg.value
        elif arg.star == "**":
            display = splatted(arg.value)
            elements = () if display is None else display.elements
            keys = [string(getattr(element, "key", None)) for element in elements]
            if display is None or None in keys:
                raise Refusal(
                    "WKM401",
                    f"arguments come from **{code_of(arg.value)}",
                    "Spell the arguments out and run the migration again.",
                )
            for key, element in zip(keys, elements):
                yield str(key), element.value


def _fold_aliases(values: dict[str, Value], notes: list[Note]) -> None:
    """Move what was given under an alias to the parameter; the alias wins when it is true."""
    for alias, name in ((ALIASES[0].name, "input_type"), (ALIASES[1].name, _PROCESSOR)):
        given, other = values.get(alias), values.get(name)
        if given is None or given.truth is False:
            if given is not None:
                del values[alias]
            continue
        if name == _PROCESSOR:
            notes.append(Note("WKM208", f"{alias} was ignored and is used now"))
        if not given.known and other is not None:
            if not pure(other.node):
                raise Refusal("WKM403", f"{name} would be evaluated only where {alias} is nothing")
            given, other = Value(expression("{a} or {b}", a=given.operand, b=other.operand)), None
        # each keeps its place in the order of evaluation; what loses is kept under the alias
        folded = {}
        for key, value in values.items():
            if key == alias:
                folded[name] = given
            elif key != name:
                folded[key] = value
            elif other is not None:
                folded[alias] = other
        values.clear()
        values.update(folded)


class Arguments:
    """The values of one construction, defaults filled in."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def __getitem__(self, name: str) -> Value:
        if name in self.values:
            return self.values[name]
        default = DEFAULTS[name]
        text = f'"{default}"' if isinstance(default, str) else repr(default)
        return Value(expression(text), default, given=False)

    def capped_predictions(self) -> cst.BaseExpression:
        """Return the number of images, of which there were never more than a hundred."""
        value = self["predictions"]
        many = isinstance(value.literal, int) and value.literal > 100
        return expression("100") if many else value.node

    def changed(self, name: str) -> bool:
        """Whether the value may differ from the default."""
        return not self[name].is_default(name)

    def given(self, *names: str) -> list[str]:
        """Return those of the names whose value may be something other than None."""
        return [name for name in names if self[name].literal is not None]

    def condition(self, name: str) -> tuple[bool, cst.BaseExpression | None]:
        """Whether a flag's part is there at all, and on which condition."""
        value = self[name]
        if value.known:
            return bool(value.literal), None
        return True, value.operand
