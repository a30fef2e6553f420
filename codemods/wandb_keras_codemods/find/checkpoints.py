"""Checkpoints of the trio that stand in the program already and that W&B's class cannot write."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping

import libcst as cst

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import MODULES

from .module import Module
from .values import UNKNOWN, arguments, constants_of

_NAMES = frozenset(f"{home}.WandbModelCheckpoint" for home in MODULES)
_PARAMETERS = ("filepath", "monitor", "verbose", "save_best_only", "save_weights_only")
_WHOLE, _WEIGHTS = (".keras", ".h5"), (".weights.h5",)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def checkpoints(module: Module) -> Iterator[Finding]:
    """Find constructions of W&B's WandbModelCheckpoint that end a training.

    Args:
        module: The module.
    """
    if "WandbModelCheckpoint" not in module.code:
        return
    constants: dict[str, Any] | None = None
    for call in module.all(cst.Call):
        names = module.names(call.func)
        if names and names <= _NAMES:
            if constants is None:
                constants = constants_of(module)
            why = _fault(arguments(call, _PARAMETERS, constants))
            if why is not None:
                hint = "Change the path, or import the class from wandb_keras_compat."
                yield module.finding(call, "WKM217", why, hint)


def _fault(given: Mapping[str, Any]) -> str | None:
    path, weights = given.get("filepath"), given.get("save_weights_only", False)
    if not isinstance(path, str) or path == UNKNOWN:
        return None
    if given.get("save_best_only") is True and _PLACEHOLDER.search(path):
        return "with placeholders in the path it fails where an epoch is not the best"
    if not isinstance(weights, bool) or "**" in given:
        return None
    suffixes = _WEIGHTS if weights else _WHOLE
    if not _PLACEHOLDER.sub("", path).endswith((*suffixes, UNKNOWN)):
        return f"on Keras 3 its path has to end in {' or '.join(suffixes)}"
    return None
