"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap

import pytest

from wandb_keras_codemods.files import repositories
from wandb_keras_codemods.files.repositories import uncommitted, without_git
from wandb_keras_codemods.files.writing import NotWritten, replace

OLD, NEW = b"old\r\n", b"new\r\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(OLD)
    return path


def alone(file):
    return os.listdir(file.parent) == [file.name]


def test_content_permissions_and_nothing_else(file):
    file.chmod(0o751)
    replace(str(file), OLD, NEW)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    assert alone(file)


def test_a_link_stays_a_link(file, tmp_path):
    (tmp_path / "sub").mkdir()
    link = tmp_path / "sub" / "link.py"
    link.symlink_to("../a.py")
    replace(str(link), OLD, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert not file.is_symlink()


def test_a_write_protected_file_is_left(file):
    file.chmod(0o444)
    with pytest.raises(NotWritten, match="write-protected"):
        replace(str(file), OLD, NEW)
    assert file.read_bytes() == OLD


def test_a_file_that_changed_is_left(file):
    file.write_bytes(b"newer")
    with pytest.raises(NotWritten, match="changed"):
        replace(str(file), OLD, NEW)
    assert file.read_bytes() == b"newer"
    assert alone(file)


def test_another_process_may_have_done_the_same(file):
    file.write_bytes(NEW)
    replace(str(file), OLD, NEW)
    assert alone(file)


def test_a_file_that_vanished(file):
    file.unlink()
    with pytest.raises(NotWritten, match="No such file"):
        replace(str(file), OLD, NEW)
    assert not file.exists()


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_interrupted_anywhere_the_old_file_is_there(file, monkeypatch, step):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace(str(file), OLD, NEW)
    assert file.read_bytes() == OLD
    assert alone(file)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes is POSIX's")
def test_a_full_disk_leaves_the_old_file(file):
    program = """
        import resource, signal, sys
        from wandb_keras_codemods.files.writing import NotWritten, replace
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            replace(sys.argv[1], open(sys.argv[1], "rb").read(), b"x" * 5000)
        except NotWritten as error:
            print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "too large" in done.stdout
    assert file.read_bytes() == OLD
    assert alone(file)


def git(folder, *arguments):
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_what_git_has_no_copy_of(tmp_path):
    git(tmp_path, "init")
    names = ["clean.py", "changed.py", "staged.py", "ignored.py", "new.py", "[odd] *é.py"]
    for name in names:
        (tmp_path / name).write_text("1")
    (tmp_path / ".gitignore").write_text("ignored.py")
    git(tmp_path, "add", "clean.py", "changed.py", "staged.py", "*odd*")
    git(tmp_path, "commit", "-m", "x")
    (tmp_path / "changed.py").write_text("2")
    (tmp_path / "staged.py").write_text("2")
    git(tmp_path, "add", "staged.py")
    paths = {name: str(tmp_path / name) for name in names}
    dirty = uncommitted(paths.values())
    assert dirty == {paths["changed.py"], paths["staged.py"], paths["new.py"]}
    assert without_git([*paths.values(), "/nowhere/a.py"]) == [paths["ignored.py"], "/nowhere/a.py"]


def test_no_repository_no_git(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert uncommitted([str(tmp_path / "a.py")]) == set()
    monkeypatch.setenv("PATH", "")
    assert uncommitted([str(tmp_path / "a.py")]) == set()


@pytest.fixture
def committed(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "folder").mkdir()
    for name in ("clean.py", "folder/changed.py"):
        (tmp_path / name).write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    (tmp_path / "folder/changed.py").write_text("2")
    return {str(tmp_path / "clean.py"), str(tmp_path / "folder/changed.py")}


def test_each_repository_is_asked_once_for_all_its_folders(committed):
    assert {os.path.basename(path) for path in uncommitted(committed)} == {"changed.py"}


@pytest.mark.parametrize(
    "git",
    [
        "echo 'fatal: detected dubious ownership' >&2; exit 128",
        "sleep 30",
        "exit 1",
        None,  # there is no git though .git is there
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for git")
def test_where_git_does_not_answer_all_files_count(committed, tmp_path, monkeypatch, git):
    bin = tmp_path / "bin"
    bin.mkdir()
    if git is not None:
        (bin / "git").write_text(f"#!/bin/sh\n{git}\n")
        (bin / "git").chmod(0o755)
    monkeypatch.setattr(repositories, "_PATIENCE", 0.5)
    monkeypatch.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}" if git else str(bin))
    assert uncommitted(committed) == committed


def test_a_repository_that_is_damaged_does_not_answer(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text("1")
    assert uncommitted([str(tmp_path / "a.py")]) == {str(tmp_path / "a.py")}


def test_more_files_than_fit_into_an_argument_list(tmp_path):
    git(tmp_path, "init")
    names = [f"{'x' * 200}{number}.py" for number in range(900)]
    paths = [str(tmp_path / name) for name in names]
    for path in paths:
        with open(path, "w"):
            pass
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    (tmp_path / names[700]).write_text("2")
    assert uncommitted(paths * 20) == {paths[700]}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_that_git_was_told_to_pass_over(committed, tmp_path, flag):
    git(tmp_path, "update-index", flag, "clean.py", "folder/changed.py")
    assert uncommitted(committed) == committed


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_hard_links_stay_linked(file):
    other = file.with_name("other")
    os.link(file, other)
    with pytest.raises(NotWritten, match="hard links"):
        replace(str(file), OLD, NEW)
    assert os.path.samefile(file, other)
    assert other.read_bytes() == OLD
    assert sorted(os.listdir(file.parent)) == sorted([file.name, "other"])
