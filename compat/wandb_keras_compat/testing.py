"""A pytest plugin: W&B isolated and offline in a test, and what the test's runs recorded.

Installed with the package; a test that asks for the fixture ``wandb_offline`` can assert what a
training logs:

    def test_training(wandb_offline):
        train.main(epochs=2)  # calls wandb.init itself
        recording = wandb_offline.recording()
        assert len(recording.column("val_loss")) == 2
        assert recording.summary["best_epoch"] <= 1
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any, Iterator

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .recording import Recording

# What a test must not inherit from the machine is all that begins like this.
_PREFIX = "WANDB_"
_SET_BY_THE_CLIENT = "WANDB_REQUIRE_SERVICE"  # as wandb 0.13 is imported
_SETTINGS = {
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_CONSOLE": "off",
    "WANDB_ERROR_REPORTING": "false",  # the client would send its own errors, offline too
}
_FOLDERS = ("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR")
_LISTENS_WITHIN_S = 10.0
_POLL_S = 0.01


class OfflineRuns:
    """The runs of one test.

    Args:
        directory: Where they are recorded.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self, **options: Any) -> Any:
        """Start a run, for tested code that expects one, and return it.

        Args:
            options: For ``wandb.init``; the project is ``"test"`` unless told otherwise.
        """
        import wandb

        return wandb.init(**{"project": "test", **options})

    def recording(self) -> Recording:
        """Finish the run and return what it recorded.

        Raises:
            RecordingError: If the test had no run that writes to disk, or several.
        """
        from .recording import RecordingError

        found = self.recordings()
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(recording.run_id for recording in found)
            raise RecordingError(f"{len(found)} runs ({names}): recordings() returns them all")
        raise RecordingError(
            "nothing was recorded: expected a call of wandb.init (or wandb_offline.start), with"
            " another mode than 'disabled' and no other dir"
        )

    def recordings(self) -> list[Recording]:
        """Finish the runs and return what they recorded, in the order in which they ended."""
        from .recording import read

        _end()
        logs = {path.resolve() for path in self.directory.rglob("run-*.wandb")}
        return [read(log) for log in sorted(logs, key=lambda log: log.stat().st_mtime_ns)]


def _end() -> None:
    """Finish the active run and let the client write what it holds."""
    wandb = sys.modules.get("wandb")
    if wandb is not None:
        if wandb.run is not None:
            wandb.finish()
        wandb.teardown()


def _await_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again where the client's service is not yet listening at the port it told.

    Each test starts a service, so that a busy machine would see it soon.
    """
    import wandb

    from .environment.releases import WANDB_SERVICE_IN_PYTHON

    if wandb.__version__ not in WANDB_SERVICE_IN_PYTHON:  # until: wandb 0.17 is dropped
        return
    from wandb.sdk.lib.sock_client import SockClient

    connect = SockClient.connect

    def connect_again(client: Any, port: int) -> None:
        deadline = time.monotonic() + _LISTENS_WITHIN_S
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # the refused socket is left open
                try:
                    connect(client, port)
                    return
                except ConnectionRefusedError:
                    if time.monotonic() > deadline:
                        raise
            time.sleep(_POLL_S)

    monkeypatch.setattr(SockClient, "connect", connect_again)


@pytest.fixture
def wandb_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfflineRuns]:
    """W&B isolated in a temporary directory, offline; its runs' recordings afterwards."""
    run = getattr(sys.modules.get("wandb"), "run", None)
    if run is not None:
        pytest.fail(f"the W&B run {run.id} of an earlier test is still active: finish it there")
    _end()  # the client remembers its settings
    for name in list(os.environ):
        if name.startswith(_PREFIX) and name != _SET_BY_THE_CLIENT:
            monkeypatch.delenv(name)
    for name, value in _SETTINGS.items():
        monkeypatch.setenv(name, value)
    for name in _FOLDERS:
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    _await_the_service(monkeypatch)
    yield OfflineRuns(tmp_path / "wandb_dir")
    _end()
