"""Decide what one construction becomes: its arguments and the table give a Plan or a Refusal."""

from __future__ import annotations

from typing import Mapping

from wandb_keras_codemods._old.decisions import Plan, Refusal
from wandb_keras_codemods._old.plan_compat import plan_compat
from wandb_keras_codemods._old.plan_trio import plan_trio
from wandb_keras_codemods._old.values import Arguments, Value


def plan(
    values: Mapping[str, Value], target: str, fit_data: str | None = None, has_data: bool = True
) -> Plan:
    """Say which callbacks do the work of ``WandbCallback(**values)``.

    Args:
        values: The given arguments, as ``bind`` returns them.
        target: ``"wandb"`` or ``"compat"``.
        fit_data: The text of validation_data of the fit the call stands in, if it can be repeated.
        has_data: False when that fit is seen to have no validation data.

    Raises:
        Refusal: The target has no faithful answer.
    """
    arguments = Arguments(values)
    wants_gradients = arguments["log_gradients"].truth is not False
    if wants_gradients and arguments["training_data"].literal is None:
        raise Refusal(
            "WKM412",
            "log_gradients without training_data raises ValueError",
            "Give training_data=(x, y).",
        )
    if target == "compat":
        return plan_compat(arguments)
    return plan_trio(arguments, fit_data, has_data)
