"""What goes wrong with accounts and servers: a clear sentence, nothing half saved, and a way on."""

from __future__ import annotations

import pytest
import wandb

from wandb_keras_codemods.dashboards import server as room

from . import made


@pytest.fixture
def project(server):
    for title, make in made.VIEWS.items():
        server.add("project-view", title, make())
    return server


@pytest.fixture
def impatient(monkeypatch):
    """Give up after seconds; the client begins to ask again after two."""
    monkeypatch.setattr(room, "_TIMEOUT", 4)


def last(err):
    return err.splitlines()[-1]


def test_without_an_account(server, dashboards, monkeypatch, tmp_path):
    monkeypatch.delenv("WANDB_API_KEY")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    wandb.teardown()
    status, out, err = dashboards()
    wandb.teardown()
    assert (status, out) == (4, "")
    said = "no account: log in with wandb login, or set WANDB_API_KEY"
    assert err == f"wandb-keras-migrate: {said}\n"
    assert server.requests == []


def test_a_key_that_the_server_does_not_take(server, dashboards):
    server.faults = [["Viewer", 401, -1]]
    status, out, err = dashboards()
    assert (status, out) == (4, "")
    assert "the server does not take the account's key" in err
    assert "0000000000" not in err


def test_a_project_that_is_not_there(server, dashboards):
    status, out, err = dashboards(project="team/nowhere")
    assert (status, out) == (4, "")
    assert err.startswith("wandb-keras-migrate: there is no project team/nowhere")
    assert len(err.splitlines()) == 1
    assert not any("upsert" in request for request in server.requests)


def test_a_project_that_may_not_be_read(server, dashboards):
    server.faults = [["SavedViews", 403, -1]]
    status, out, err = dashboards()
    assert (status, out) == (4, "")
    assert "the account may not do this in team/p" in last(err)


@pytest.mark.parametrize("fault", [429, 503])
def test_a_busy_server_is_asked_again(project, dashboards, fault):
    project.faults = [["upsertView", fault, 1]]
    status, out, _ = dashboards("--write")
    assert status == 0
    assert len(out.splitlines()) == 4
    assert len(project.views) == 8


def test_a_server_that_restarts_is_waited_for(project, dashboards):
    project.outages = [("SavedView$", 0.5)]
    assert dashboards("--write")[0] == 0
    assert len(project.views) == 8


def test_a_rate_limit_that_holds_on(project, dashboards, impatient):
    before = project.state()
    project.faults = [["upsertView", 429, -1]]
    status, out, err = dashboards("--write")
    assert (status, out) == (4, "")
    assert "the server did not answer for 4 s, though it was asked again and again" in last(err)
    assert project.state() == before


def test_a_server_that_stops_half_way_and_the_run_after_that(project, dashboards, impatient):
    project.stops = ("upsertView", 2)
    status, out, err = dashboards("--write")
    assert status == 4
    assert out.splitlines() == ["view Lines", "view Bars"]
    assert "view Scalars" in err
    assert "skipped" in err
    assert len(project.views) == 6
    half = project.state()
    project.stops = None
    status, out, _ = dashboards("--write")
    assert status == 0
    assert out.splitlines() == ["view Scalars", "view Runs"]
    assert project.state()[:6] == half
    assert len(project.views) == 8


def test_what_was_saved_without_an_answer_is_saved_once(project, dashboards):
    project.lost = 1
    status, _, _ = dashboards("--write")
    assert status == 0
    assert len({view.name for view in project.views}) == len(project.views) == 8
    assert dashboards("--write")[:2] == (0, "")
    assert len(project.views) == 8


def test_what_is_no_answer_of_that_server(server, dashboards):
    """A proxy, or a server of another time, that does not know a query."""
    server.faults = [["SavedViews", 404, -1]]
    status, out, err = dashboards()
    assert (status, out) == (4, "")
    assert "the server does not answer as it should" in last(err)
