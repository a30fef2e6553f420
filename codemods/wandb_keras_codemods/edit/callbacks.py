"""Write one part of a plan as a node: a callback, or a splat where it hangs on a condition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable, Sequence

import libcst as cst

from wandb_keras_codemods.plan.expressions import code_of, operand
from wandb_keras_codemods.plan.parts import GENERATED, Given, Part

from .layout import WIDTH, Breaks, one_line, shifted, trailing

_EQUAL = cst.AssignEqual(
    whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
)

_ARGUMENT = re.compile(r"#+\s*\w+=[^=\s]")  # one that is commented out


@dataclass
class Notes:
    """The comments of one construction.

    Args:
        general: Those about the whole of it.
        above: By argument, those on lines above it.
        beside: By argument, those at the end of its line.
    """

    general: list[str] = field(default_factory=list)
    above: dict[str, list[str]] = field(default_factory=dict)
    beside: dict[str, list[str]] = field(default_factory=dict)


class Writer:
    """Writes the parts of one construction.

    Args:
        prefix: What the classes are read from; None where they are names of the file.
        notes: The comments of its arguments; each goes with the first part that takes it.
        breaks: Makes line breaks.
        unit: One more level of indentation.
        shift: Tells how much further right an argument stands from now on.
    """

    def __init__(
        self,
        prefix: cst.BaseExpression | None,
        notes: Notes,
        breaks: Breaks,
        unit: str,
        shift: Callable[[str | None], str] = lambda origin: "",
    ) -> None:
        self._prefix = prefix
        self._notes = notes
        self._breaks = breaks
        self._unit = unit
        self._shift = shift
        self._told: set[str] = set()

    def plain(self, part: Part) -> cst.BaseExpression:
        """Return a callback on one line, without comments, whatever its length."""
        args = [self._arg(given, last=given is part.arguments[-1]) for given in part.arguments]
        return cst.Call(self._func(part.name), args)

    def element(self, part: Part) -> cst.BaseElement:
        """Return a part as an element on one line, whatever its length."""
        if part.condition is None:
            return cst.Element(self.plain(part))
        return cst.StarredElement(
            cst.IfExp(
                test=operand(one_line(part.condition)).deep_clone(),
                body=cst.List([cst.Element(self.plain(part))]),
                orelse=cst.List([]),
                lpar=[cst.LeftParen()],
                rpar=[cst.RightParen()],
            )
        )

    def has_notes(self, part: Part) -> bool:
        """Tell whether a part takes comments along."""
        return any(self._of(given) != ([], []) for given in part.arguments)

    def part(self, part: Part, pad: str, room: int = 1) -> cst.BaseElement:
        """Return a part as an element of a display.

        Args:
            part: The part.
            pad: The indentation of its line.
            room: How many characters follow on its line.
        """
        if part.condition is None:
            return cst.Element(self.callback(part, pad, room))
        test = operand(one_line(part.condition)).deep_clone()
        noted = self.has_notes(part)
        if not noted:
            element = self.element(part)
            if len(pad) + len(code_of(element)) + room <= WIDTH:
                return element
        gap = self._breaks.gap
        inner, inmost = pad + self._unit, pad + 2 * self._unit
        callback = self.callback(part, inmost, 0)
        listed = cst.List([cst.Element(self.plain(part))])
        if noted or len(inner) + len(code_of(listed)) > WIDTH:
            listed = cst.List(
                [cst.Element(callback, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace("")))],
                lbracket=cst.LeftSquareBracket(whitespace_after=gap(inmost)),
                rbracket=cst.RightSquareBracket(whitespace_before=gap(inner)),
            )
        either = cst.IfExp(
            test=test,
            body=listed,
            orelse=cst.List([]),
            lpar=[cst.LeftParen(whitespace_after=gap(inner))],
            rpar=[cst.RightParen(whitespace_before=gap(pad))],
            whitespace_before_if=gap(inner),
            whitespace_before_else=gap(inner),
        )
        return cst.StarredElement(either)

    def callback(self, part: Part, pad: str, room: int = 1) -> cst.BaseExpression:
        """Return a callback, broken inside its parentheses where its line is too long."""
        call = self.plain(part)
        assert isinstance(call, cst.Call)
        noted = self.has_notes(part)
        text = code_of(call)
        fits = "\n" in text or "\r" in text or len(pad) + len(text) + room <= WIDTH
        if not part.arguments or (fits and not noted):
            return call
        gap, inside = self._breaks.gap, pad + self._unit
        given = text[len(code_of(call.func)) + 1 : -1]
        if not noted and len(inside) + len(given) <= WIDTH:
            last = call.args[-1].with_changes(whitespace_after_arg=gap(pad))
            return call.with_changes(
                whitespace_before_args=gap(inside), args=[*call.args[:-1], last]
            )
        args = []
        for number, given_to in enumerate(part.arguments):
            end = number + 1 == len(part.arguments)
            above = [] if end else self._of(part.arguments[number + 1])[0]
            beside = self._of(given_to)[1]
            after = trailing(gap(pad if end else inside, above), " ".join(beside) or None)
            args.append(
                self._arg(given_to, last=True, further=self._unit).with_changes(
                    comma=cst.Comma(whitespace_after=after)
                )
            )
        first = self._of(part.arguments[0])[0]
        self._told.update(given.origin for given in part.arguments if given.origin is not None)
        return call.with_changes(whitespace_before_args=gap(inside, first), args=args)

    def _of(self, given: Given) -> tuple[list[str], list[str]]:
        if given.origin is None or given.origin in self._told:
            return [], []
        return self._notes.above.get(given.origin, []), self._notes.beside.get(given.origin, [])

    def _func(self, name: str) -> cst.BaseExpression:
        if self._prefix is None or name == GENERATED:
            return cst.Name(name)
        return cst.Attribute(self._prefix.deep_clone(), cst.Name(name))

    def _arg(self, given: Given, last: bool, further: str = "") -> cst.Arg:
        by = self._shift(given.origin) + further
        value = shifted(one_line(given.value), by).deep_clone()
        comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
        if not last:
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if given.keyword is None:
            return cst.Arg(value, comma=comma)
        return cst.Arg(value, keyword=cst.Name(given.keyword), equal=_EQUAL, comma=comma)


def commented(name: str, notes: Sequence[str]) -> list[str]:
    """Return comments about an argument that is gone, with its name unless they are arguments."""
    return [
        note if name in note or _ARGUMENT.match(note) else f"# {name}: {note.lstrip('#').lstrip()}"
        for note in notes
    ]


def carried(parts: Sequence[Part]) -> set[str]:
    """Return the legacy arguments that have a place in some part."""
    return {given.origin for part in parts for given in part.arguments if given.origin is not None}
