"""The pytest plugin, as a team's own test suite uses it."""

from __future__ import annotations

import os

import pytest

from wandb_keras_compat import detect
from wandb_keras_compat.environment.releases import WANDB_SERVICE_IN_PYTHON

pytest_plugins = ["pytester"]

SUITE = """
import os
import pytest

def training():
    import wandb
    with wandb.init(project="mine") as run:
        for epoch in range(2):
            run.log({"loss": 1.0 / (epoch + 1)})

def test_what_a_training_logs(wandb_offline):
    training()
    recording = wandb_offline.recording()
    assert recording.project == "mine"
    assert recording.column("loss") == [1.0, 0.5]
    assert recording.summary["loss"] == 0.5

def test_a_run_started_here_and_still_active(wandb_offline):
    run = wandb_offline.start(config={"lr": 0.1})
    run.log({"x": 1})
    recording = wandb_offline.recording()
    assert recording.config["lr"] == 0.1
    assert recording.column("x") == [1]
    assert recording.finished

def test_several_runs(wandb_offline):
    training()
    wandb_offline.start().log({"x": 1})
    assert [r.project for r in wandb_offline.recordings()] == ["mine", "test"]
    with pytest.raises(ValueError, match=r"2 runs \\(.*\\): recordings\\(\\) returns them all"):
        wandb_offline.recording()

def test_no_run(wandb_offline):
    with pytest.raises(ValueError, match="nothing was recorded: expected a call of wandb.init"):
        wandb_offline.recording()
    assert wandb_offline.recordings() == []

def test_a_disabled_run(wandb_offline):
    wandb_offline.start(mode="disabled").log({"x": 1})
    with pytest.raises(ValueError, match="another mode than 'disabled'"):
        wandb_offline.recording()

def test_nothing_of_the_machine_is_inherited(wandb_offline):
    assert "WANDB_PROJECT" not in os.environ
    assert os.environ["WANDB_MODE"] == "offline"
    assert os.environ["WANDB_ERROR_REPORTING"] == "false"
    assert str(wandb_offline.directory) == os.environ["WANDB_DIR"]

def test_it_is_as_before():
    assert os.environ["WANDB_PROJECT"] == "machine"
    import wandb
    wandb.init()

def test_a_run_left_behind(wandb_offline):
    pass
"""


@pytest.mark.skipif(
    detect().wandb.version not in WANDB_SERVICE_IN_PYTHON,
    reason="from wandb 0.18 on, the service listens before it tells its port",
)
def test_a_service_that_listens_late(pytester, monkeypatch):
    pytester.makepyfile(
        sitecustomize="""
        import pathlib, socket, time

        listen = socket.socket.listen
        def late(*arguments):
            time.sleep(1)
            listen(*arguments)
            pathlib.Path(__file__).with_name("listened").touch()
        socket.socket.listen = late
        """
    )
    pytester.makepyfile(
        """
        import wandb

        def test_a_run(wandb_offline):
            with wandb.init() as run:
                run.log({"x": 1})
            assert wandb_offline.recording().column("x") == [1]
        """
    )
    path = [str(pytester.path), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    filters = [
        "default",
        "error:unclosed <socket",
        "error::pytest.PytestUnraisableExceptionWarning",
    ]
    strict = [argument for filter in filters for argument in ("-W", filter)]
    result = pytester.runpytest_subprocess("-p", "wandb_keras_compat.testing", *strict)
    result.assert_outcomes(passed=1)
    assert (pytester.path / "listened").exists()  # and the client did not do without a service


def test_a_suite(pytester, monkeypatch):
    pytester.makepyfile(SUITE)
    monkeypatch.setenv("WANDB_PROJECT", "machine")
    result = pytester.runpytest_subprocess("-p", "wandb_keras_compat.testing", "-W", "default")
    result.assert_outcomes(passed=7, errors=1)
    result.stdout.fnmatch_lines(["*the W&B run * of an earlier test is still active*"])


def test_the_plugin_costs_nothing_where_it_is_not_used(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            assert "wandb_keras_compat.testing" in sys.modules
            assert not {"wandb", "keras", "tensorflow", "jax", "torch"} & set(sys.modules)
        """
    )
    result = pytester.runpytest_subprocess("-p", "wandb_keras_compat.testing")
    result.assert_outcomes(passed=1)
