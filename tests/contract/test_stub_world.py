"""The stub world of the differential test composes what the real WandbCallback composes."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from test_square import ARGUMENTS, Named, argument_sets, run  # noqa: F401

sys.path.insert(0, str(Path(__file__).parents[1] / "codemods" / "differential"))
from world.run import world

PARTS = (
    "WandbBestMetric", "WandbBestModel", "WandbCallbackList", "WandbEvalCallback",
    "WandbGradientHistograms", "WandbMetricsLogger", "WandbModelCheckpoint", "WandbModelFlops",
    "WandbModelGraph", "WandbParameterHistograms", "WandbPredictionImages", "WandbPredictionTable",
)  # fmt: skip

# what says which run and which worker: no legacy argument stands for it
WHERE = {"log_on", "run"}


def parameters(kind):
    found = inspect.signature(kind.__init__).parameters.values()
    return [(p.name, p.default, p.kind) for p in found if p.name not in {"self", *WHERE}]


def stubs():
    """The stubs, with a run of their own."""
    import stub_parts
    import wandb

    wandb.init()
    return stub_parts


@pytest.mark.parametrize("name", [*PARTS, "WandbCallback"])
def test_signatures_are_those_of_the_package(name):
    import wandb_keras_compat

    real = parameters(getattr(wandb_keras_compat, name))
    with world({}):
        stub = parameters(getattr(stubs(), "Legacy" if name == "WandbCallback" else name))
    assert stub == real


@pytest.fixture
def constructed(monkeypatch):
    """What parts were constructed with, in order."""
    import wandb_keras_compat

    calls = []

    def recording(kind):
        original = kind.__init__

        def init(self, *args, **kwargs):
            if type(self) is kind:  # not as the base of another
                given = {name: value for name, value in kwargs.items() if name not in WHERE}
                calls.append((kind.__name__, args, given))
            original(self, *args, **kwargs)

        return init

    for name in PARTS:
        kind = getattr(wandb_keras_compat, name)
        monkeypatch.setattr(kind, "__init__", recording(kind))
    return calls


@pytest.mark.filterwarnings("ignore:WandbCallback was removed:DeprecationWarning")
@given(arguments=argument_sets())
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_composition_is_that_of_the_package(run, constructed, arguments):  # noqa: F811
    from wandb_keras_compat import WandbCallback

    values = {n: v.value if isinstance(v, Named) else v for n, v in arguments.items()}
    constructed.clear()
    WandbCallback(**values)
    real = list(constructed)
    with world({}) as stage:
        parts = stubs()
        composed = [stage.told(part) for part in parts.Legacy(**values).parts]
        expected = [stage.told(getattr(parts, n)(*args, **kw)) for n, args, kw in real]
    assert composed == expected
