"""Where upstream does not run any more, ours records what it recorded where it did."""

from __future__ import annotations

import pytest

from wandb_keras_compat import detect

from . import shapes
from .runner import OURS, each
from .scenarios import EVERY, GRID, NAMED

FOUND = detect()
SHAPES = shapes.load()
# The whole grid where models are saved, differentiated and asked in another way than upstream knew.
SCENARIOS = (
    NAMED if FOUND.callbacks_on.flavour == "tf.keras 2" else [*NAMED, *GRID[EVERY - 1 :: EVERY]]
)

KERAS_3_FILES = ["model-best.h5"] if FOUND.callbacks_on.flavour == "keras 3" else []
# Keras 3.0 has one loss for all outputs.
NO_LOSS_OF_AN_OUTPUT = KERAS_3_FILES and FOUND.callbacks_on.version.startswith("3.0.")


def improving_epochs(scenario, recording):
    """Return the epochs after which the model is to be saved."""
    if not scenario.arguments.get("save_model", True):
        return []
    monitor = scenario.arguments.get("monitor", "val_loss")
    rows = [
        row.values for row in recording.history if monitor in row.values and "epoch" in row.values
    ]
    values = [row[monitor] for row in rows]
    return [row["epoch"] for i, row in enumerate(rows) if all(values[i] < v for v in values[:i])]


def without(shape, names):
    """Return a shape without some names in history and summary."""
    rows = [[count, [key for key in keys if key not in names]] for count, keys in shape["rows"]]
    summary = [key for key in shape["summary"] if key not in names]
    return {**shape, "rows": rows, "summary": summary}


@pytest.mark.parametrize("training", each(SCENARIOS, OURS))
def test_same_shape_as_upstream(trainings, training):
    scenario = training[0]
    [ours] = trainings(*training)
    stored = SHAPES[scenario.id]
    assert ours.error is None
    expected, recorded = shapes.lasting(stored["shape"]), shapes.shape(ours.recording)
    if scenario.model == "subclassed" and scenario.arguments.get("save_model", True):
        # Keras 3 writes subclassed models to HDF5, Keras 2 could not.
        expected["files"] = sorted({*expected["files"], *KERAS_3_FILES})
    if scenario.model == "multi" and NO_LOSS_OF_AN_OUTPUT:
        expected = without(expected, {"kind_loss", "size_loss", "val_kind_loss", "val_size_loss"})
    assert shapes.lasting(recorded) == expected
    assert [a[2] for a in recorded["artifacts"] if a[1] == "model"] == [
        [f"epoch_{epoch}", "latest"] for epoch in improving_epochs(scenario, ours.recording)
    ]
    assert not ours.warnings or stored["warnings"] or scenario.warns
