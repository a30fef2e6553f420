"""Checkpoints of the trio that stand in the program already and that W&B's class cannot write."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import MODULES

from .module import Module
from .strings import string

_NAMES = frozenset(f"{home}.WandbModelCheckpoint" for home in MODULES)
_WHOLE, _WEIGHTS = (".keras", ".h5"), (".weights.h5",)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def checkpoints(module: Module) -> Iterator[Finding]:
    """Find constructions of W&B's WandbModelCheckpoint that end a training.

    Args:
        module: The module.
    """
    if "WandbModelCheckpoint" not in module.code:
        return
    for call in module.all(cst.Call):
        names = module.names(call.func)
        if names and names <= _NAMES:
            why = _fault(call)
            if why is not None:
                hint = "Change the path, or import the class from wandb_keras_compat."
                yield module.finding(call, "WKM217", why, hint)


def _fault(call: cst.Call) -> str | None:
    given = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    if call.args and call.args[0].keyword is None and not call.args[0].star:
        given["filepath"] = call.args[0].value
    path = string(given["filepath"]) if "filepath" in given else None
    if path is None:
        return None
    if _is_true(given.get("save_best_only")) and _PLACEHOLDER.search(path):
        return "with placeholders in the path it fails where an epoch is not the best"
    weights = given.get("save_weights_only")
    if weights is not None and not (_is_true(weights) or _is_false(weights)):
        return None
    suffixes = _WEIGHTS if _is_true(weights) else _WHOLE
    if not _PLACEHOLDER.sub("", path).endswith(suffixes):
        return f"on Keras 3 its path has to end in {' or '.join(suffixes)}"
    return None


def _is_true(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "True"


def _is_false(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "False"
