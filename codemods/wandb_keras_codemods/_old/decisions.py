"""What can be decided about one construction: a plan of callbacks with notes, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

GENERATED = "WandbValidationTable"  # the class that is written into a file that needs one


class Refusal(Exception):
    """Why a construction is left as it is.

    Args:
        code: The code of the finding.
        message: The reason in this case.
        suggestion: What a human can do.
    """

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True)
class Note:
    """Something to tell about a construction that was migrated."""

    code: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Part:
    """One callback of the answer; with a condition, it is there only when that holds."""

    name: str
    arguments: tuple[tuple[str | None, str], ...] = ()
    condition: str | None = None


@dataclass(frozen=True)
class Plan:
    """The callbacks that replace one construction, in order."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()

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
