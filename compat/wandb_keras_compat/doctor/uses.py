"""What a code base uses of W&B's Keras modules, and which Keras it imports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Tuple

from .arguments import Call

WANDB = ("wandb.keras", "wandb.integration.keras", "wandb.wandb_keras")
KERASES = ("keras", "tf_keras", "tensorflow.keras")


@dataclass(frozen=True)
class Use:
    """One place that uses a name.

    Args:
        name: The dotted name, such as ``"wandb.keras.WandbCallback"``.
        place: File and line: ``"train.py:3"``, or ``"a.ipynb cell 2:3"``.
        module: The module that an import statement names; empty for an attribute.
        handled: What becomes of a failed import: ``""`` (it raises), ``"silent"`` (it is passed
            over), ``"caught"``, or ``"fallback"`` (something else is imported).
        tried: For each ``except`` clause around, what had to fail before.
    """

    name: str
    place: str
    module: str = ""
    handled: str = ""
    tried: Tried = ()

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


Tried = Tuple[Tuple[Use, ...], ...]


@dataclass
class Sources:
    """What a code base uses.

    Args:
        wandb: Uses of W&B's Keras modules.
        calls: Constructions of W&B's Keras classes, and classes derived from them.
        kerases: The first use of each Keras in each file, by the name it is imported by.
        config_in_workers: Uses of ``wandb.config`` in the methods of a data set without a run.
        multiprocessing: Places that ask for worker processes.
        unread: Files that cannot be read or parsed, with the reason.
        too_much: Those of them that would take too long or too much memory.
        files: How many files were read.
    """

    wandb: list[Use] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    kerases: list[Use] = field(default_factory=list)
    config_in_workers: list[Use] = field(default_factory=list)
    multiprocessing: list[Use] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    too_much: set[str] = field(default_factory=set)
    files: int = 0


def below(name: str, modules: tuple[str, ...]) -> str:
    """Return the module a dotted name is or lies in, or an empty string."""
    return next((m for m in modules if name == m or name.startswith(f"{m}.")), "")
