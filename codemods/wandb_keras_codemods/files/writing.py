"""Replace a file's content in one step, or leave it as it was."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from typing import Iterable, Iterator, Sequence

from wandb_keras_codemods.findings import Finding

_BATCH = 200  # files git is asked for at once: an argument list has an end
_PATIENCE = 60  # seconds git has to answer


class NotWritten(Exception):
    """The file could not be replaced and is as it was."""


def replace(path: str, old: bytes, new: bytes) -> None:
    """Give a file another content; permissions, owner and symbolic links stay.

    Args:
        path: The file; a symbolic link is followed and stays a link.
        old: The content that ``new`` was made from.
        new: The new content.

    Raises:
        NotWritten: It is write-protected, it has further hard links, it changed since it was
            read, or the disk is full.
    """
    path = os.path.realpath(path)
    temporary = None
    try:
        before = os.stat(path)
        if not before.st_mode & 0o222 or not os.access(path, os.W_OK):
            raise NotWritten("is write-protected")
        if before.st_nlink > 1:
            raise NotWritten("has further hard links, which a new file would not share")
        handle, temporary = tempfile.mkstemp(".tmp", ".wandb-keras-", os.path.dirname(path))
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _take_over(before, temporary)
        with open(path, "rb") as file:
            now = file.read()
        if now == new:
            return  # another process came to the same result
        if now != old:
            raise NotWritten("changed while it was being migrated")
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise NotWritten(error.strerror or str(error)) from None
    finally:
        if temporary is not None:
            try:
                os.unlink(temporary)
            except OSError:
                pass


def problem(code: str, message: str, suggestion: str = "") -> Finding:
    """Make a finding about a whole file."""
    return Finding(code, message, suggestion, 1, 1, 1, 1)


def _take_over(before: os.stat_result, path: str) -> None:
    if hasattr(os, "chown"):
        try:
            os.chown(path, before.st_uid, before.st_gid)
        except OSError:
            pass  # only root may give files away
    os.chmod(path, stat.S_IMODE(before.st_mode))


def without_git(paths: Sequence[str]) -> list[str]:
    """Return those of the files that no repository holds or that git ignores: they stay changed."""
    kept: set[str] = set()
    for root, inside in _by_root(paths).items():
        ignored: set[str] = set()
        for batch in _batches(inside):
            options = ["--others", "--ignored", "--exclude-standard", "-z"]
            ignored.update(_git(root, "ls-files", *options, "--", *batch) or ())
        for name, given in inside.items():
            if name.replace(os.sep, "/") not in ignored:
                kept.update(given)
    return [path for path in paths if path not in kept]


def uncommitted(paths: Iterable[str]) -> set[str]:
    """Return those of the files that git has no copy of as they are now.

    A file below a ``.git`` of which git says nothing counts, too: git may be missing, refuse the
    folder's owner, or not answer in time.

    Args:
        paths: Files; those outside any repository are never returned.
    """
    dirty: set[str] = set()
    for root, inside in _by_root(paths).items():
        for batch in _batches(inside):
            changed = _changed(root, batch)
            for name in batch if changed is None else changed:
                dirty.update(inside.get(name.replace("/", os.sep), ()))
    return dirty


def _by_root(paths: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return for each repository the names of files in it, and how each was given."""
    by_root: dict[str, dict[str, list[str]]] = {}
    for path in paths:
        real = os.path.realpath(path)
        root = _repository(os.path.dirname(real))
        if root is not None:
            by_root.setdefault(root, {}).setdefault(os.path.relpath(real, root), []).append(path)
    return by_root


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    listed = list(names)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


def _repository(folder: str) -> str | None:
    """Return the nearest folder around a folder that holds a ``.git``."""
    stops = os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep)
    ceilings = {os.path.realpath(stop) for stop in stops if stop}
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder or parent in ceilings:
            return None
        folder = parent
    return folder


def _changed(root: str, names: Sequence[str]) -> set[str] | None:
    """Ask git which files differ from what is committed; None when it does not answer."""
    options = ["--porcelain", "-z", "--untracked-files=all", "--no-renames"]
    status = _git(root, "status", *options, "--", *names)
    listed = _git(root, "ls-files", "-v", "-z", "--", *names)
    if status is None or listed is None:
        return None
    # git passes over changes of files that it was told to take for unchanged
    hidden = [entry[2:] for entry in listed if entry[:1] == "S" or entry[:1].islower()]
    return {*(entry[3:] for entry in status), *hidden}


def _git(root: str, *arguments: str) -> list[str] | None:
    # nothing a repository configures may run here
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    command += ["--no-optional-locks", "--literal-pathspecs", "-C", root, *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return None if answer.returncode else os.fsdecode(answer.stdout).split("\0")
