"""The grid of argument combinations: W&B's callback and ours record each alike."""

from __future__ import annotations

import pytest

from .runner import OURS, UPSTREAM, each
from .scenarios import EVERY, GRID
from .test_oracle import CAN, records_alike, records_what_was_recorded

COMPARED = [scenario for scenario in GRID[::EVERY] if scenario.needs <= CAN]
BEYOND = [scenario for scenario in GRID[::EVERY] if not scenario.needs <= CAN]


@pytest.mark.parametrize("training", each(COMPARED, UPSTREAM, OURS))
def test_the_grid_records_what_upstream_records(trainings, training):
    records_alike(trainings, training)


if BEYOND:

    @pytest.mark.parametrize("training", each(BEYOND, OURS))
    def test_the_grid_records_what_upstream_recorded_elsewhere(trainings, training):
        records_what_was_recorded(trainings, training)
