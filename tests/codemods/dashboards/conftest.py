"""A server on loopback with dashboards, and the command against it, with the real client."""

from __future__ import annotations

import pytest

from online.server import Server
from wandb_keras_codemods.cli import main

from .server import Dashboards

FOLDERS = ("DIR", "CACHE_DIR", "DATA_DIR", "CONFIG_DIR", "ARTIFACT_DIR")


@pytest.fixture(scope="session")
def serving(tmp_path_factory):
    """One server for all tests: the client's service is started once, and keeps its address."""
    folder = tmp_path_factory.mktemp("wandb")
    with Server(Dashboards()) as backend, pytest.MonkeyPatch.context() as patch:
        for name in FOLDERS:
            patch.setenv(f"WANDB_{name}", str(folder))
        patch.setenv("HOME", str(folder))
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("WANDB_API_KEY", "0" * 40)
        patch.setenv("WANDB_BASE_URL", backend.url)
        patch.setenv("WANDB_ERROR_REPORTING", "false")
        patch.setenv("WANDB_MODE", "online")
        patch.setenv("WANDB_SILENT", "true")
        yield backend
        import wandb

        wandb.teardown()


@pytest.fixture
def server(serving):
    """The server, with an empty project."""
    url = serving.url
    serving.__init__()
    serving.url = url
    yield serving
    assert serving.unanswered == []


@pytest.fixture
def dashboards(server, capsys):
    """Return a call of the command: its exit status, standard output and standard error."""

    def call(*words, project="team/p"):
        capsys.readouterr()
        status = main(["dashboards", project, *words])
        out, err = capsys.readouterr()
        return status, out, err

    return call
