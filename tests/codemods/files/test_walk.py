"""Which files are looked at, and what cannot be read."""

from __future__ import annotations

import os

import pytest

from wandb_keras_codemods.files.walk import Scan, Unreadable, kind_of

LEGACY = "from wandb.keras import WandbCallback\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(*paths, text=LEGACY):
        for path in paths:
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    return make


def found(*paths, **options):
    return [item.path for item in Scan(paths or (".",), **options)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.py", "python"), ("a.pyw", "python"), ("a.ipynb", "notebook"), ("a.md", "markdown"),
        ("sweep.yaml", "yaml"), ("environment.yml", "yaml"), ("setup.py", "requirements"),
        ("requirements-dev.txt", "requirements"), ("pyproject.toml", "requirements"),
        ("notes.txt", None), ("a.pyc", None), ("py", "script"), ("a.PY", "python"), ("a.pyi", "python"),
        ("Dockerfile.gpu", "commands"), ("a.json", "configuration"),
    ],
)  # fmt: skip
def test_kinds(name, kind):
    assert kind_of(name) == kind


def test_only_candidates_are_yielded_and_all_are_counted(tree):
    tree("b/x.py", "a.py", "c.ipynb")
    tree("other.py", "b/y.py", text="import wandb\n")
    tree("data.bin")
    scan = Scan(["."])
    assert [item.path for item in scan] == ["a.py", "c.ipynb", os.path.join("b", "x.py")]
    assert scan.files == 5


def test_paths_are_shown_as_they_were_given(tree, tmp_path):
    tree("b/x.py")
    assert found("b") == ["b/x.py"]
    assert found("./b/") == ["b/x.py"]
    assert found(str(tmp_path)) == [str(tmp_path / "b/x.py")]
    assert found("b/x.py", "b", "./b/x.py") == ["b/x.py"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tree):
    tree("train")
    assert found() == []
    assert found("train") == ["train"]


def test_environments_caches_and_recorded_runs_are_left_out(tree):
    tree(
        ".git/x.py", ".venv/x.py", "env/lib/x.py", "node_modules/x.py", "lib/site-packages/x.py",
        "wandb/run-20240101_1-abc/files/code/x.py", "wandb/offline-run-1/x.py", "run-1/x.py",
    )  # fmt: skip
    (tree_env := os.path.join("env", "pyvenv.cfg")) and open(tree_env, "w").close()
    assert found() == ["run-1/x.py"]
    assert found("lib/site-packages") == ["lib/site-packages/x.py"]


def test_gitignore_is_respected(tree, tmp_path):
    os.mkdir(".git")
    tree("a.py", "build/a.py", "sub/keep.py", "sub/drop.py", "sub/deep/drop.py", "sub/deep/b.py")
    (tmp_path / ".gitignore").write_text("build/\ndrop.py\n")
    (tmp_path / "sub/deep/.gitignore").write_text("!drop.py\n/b.py\n")
    assert found() == ["a.py", "sub/keep.py", "sub/deep/drop.py"]
    assert found("sub") == ["sub/keep.py", "sub/deep/drop.py"]
    assert found("sub/drop.py") == ["sub/drop.py"]


@pytest.mark.parametrize("pattern", ["*", "env/", "/env/lib"])
def test_what_is_named_is_taken_though_git_ignores_it(tree, tmp_path, pattern):
    os.mkdir(".git")
    tree("env/lib/a.py", "env/lib/build/b.py")
    (tmp_path / ".gitignore").write_text(f"{pattern}\n")
    (tmp_path / "env/lib/.gitignore").write_text("build/\n")
    assert found() == []
    assert found("env/lib") == ["env/lib/a.py"]
    assert found("env/lib/build") == ["env/lib/build/b.py"]
    os.chdir("env/lib")
    assert found() == ["a.py"]


def test_gitignore_above_the_repository_is_not(tree, tmp_path):
    tree("repo/a.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    (tmp_path / "repo/.git").mkdir()
    assert found("repo") == ["repo/a.py"]


def test_exclude(tree, tmp_path):
    tree("a.py", "b/a.py", "b/c.py", "d/a.py")
    assert found(exclude=[(str(tmp_path), ["b/a.py", "/d"])]) == ["a.py", "b/c.py"]
    assert found("d/a.py", exclude=[(str(tmp_path), ["/d"])]) == []


def test_links_are_left_to_the_place_they_point_to(tree, tmp_path):
    tree("real/a.py")
    os.symlink(tmp_path / "real", tmp_path / "loop")
    os.symlink(tmp_path, tmp_path / "real/up")
    os.symlink("a.py", tmp_path / "real/link.py")
    os.symlink("self.py", tmp_path / "self.py")
    assert found() == ["real/a.py"]
    assert found("real/link.py") == ["real/link.py"]


def test_what_cannot_be_read_is_said(tree, tmp_path):
    os.symlink("self.py", tmp_path / "self.py")
    items = list(Scan(["self.py", "missing.py"]))
    assert all(isinstance(item, Unreadable) for item in items)
    assert [item.path for item in items] == ["self.py", "missing.py"]
    assert "no such file" in items[1].reason.lower()


def test_a_file_that_vanishes_is_passed_over(tree, monkeypatch):
    tree("a.py", "b.py")
    opened = os.open

    def vanish(path, *args):
        if os.path.basename(path) == "a.py" and os.path.exists(path):
            os.unlink(path)
        return opened(path, *args)

    monkeypatch.setattr(os, "open", vanish)
    assert found() == ["b.py"]


def test_a_folder_that_vanishes_is_said(tree, monkeypatch):
    tree("a/a.py", "b.py")
    scandir = os.scandir

    def vanish(path):
        if path == "a":
            raise FileNotFoundError(2, "No such file or directory")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    items = list(Scan(["."]))
    assert [type(item).__name__ for item in items] == ["Candidate", "Unreadable"]


def test_a_name_that_is_not_text(tree, tmp_path):
    name = os.fsencode(str(tmp_path)) + b"/a\xff.py"
    with open(name, "wb") as file:
        file.write(LEGACY.encode())
    assert found() == ["a\udcff.py"]
