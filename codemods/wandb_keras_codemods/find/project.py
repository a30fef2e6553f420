"""What the other files of a run read of a file, and which methods their classes have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Mapping

FITS = frozenset(
    "fit fit_generator evaluate evaluate_generator predict predict_generator search".split()
)
_HAS_CLASS = re.compile(
    rb"WandbCallback|WandbKerasCallback|WandBKerasCallback|wandb\.keras|wandb_keras"
)


@dataclass(frozen=True)
class Project:
    """The files of a run, as far as one file's values can reach them.

    Args:
        known: Whether other files are known; if not, all that is public counts as read.
        files: The words of each file that may meet a file with a construction.
    """

    known: bool = False
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def alone(cls) -> Project:
        """A file of which nothing else is known."""
        return cls()

    @classmethod
    def closed(cls) -> Project:
        """A file that no other file reads, such as a notebook."""
        return cls(known=True)

    def reads_name(self, filename: str, name: str) -> bool:
        """Whether another file may read a name of a file's module level."""
        if PurePath(filename).suffix == ".ipynb":
            return False
        return not self.known and not name.startswith("_")

    def reads_attribute(self, filename: str, name: str) -> bool:
        """Whether another file may read an attribute, or call or override a method."""
        return self.reads_name(filename, name)

    def defines(self, filename: str, method: str) -> bool:
        """Whether a class of another file that a file's objects may be of has a method."""
        return False
