"""No deviation is allowed for that docs/deviations.md does not list."""

from __future__ import annotations

from . import deviations
from .scenarios import ALL


def test_every_deviation_is_documented_once():
    documented = deviations.documented()
    assert len(documented) == len(set(documented))
    assert set(deviations.EXPLAINS) <= set(documented)


def test_scenarios_name_known_deviations():
    assert {name for scenario in ALL for name in scenario.deviates} <= set(deviations.EXPLAINS)
