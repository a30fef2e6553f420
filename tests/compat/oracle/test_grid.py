"""Where upstream does not run any more, ours records what it recorded where it did."""

from __future__ import annotations

import pytest
from packaging.version import Version

from wandb_keras_compat import detect

from . import shapes
from .runner import OURS, each
from .scenarios import GRID, NAMED

FOUND = detect()
SHAPES = shapes.load()
# wandb 0.13.4 asks the server about image names for ever when it is offline.
SCENARIOS = [
    scenario
    for scenario in [*NAMED, *GRID]
    if "examples" not in str(SHAPES[scenario.id]) or Version(FOUND.wandb.version) >= Version("0.15")
]


@pytest.mark.parametrize("training", each(SCENARIOS, OURS))
def test_same_shape_as_upstream(trainings, training):
    scenario = training[0]
    [ours] = trainings(*training)
    stored = SHAPES[scenario.id]
    assert ours.error is None
    assert shapes.shape(ours.recording) == stored["shape"]
    assert not ours.warnings or stored["warnings"] or scenario.warns
