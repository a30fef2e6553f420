"""Write what files became: each in one step, or it is left as it was."""

from __future__ import annotations

import os
import stat
import tempfile

from wandb_keras_codemods.findings import Finding

from .outcome import FAILED, PENDING, SKIPPED, WRITTEN, Outcome
from .repositories import uncommitted


class NotWritten(Exception):
    """The file could not be replaced and is as it was."""


def write_all(outcomes: list[Outcome], *, allow_dirty: bool) -> list[Outcome]:
    """Write all files that changed, or none where git has no copy of one of them.

    Args:
        outcomes: What was made of the files.
        allow_dirty: Whether git is not asked.

    Returns:
        The outcomes, with what became of each file.
    """
    changed = [outcome.path for outcome in outcomes if outcome.state == PENDING]
    dirty = set() if allow_dirty else uncommitted(changed)
    done = []
    for outcome in outcomes:
        if outcome.state != PENDING:
            done.append(outcome)
        elif dirty:
            done.append(_left(outcome, outcome.path in dirty))
        else:
            done.append(_written(outcome))
    return done


def _left(outcome: Outcome, dirty: bool) -> Outcome:
    message = "git has no copy of this file as it is now"
    hint = "Commit it first, or run again with --allow-dirty."
    found = [problem("WKM905", message, hint)] if dirty else []
    return outcome.with_state(SKIPPED, *found)


def _written(outcome: Outcome) -> Outcome:
    try:
        replace(outcome.path, outcome.old, outcome.new)
    except NotWritten as error:
        return outcome.with_state(FAILED, problem("WKM904", str(error)))
    return outcome.with_state(WRITTEN)


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
