"""Replace a file's content in one step, or leave it as it was."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from typing import Iterable

from wandb_keras_codemods.findings import Finding


class NotWritten(Exception):
    """The file could not be replaced and is as it was."""


def replace(path: str, old: bytes, new: bytes) -> None:
    """Give a file another content; permissions, owner and symbolic links stay.

    Args:
        path: The file; a symbolic link is followed and stays a link.
        old: The content that ``new`` was made from.
        new: The new content.

    Raises:
        NotWritten: It is write-protected, it changed since it was read, or the disk is full.
    """
    path = os.path.realpath(path)
    temporary = None
    try:
        before = os.stat(path)
        if not before.st_mode & 0o222 or not os.access(path, os.W_OK):
            raise NotWritten("is write-protected")
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


def uncommitted(paths: Iterable[str]) -> set[str]:
    """Return those of the files that git knows to differ from what is committed.

    Args:
        paths: Files; those outside any repository are never returned.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        real = os.path.realpath(path)
        by_folder.setdefault(os.path.dirname(real), []).append(path)
    dirty: set[str] = set()
    for folder, inside in by_folder.items():
        names = {os.path.basename(os.path.realpath(path)): path for path in inside}
        # nothing a repository configures may run here
        command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
        command += ["--no-optional-locks", "--literal-pathspecs", "-C", folder]
        command += ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--"]
        try:
            answer = subprocess.run(
                [*command, *names], capture_output=True, check=False, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            continue  # no git, so nothing that git could lose
        for entry in answer.stdout.split(b"\0"):
            found = names.get(os.path.basename(os.fsdecode(entry[3:])))
            if found is not None:
                dirty.add(found)
    return dirty
