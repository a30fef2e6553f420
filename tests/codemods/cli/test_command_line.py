"""What the command line takes and says: patches, all or nothing, usage errors, ways back."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from wandb_keras_codemods.cli import main

LEGACY = """\
import wandb
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback(save_model=False)])
"""
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": "# ü"},
    {"cell_type": "code", "metadata": {}, "outputs": [], "source": LEGACY.splitlines(True)},
]
NOTEBOOK = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


@pytest.fixture
def run(capfdbinary):
    def call(*arguments):
        target = [] if "--target" in arguments else ["--target", "wandb"]
        status = main([*(str(argument) for argument in arguments), *target])
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return call


def write(path, data=LEGACY):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def read(path):
    with open(path, "rb") as file:
        return file.read()


def git(*arguments):
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.py", LEGACY),
        ("no newline.py", LEGACY.rstrip()),
        ("cr\u00e9e.py", LEGACY),
        ('"q"\\.py', LEGACY),
        ("crlf.py", LEGACY.replace("\n", "\r\n")),
        ("cr.py", LEGACY.replace("\n", "\r")),
        ("mark.py", b"\xef\xbb\xbf" + LEGACY.encode()),
        ("latin.py", b"# coding: latin-1\n# \xe9\n" + LEGACY.encode()),
        ("feed.py", "x = 1\x0c\x1b[2J\n".replace("\x1b[2J", "# \x1b[2J") + LEGACY),
        ("a.ipynb", json.dumps(NOTEBOOK)),
        ("b.ipynb", json.dumps(NOTEBOOK, indent=1) + "\n"),
        ("c.ipynb", json.dumps(NOTEBOOK, indent=2, ensure_ascii=False).replace("\n", "\r\n")),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 16 else "",
)
def test_what_is_piped_is_a_patch(run, name, data):
    write(f"sub/{name}", data)
    git("init")
    for place in (".", "sub"):
        os.chdir(place)
        status, patch, err = run(".")
        assert status == 0
        assert "does not apply" not in err
        write("../m.patch" if place == "sub" else "m.patch", patch)
        git("apply", "../m.patch" if place == "sub" else "m.patch")
        migrated = read(name if place == "sub" else f"sub/{name}")
        assert migrated != (data if isinstance(data, bytes) else data.encode())
        assert run(".", "--check")[0] == 0
        write(name if place == "sub" else f"sub/{name}", data)
    assert run(".", "--write")[0] == 4  # what is not committed is not written
    assert run(".", "--write", "--allow-dirty")[0] == 0
    assert read(name) == migrated


def test_a_patch_that_does_not_apply_here_says_so(run, tmp_path):
    write("a.py")
    os.mkdir("b")
    os.chdir("b")
    assert "does not apply: ../a.py" in run("../a.py")[2]
    assert "does not apply" in run(tmp_path / "a.py")[2]
    assert "does not apply" not in run("../a.py", "--check")[2]


@pytest.mark.parametrize(
    "arguments", [["--diff"], ["--dry-run"], ["--diff", "--dry-run"]], ids=" ".join
)
def test_the_default_can_be_said(run, arguments):
    write("a.py")
    assert run(".", *arguments) == run(".")
    assert read("a.py") == LEGACY.encode()


def test_a_diff_beside_what_is_done(run):
    write("a.py")
    shown = run(".")[1]
    assert run(".", "--check", "--diff")[:2] == (1, shown)
    assert run(".", "--write", "--diff")[:2] == (0, shown)
    assert read("a.py") != LEGACY.encode()


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version(run, option):
    assert run(option)[1].startswith(b"wandb-keras-migrate ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--jobs", "0", "."], "--jobs: must be a whole number from 1 on, not '0'"),
        (["--jobs", "two", "."], "--jobs: must be a whole number from 1 on, not 'two'"),
        (["--jobs", "-1", "."], "--jobs: must be a whole number from 1 on, not '-1'"),
        (["missing"], "there is no missing"),
        ([".", "missing.py"], "there is no missing.py"),
        ([".", "--write", "--dry-run"], "--write and --dry-run exclude each other"),
        ([".", "--write", "--check"], "--write and --check exclude each other"),
        (["--explain", "log_weight"], "did you mean log_weights"),
        (["--explain", "prefix"], "did you mean log_best_prefix"),
    ],
)
def test_a_wrong_command_line(run, arguments, said):
    write("a.py")
    status, out, err = run(*arguments)
    assert (status, out) == (2, b"")
    assert said in err
    assert read("a.py") == LEGACY.encode()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("jobs = 0", "jobs must be 1 or more, not 0"),
        ("jobs = -2", "jobs must be 1 or more, not -2"),
        ("jobs = true", "jobs must be int, not True"),
        ('jobs = "2"', "jobs must be int, not '2'"),
        ("jobs = 1  # wandb-keras: ignroe", "line 2: # wandb-keras: ignroe means nothing"),
        ("jobs = 1  # wandb-keras: ignore[WKM6]", "there is no code WKM6"),
        ("jobs = 1 #wandb-keras:ignore[WKM601,X]", "there is no code X"),
    ],
)
def test_a_wrong_configuration(run, lines, said):
    write("pyproject.toml", f"[tool.wandb-keras-migrate]\n{lines}\n")
    write("a.py")
    status, out, err = run(".")
    assert (status, out) == (2, b"")
    assert said in err


@pytest.mark.parametrize("lines", ["jobs = 1", "jobs = 2 # wandb-keras: ignore[wkm601] why"])
def test_a_right_configuration(run, lines):
    write("pyproject.toml", f"[tool.wandb-keras-migrate]\n{lines}\n")
    write("a.py")
    assert run("a.py")[0] == 0


def test_with_one_dirty_file_nothing_is_written(run):
    for name in "abc":
        write(f"{name}.py")
    git("init")
    git("add", "a.py", "b.py")
    git("commit", "-m", "x")
    write("b.py", LEGACY + "# mine\n")
    status, out, err = run(".", "--write")
    assert (status, out) == (4, b"")
    assert [read(f"{name}.py")[:38] for name in "abc"] == [LEGACY.encode()[:38]] * 3
    assert "git has no copy of these 2 files" in err
    assert err.count("skipped") == 3
    assert "failed" not in err
    assert "could not be processed" not in err
    git("add", ".")
    git("commit", "-m", "y")
    assert run(".", "--write")[:2] == (0, b"a.py\nb.py\nc.py\n")


@pytest.mark.parametrize("arguments", [[], ["--write"]], ids=["dry", "write"])
def test_without_git_there_is_no_way_back(run, arguments):
    write("a.py")
    status, _, err = run(".", *arguments)
    assert status == 0
    assert err.count("no way back") == 1
    write("a.py")
    git("init")
    git("add", ".")
    git("commit", "-m", "x")
    assert "no way back" not in run(".", *arguments)[2]


def test_git_does_not_keep_what_it_ignores(run):
    write("a.py")
    write("b.py")
    write(".gitignore", "b.py\n")
    git("init")
    git("add", ".")
    git("commit", "-m", "x")
    err = run("a.py", "b.py", "--write")[2]
    assert "Git keeps 1 of these files not: there is no way back from what was written." in err


def test_a_report_that_cannot_be_written_is_no_wrong_usage(run):
    write("a.py")
    os.mkdir("r.md")
    status, out, err = run(".", "--write", "--report", "r.md")
    assert (status, out) == (74, b"a.py\n")
    assert "--report r.md: Is a directory" in err
    assert LEGACY.encode() not in read("a.py")


def test_a_report_says_where_it_is(run):
    write("a.py")
    err = run(".", "--report", "a.md", "--report", "b.json")[2]
    assert "The report is in a.md." in err
    assert "The report is in b.json." in err
    assert run(".", "--report", "a.md", "-q")[2] == ""


@pytest.mark.parametrize("columns", ["20", "80"])
def test_what_is_piped_is_not_wrapped(run, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    name = "/".join(["a long name of a folder"] * 6)
    write(f"{name}/a.py", f"import wandb\nwandb.run.summary['best_val_loss']\n{LEGACY}")
    err = run(".")[2]
    assert f"  {name}/a.py:2:19  WKM507 best value" in err.splitlines()
    assert any(line.startswith(f" {name}/a.py ") for line in err.splitlines())


def test_what_is_left_comes_first_and_calls_before_mentions(run):
    write("README.md", "```\nfrom wandb.keras import WandbCallback\n```\n")
    write("a.py", LEGACY + "x = 'wandb.keras.WandbCallback'\nwandb.run.summary['val_loss']\n")
    write("b.py", "from wandb.keras import WandbCallback\nf(WandbCallback(*a))\n")
    write("requirements.txt", "wandb<0.17\n")
    status, _, err = run(".")
    assert status == 3
    places = [err.index(code) for code in ("WKM402", "WKM503", "WKM601", "WKM414", "WKM303")]
    assert places == sorted(places)
    assert "Left for you (5)" in err
    assert "5 findings left for you" in err
    total = next(line for line in err.splitlines() if line.startswith(" Total"))
    assert total.split() == ["Total", "1", "1", "2", "5"]  # calls, changed, lost, left


def test_an_import_that_moves_is_no_call(run):
    write("b.py", "from wandb.keras import WandbCallback\nf(WandbCallback(*a))\n")
    err = run(".")[2]
    row = next(line for line in err.splitlines() if line.startswith(" b.py"))
    assert row.split() == ["b.py", "·", "·", "·", "1", "to", "write"]
    assert "1 file would change, 1 finding left for you (1 looked at)." in err


def test_github_annotates_what_needs_a_human_and_says_the_rest_once(run):
    for name in "abc":
        write(f"{name}.py")
    write("d.py", "from wandb.keras import WandbCallback\nf(WandbCallback(*a))\n")
    status, out, _ = run(".", "--format", "github")
    lines = out.decode().splitlines()
    assert status == 3
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::notice"]
    assert "file=d.py,line=2" in lines[0]
    assert "WKM303 model graph lost: 3 in 3 files" in lines[1]


def test_a_cell_that_is_no_python_and_not_about_the_callback_is_not_mentioned(run):
    other = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "print 'old'"}
    write("a.ipynb", json.dumps({**NOTEBOOK, "cells": [*CELLS, other]}))
    assert "WKM216" not in run(".")[2]
    assert "WKM216" in run(".", "-v")[2]
    write("a.ipynb", json.dumps({**NOTEBOOK, "cells": [other]}).replace("old", "wandb.xgboost"))
    assert run(".", "--check")[0] == 0
