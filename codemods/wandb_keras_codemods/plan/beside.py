"""A WandbMetricsLogger that stands beside a construction: whether it logs the same rows."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.strings import string

from .expressions import code_of

LEGACY_KEYS, OWN_KEYS, UNKNOWN_KEYS = "legacy", "prefixed", ""
KEEP_ONE = "Keep one of the two loggers."
THERE = "WandbMetricsLogger stands beside it already, so no second one is written"
PERHAPS = "WandbMetricsLogger may stand beside it, and then both log each epoch"
TWICE = "WandbMetricsLogger stands beside it with other arguments, and both log each epoch"


def style(logger: cst.Call) -> str:
    """Return the keys a logger writes; empty where that is only known when it runs."""
    given = [arg for arg in logger.args if arg.keyword and arg.keyword.value == "key_style"]
    if any(arg.star for arg in logger.args):
        return UNKNOWN_KEYS
    if not given:
        return OWN_KEYS
    return {"legacy": LEGACY_KEYS, "wandb": OWN_KEYS}.get(string(given[0].value) or "", "")


def same_rows(logger: cst.Call, frequency: cst.BaseExpression | None) -> bool | None:
    """Tell whether a logger logs all that a new one would; None when it logs other keys.

    Args:
        logger: The logger that is there.
        frequency: log_freq of the new one; None for epochs alone, which every logger logs.
    """
    keys = style(logger)
    if keys == LEGACY_KEYS:
        return None
    if keys == UNKNOWN_KEYS:
        return False
    if frequency is None:
        return True
    given = [arg.value for arg in logger.args if not arg.keyword or arg.keyword.value == "log_freq"]
    return bool(given) and code_of(given[0]) == code_of(frequency)
