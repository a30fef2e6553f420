"""W&B's callbacks and ours record the same training alike, up to the table of deviations."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.compare import compare

from . import deviations, drawn, shapes
from .runner import OURS, UPSTREAM, each, oracle_row
from .scenarios import NAMED, TRIO, UPSTREAM_CAN

CAN = UPSTREAM_CAN[str(oracle_row())]
# Where upstream's side broke, ours is held to what the other oracle row recorded.
NAMED_ONES = [*NAMED, *TRIO]  # test_oracle_grid.py has the others
COMPARED = [scenario for scenario in NAMED_ONES if scenario.needs <= CAN]
BEYOND = [scenario for scenario in NAMED_ONES if not scenario.needs <= CAN]
SHAPES = shapes.load()
EXAMPLES = int(os.environ.get("WANDB_KERAS_COMPAT_EXAMPLES", "4"))


def records_alike(trainings, training):
    """Assert that ours records what upstream records beside it."""
    scenario = training[0]
    upstream, ours = trainings(*training)
    assert upstream.error is None, "the scenario does not train with upstream's callback"
    assert ours.error is None
    differences = compare(upstream.recording, ours.recording, tolerance=1e-5)
    assert deviations.unexplained(differences, sorted(scenario.deviates)) == []
    assert deviations.unseen(differences, sorted(scenario.deviates)) == []
    assert upstream.recording.history or upstream.recording.artifacts, "nothing to compare"
    assert shapes.shape(upstream.recording) == SHAPES[scenario.id]["shape"]
    assert not ours.warnings or upstream.warnings or scenario.warns


def records_what_was_recorded(trainings, training):
    """Assert that ours records what upstream recorded in the other oracle row."""
    [ours] = trainings(*training)
    assert ours.error is None
    assert ours.warnings == ()
    assert shapes.shape(ours.recording) == SHAPES[training[0].id]["shape"]


@pytest.mark.parametrize("training", each(COMPARED, UPSTREAM, OURS))
def test_records_what_upstream_records(trainings, training):
    records_alike(trainings, training)


if BEYOND:

    @pytest.mark.parametrize("training", each(BEYOND, OURS))
    def test_records_what_upstream_recorded_elsewhere(trainings, training):
        records_what_was_recorded(trainings, training)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_drawn_arguments(trainings, data):
    scenario = data.draw(drawn.scenarios(CAN))
    upstream, ours = trainings(scenario, (UPSTREAM, OURS))
    assert upstream.error is None
    assert ours.error is None
    assert list(map(str, compare(upstream.recording, ours.recording, tolerance=1e-5))) == []
