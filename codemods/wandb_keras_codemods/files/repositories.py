"""What git keeps of files: whether it has a copy of them as they are now."""

from __future__ import annotations

import os
import subprocess
from typing import Iterable, Iterator, Sequence

_BATCH = 200  # files git is asked for at once: an argument list has an end
_PATIENCE = 60  # seconds git has to answer


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
