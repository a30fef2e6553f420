"""Draw combinations of WandbCallback's arguments that upstream can still carry out."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from .scenarios import ABC, Scenario, legacy

_SWITCHES = ("save_model", "save_weights_only", "log_weights", "save_graph", "compute_flops")


@st.composite
def scenarios(draw: Any, can: frozenset[str]) -> Scenario:
    """Draw a scenario whose needs are met by what upstream can do."""
    arguments = {name: draw(st.booleans()) for name in _SWITCHES}
    arguments["monitor"] = draw(st.sampled_from(["val_loss", "loss", "val_accuracy"]))
    arguments["mode"] = draw(st.sampled_from(["auto", "min", "max"]))
    arguments["verbose"] = draw(st.integers(0, 1))
    arguments["log_batch_frequency"] = draw(st.sampled_from([None, 1, 2, 3, 50]))
    arguments["log_best_prefix"] = draw(st.sampled_from(["best_", None, "x/"]))
    arguments["validation_data"] = draw(st.sampled_from([None, "$val"]))
    arguments["labels"] = draw(st.sampled_from([None, ABC, ABC[:2]]))
    if draw(st.booleans()):
        arguments.update(log_gradients=True, training_data="$train")
    if draw(st.booleans()):
        arguments["log_evaluation"] = True
        arguments["log_evaluation_frequency"] = draw(st.integers(0, 3))
        arguments["infer_missing_processors"] = draw(st.booleans())
    model = draw(st.sampled_from(["mlp", "conv", "nested"]))
    if model == "conv":
        arguments["input_type"] = draw(st.sampled_from([None, "image", "images", "auto"]))
        arguments["predictions"] = draw(st.sampled_from([1, 4, 36, 200]))
    fit = {"epochs": draw(st.integers(1, 3)), "batch_size": draw(st.sampled_from([7, 8, 32]))}
    text = repr(sorted(arguments.items(), key=str)) + model + repr(fit)
    name = f"drawn-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    scenario = legacy(name, model, fit=fit, **arguments)
    if not scenario.needs <= can:
        dropped = {"log_gradients": False, "log_evaluation": False, "input_type": None}
        scenario = legacy(f"{name}-less", model, fit=fit, **{**arguments, **dropped})
    return scenario
