"""What the doctor can find: a sentence and the remedy for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

ENABLE = "wandb-keras-compat run SCRIPT, or for every Python here: wandb-keras-compat enable"
BREAK, NOTE = "break", "note"


class Check(NamedTuple):
    """One thing that can be found: what it is, and the remedy; ``{}`` are facts of the case."""

    what: str
    remedy: str


CHECKS = {
    "environment": Check("{what}", "{remedy}"),
    # imports of W&B's that fail
    "keras-module": Check("wandb {wandb} has no module wandb.keras; it went in 0.17.0.", ENABLE),
    "old-home": Check("No wandb that works today has the module wandb.wandb_keras.", ENABLE),
    "legacy-class": Check("wandb {wandb} has no WandbCallback; it went in 0.27.1.", ENABLE),
    "needs-tensorflow": Check(
        "W&B's Keras callbacks need TensorFlow, which is not installed.", ENABLE
    ),
    "silent-import": Check(
        "`except ImportError: pass` hides that the import fails: training goes on, unlogged.",
        "Remove the try, and make the import work: " + ENABLE,
    ),
    # imports that work, with a crash afterwards
    "legacy-on-keras-3": Check(
        "The WandbCallback of wandb {wandb} ends training on Keras {keras}{detail}.", ENABLE
    ),
    "gradients": Check(
        "The WandbCallback of wandb {wandb} ends training with log_gradients=True; it worked up to"
        " TensorFlow 2.13.",
        ENABLE,
    ),
    "checkpoint-class": Check(
        "The WandbModelCheckpoint of wandb {wandb} gives Keras {keras} an argument that it does"
        " not know.",
        ENABLE,
    ),
    "checkpoint-path": Check(
        "The WandbModelCheckpoint of wandb {wandb} refuses this path on Keras {keras}: it has to"
        " end in {detail}.",
        "Change the path, or: " + ENABLE,
    ),
    "checkpoint-best-as-keras": Check(
        "TensorFlow {tensorflow} cannot save the best model as .keras.",
        "Let the path end in .h5, or: " + ENABLE,
    ),
    "checkpoint-best": Check(
        "The WandbModelCheckpoint of wandb {wandb} ends training when an epoch is not the best and"
        " the path has placeholders.",
        "Take the placeholders out, or: " + ENABLE,
    ),
    "eval-without-server": Check(
        "The WandbEvalCallback of wandb {wandb} ends training when W&B is {mode}.", ENABLE
    ),
    "mixed-kerases": Check(
        "W&B's callbacks are built on {callbacks}, the model on {model}: fit fails.",
        "Set TF_USE_LEGACY_KERAS=1 before TensorFlow is imported, or: " + ENABLE,
    ),
    "keras-missing": Check("{module} is imported, and {missing} is not installed.", "{install}"),
    "workers": Check(
        "Worker processes are spawned here and have no run: wandb.config fails in them.",
        "Copy what they need from wandb.config in the data set's __init__, or call wandb.init()"
        " there.",
    ),
    # protobuf
    "protobuf-wandb": Check(
        "wandb {wandb} cannot be imported with protobuf {protobuf}.", "pip install {fits}"
    ),
    "protobuf-tensorflow": Check(
        "TensorFlow {tensorflow} cannot be imported with protobuf {protobuf}.",
        "pip install {fits}",
    ),
    "protobuf-pin": Check(
        "TensorFlow {tensorflow} asks for protobuf<5, wandb {wandb} for more: pip refuses to"
        " install both. What is installed does run.",
        "For pip: {fits}.",
    ),
    # NumPy
    "numpy-wandb": Check(
        "wandb {wandb} cannot be imported with NumPy {numpy}.", "pip install {fits}"
    ),
    # for information
    "checkpoint-again": Check(
        "The WandbModelCheckpoint of wandb {wandb} logs the best model again, as the epoch's, when"
        " an epoch is not the best.",
        ENABLE,
    ),
    "shim-off": Check("Legacy imports of WandbCallback fail in this environment.", ENABLE),
    "both-kerases": Check(
        "Models come from different Kerases: {models}. Ours work with each; W&B's do not.", ""
    ),
    "offline": Check(
        "WANDB_MODE=offline: runs are kept on disk; W&B's evaluation tables need a server.",
        "Send them later: wandb sync DIRECTORY.",
    ),
    "disabled": Check("W&B is switched off by {variable}: nothing is logged.", "Unset it."),
    "codemod": Check(
        "The codemod can migrate {done}; {left}.",
        "See what each target makes of the code: wandb-keras-migrate {path}",
    ),
    "codemod-nothing": Check("The codemod finds nothing to migrate.", ""),
    "pin": Check(
        "The code base holds wandb at {spec}, and {wandb} is installed.",
        "Lift the bound once the code is migrated, or install what it names.",
    ),
    "codemod-missing": Check(
        "The code was not read: that needs the codemod, which is not installed.",
        "With Python 3.9 or newer, in a clone: pip install '.[migrate]'",
    ),
    "unread": Check("Not read: {file}.", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Diagnosis:
    """One thing found.

    Args:
        id: A key of ``CHECKS``.
        level: ``"break"`` or ``"note"``.
        what: A sentence.
        remedy: What to do; empty when nothing is.
        where: Places in the code.
    """

    id: str
    level: str
    what: str
    remedy: str
    where: tuple[str, ...] = ()


def diagnosis(id_: str, level: str, where: tuple[str, ...] = (), **facts: str | None) -> Diagnosis:
    """Return a diagnosis with the facts of the case in its sentences."""
    check = CHECKS[id_]
    return Diagnosis(id_, level, check.what.format(**facts), check.remedy.format(**facts), where)
