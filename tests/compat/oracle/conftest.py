"""Train scenarios ahead of the tests that look at them, two at a time."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Tuple

import pytest

try:
    from . import runner
    from .scenarios import Scenario
except ImportError:  # no wandb or no Keras here
    HERE = None
else:
    HERE = runner.oracle_row()

# Upstream's side runs in the oracle rows; the others compare with the shapes stored there.
collect_ignore = ["test_grid.py"] if HERE else ["test_oracle.py", "test_oracle_grid.py"]

Key = Tuple[str, Tuple[str, ...]]


class Trainings:
    """Trainings under way, by scenario and sides."""

    def __init__(self, folder: Any) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(2)
        self._futures: dict[Key, Future[Any]] = {}

    def begin(self, scenario: Scenario, sides: tuple[str, ...]) -> Future[Any]:
        """Start the training unless it was started before."""
        key = (scenario.id, sides)
        if key not in self._futures:
            folder = self._folder / str(len(self._futures))
            self._futures[key] = self._pool.submit(runner.train, scenario, sides, folder)
        return self._futures[key]

    def __call__(self, scenario: Scenario, sides: tuple[str, ...]) -> Any:
        """Return the outcome of each side, in the order of the sides."""
        return self.begin(scenario, sides).result()

    def close(self) -> None:
        """Drop what has not begun."""
        for future in self._futures.values():
            future.cancel()
        self._pool.shutdown()


@pytest.fixture(scope="session")
def trainings(request, tmp_path_factory):
    """Call it with a scenario and a tuple of sides to get their outcomes."""
    running = Trainings(tmp_path_factory.mktemp("trainings"))
    for item in request.session.items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        if "training" in params:
            running.begin(*params["training"])
    yield running
    running.close()
