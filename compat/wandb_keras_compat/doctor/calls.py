"""Which constructions of W&B's own classes end a training here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Iterator, NamedTuple

from wandb_keras_compat.environment import KERAS_3, TF_KERAS, Keras
from wandb_keras_compat.environment.releases import (
    TF_REFUSES_BEST_AS_KERAS,
    TF_WITH_KERAS_INSIDE,
    TF_WITHOUT_WANDB_GRADIENTS,
    WANDB_CALLBACK_SETS_MODEL,
    WANDB_CHECKPOINT_HANDS_OPTIONS_ON,
    WANDB_CHECKPOINT_NAMES_BATCH,
    WANDB_CHECKPOINT_NEEDS_FILE,
)

from .arguments import UNKNOWN, Call
from .checks import BREAK, NOTE, Diagnosis, diagnosis

# Arguments of WandbCallback that need a Keras 2, and their defaults.
_OF_KERAS_2 = {
    "save_graph": True,
    "save_model": True,
    "log_gradients": False,
    "input_type": None,
    "output_type": None,
    "data_type": None,
}


@dataclass(frozen=True)
class Here:
    """Where W&B's classes are to run.

    Args:
        wandb: Version of wandb.
        tensorflow: Version of TensorFlow.
        callbacks: The Keras they are built on.
        model: The Keras of the model they are given to.
        mode: ``"online"``, ``"offline"`` or ``"disabled"``.
    """

    wandb: str
    tensorflow: str
    callbacks: Keras
    model: Keras
    mode: str


class Fault(NamedTuple):
    """How a class fails: the check that says it, how bad it is, and when.

    The condition returns what ``CHECKS`` leaves open in the sentence, or None if all is well.
    """

    name: str
    check: str
    level: str
    when: Callable[[Call, Here], str | None]


def of_call(call: Call, here: Here) -> Diagnosis | None:
    """Return how W&B's own class fails, constructed like this; the worst of several."""
    return next(_faults(call, here), None)


def _faults(call: Call, here: Here) -> Iterator[Diagnosis]:
    for fault in FAULTS:
        detail = fault.when(call, here) if call.short == fault.name else None
        if detail is not None:
            yield diagnosis(
                fault.check,
                fault.level,
                (f"{call.place}  {call.name}",),
                wandb=here.wandb,
                tensorflow=here.tensorflow,
                keras=(here.model if fault.name == "WandbCallback" else here.callbacks).version,
                mode=here.mode,
                detail=detail,
            )


def _said(fails: bool) -> str | None:
    return "" if fails else None


def _legacy_on_keras_3(call: Call, here: Here) -> str | None:
    if here.model.flavour != KERAS_3:
        return None
    if call.arguments is None or here.wandb in WANDB_CALLBACK_SETS_MODEL:
        return ""
    on = [name for name, default in _OF_KERAS_2.items() if call.on(name, default)]
    return f" with {', '.join(f'{name}={call.value(name, True)!r}' for name in on)}" if on else None


def _gradients(call: Call, here: Here) -> str | None:
    return _said(here.tensorflow in TF_WITHOUT_WANDB_GRADIENTS and call.on("log_gradients"))


def _checkpoint_class(call: Call, here: Here) -> str | None:
    options = here.callbacks.flavour == KERAS_3 and here.wandb in WANDB_CHECKPOINT_HANDS_OPTIONS_ON
    batch = here.tensorflow in TF_WITH_KERAS_INSIDE and here.wandb in WANDB_CHECKPOINT_NAMES_BATCH
    return _said(options or batch)


def _checkpoint_path(call: Call, here: Here) -> str | None:
    path, weights = _path(call), call.value("save_weights_only", False)
    if here.callbacks.flavour != KERAS_3 or path is None or weights is UNKNOWN:
        return None
    suffixes = (".weights.h5",) if weights else (".keras", ".h5")
    end = re.sub(r"\{[^}]*\}", "", path)
    return None if end.endswith((*suffixes, UNKNOWN)) else " or ".join(suffixes)


def _best_as_keras(call: Call, here: Here) -> str | None:
    refuses = here.tensorflow in TF_REFUSES_BEST_AS_KERAS and here.callbacks.flavour != TF_KERAS
    whole = call.value("save_weights_only", False) is False
    best = whole and call.on("save_best_only")
    return _said(refuses and best and (_path(call) or "").endswith(".keras"))


def _best_with_placeholders(call: Call, here: Here) -> str | None:
    path = _path(call) or ""
    needs_file = here.wandb in WANDB_CHECKPOINT_NEEDS_FILE
    return _said(needs_file and call.on("save_best_only") and "{" in path)


def _best_again(call: Call, here: Here) -> str | None:
    path = _path(call)
    fixed = path is not None and not {"{", UNKNOWN} & set(path)
    return _said(fixed and call.on("save_best_only"))


def _eval_without_server(call: Call, here: Here) -> str | None:
    return _said(here.mode != "online")


def _path(call: Call) -> str | None:
    """Return what is known of a checkpoint's path; None if nothing is."""
    path = call.value("filepath", UNKNOWN)
    return path if isinstance(path, str) and path is not UNKNOWN else None


# The worst of each class first. docs/support holds what was measured, and a test both together.
FAULTS = [
    Fault("WandbCallback", "legacy-on-keras-3", BREAK, _legacy_on_keras_3),
    Fault("WandbCallback", "gradients", BREAK, _gradients),
    Fault("WandbModelCheckpoint", "checkpoint-class", BREAK, _checkpoint_class),
    Fault("WandbModelCheckpoint", "checkpoint-path", BREAK, _checkpoint_path),
    Fault("WandbModelCheckpoint", "checkpoint-best-as-keras", BREAK, _best_as_keras),
    Fault("WandbModelCheckpoint", "checkpoint-best", BREAK, _best_with_placeholders),
    Fault("WandbModelCheckpoint", "checkpoint-again", NOTE, _best_again),
    Fault("WandbEvalCallback", "eval-without-server", BREAK, _eval_without_server),
]
