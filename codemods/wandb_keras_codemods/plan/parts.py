"""What one construction becomes: callbacks in order, with their arguments as nodes."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from wandb_keras_codemods.find.refusal import Note

GENERATED = "WandbValidationTable"  # the class that is written into a file that needs one


@dataclass(frozen=True)
class Given:
    """One argument of a callback.

    Args:
        keyword: Its keyword; None for a positional one.
        value: Its value.
        origin: The legacy argument it stands for, whose comments go with it.
    """

    keyword: str | None
    value: cst.BaseExpression
    origin: str | None = None


@dataclass(frozen=True)
class Part:
    """One callback of the answer; with a condition, it is there only when that holds."""

    name: str
    arguments: tuple[Given, ...] = ()
    condition: cst.BaseExpression | None = None


@dataclass(frozen=True)
class Hoist:
    """An argument that is evaluated before the statement, because the parts cannot do it alike.

    Args:
        name: The name it is assigned to; None when only its effect is wanted.
        value: Its value.
    """

    name: str | None
    value: cst.BaseExpression


@dataclass(frozen=True)
class Plan:
    """The callbacks that replace one construction, in order.

    Args:
        parts: The callbacks.
        notes: What is to be said.
        hoists: What is evaluated before.
        empty: Why there are none, where there are none.
    """

    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()
    hoists: tuple[Hoist, ...] = ()
    empty: str = ""

    @property
    def single(self) -> bool:
        """Whether the answer is always exactly one callback."""
        return len(self.parts) == 1 and self.parts[0].condition is None

    @property
    def names(self) -> tuple[str, ...]:
        """The classes the answer needs, those of the file itself excepted."""
        named = dict.fromkeys(part.name for part in self.parts)
        if GENERATED in named:
            named["WandbEvalCallback"] = None
            del named[GENERATED]
        return tuple(named)

    @property
    def own_names(self) -> tuple[str, ...]:
        """The classes that must be written into the file."""
        return (GENERATED,) if any(part.name == GENERATED for part in self.parts) else ()
