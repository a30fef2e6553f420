"""Import this row's Keras; processes that train are forked from the one that imported it."""

from __future__ import annotations

import importlib

from wandb_keras_compat import detect

_chosen = detect().callbacks_on
assert _chosen is not None
_head, _, _tail = _chosen.module.partition(".")
keras = importlib.import_module(_head)
if _tail:
    keras = getattr(keras, _tail)
