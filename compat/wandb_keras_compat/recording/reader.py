"""Find the log of a run and read it, waiting for its end while it is still written."""

from __future__ import annotations

import os
import re
import sys
import time

from wandb_keras_compat._printed import safe

from .recording import Recording, RecordingError

_STALE_S = 60.0  # a log untouched for this long is not being written any more
_POLL_S = 0.05
# team/project/id, as W&B's API takes it, and the address of a run's page
_ONLINE = re.compile(r"(?:https?://[^/]+/)?[\w.-]+/[\w.-]+/(?:runs/)?([\w-]+)/?(?:[?#].*)?")
_LARGE = 8 << 20  # bytes of a log; a second process pays from about 2 MiB on
_TOGETHER = 4096  # values; more are no faster


def find(path: str | os.PathLike[str]) -> str:
    """Return the transaction log of the one run at or below a path.

    Args:
        path: A ``.wandb`` file, a run directory, or a directory above exactly one run.

    Raises:
        RecordingError: If there is none, or more than one.
    """
    path = os.fspath(path)
    if os.path.isfile(path):
        return path
    if not os.path.isdir(path):
        raise RecordingError(f"No such file or directory: {safe(path)}{_on_a_server(path)}")
    found: list[str] = []
    for folder, _folders, names in os.walk(path):
        logs = (os.path.join(folder, n) for n in sorted(names) if n.endswith(".wandb"))
        found += filter(os.path.isfile, logs)
        if found and folder == path:
            break
    if not found:
        raise RecordingError(f"No W&B run (a run-*.wandb file) in {safe(path)} or below it")
    if len(found) > 1:
        runs = "".join(f"\n  {safe(os.path.dirname(log))}" for log in sorted(found)[:20])
        raise RecordingError(f"{len(found)} W&B runs in {safe(path)}; name one of them:{runs}")
    return found[0]


def _on_a_server(path: str) -> str:
    """Say what to do where a path seems to be that of a run on W&B's server."""
    match = _ONLINE.fullmatch(path)
    if match is None:
        return ""
    return (
        ". If that is a run on W&B's server, name the directory that it left where it ran:"
        f" wandb/run-...-{match[1]}"
    )


def read(path: str | os.PathLike[str], wait: float = 5.0) -> Recording:
    """Read an offline run, written by any wandb from 0.13 on.

    Args:
        path: A ``.wandb`` file, a run directory, or a directory above exactly one run.
        wait: Seconds to wait for the end of a run whose log is still being written.

    Returns:
        The recording; what could not be read of a damaged log stands in ``notes``.

    Raises:
        RecordingError: If there is no run, more than one, or the file is no W&B log.

    Example:
        >>> recording = read("wandb/latest-run")  # doctest: +SKIP
        >>> recording.history[-1].values["val_loss"]  # doctest: +SKIP
        0.25
    """
    from .rows import UnreadableError
    from .transaction_log import LogError

    log = find(path)
    deadline = time.monotonic() + wait
    try:
        while True:
            status = os.stat(log)
            try:
                recording = _read(log, _TOGETHER)
            except UnreadableError:
                recording = _read(log, 0)
            still_written = time.time() - status.st_mtime < _STALE_S
            if recording.finished or not still_written or time.monotonic() >= deadline:
                break
            while os.path.getsize(log) == status.st_size and time.monotonic() < deadline:
                time.sleep(_POLL_S)
        empty = not recording.finished and not os.path.getsize(log)
    except LogError as error:
        raise RecordingError(f"{safe(log)} cannot be read: {error}") from None
    except OSError as error:
        raise RecordingError(f"{safe(log)} cannot be read: {error.strerror or error}") from None
    if empty:
        raise RecordingError(f"{safe(log)} cannot be read: it is empty, nothing was recorded yet")
    return recording


def read_both(a: str, b: str) -> tuple[Recording, Recording]:
    """Read two offline runs, large ones at the same time in two processes.

    Args:
        a: As `read` takes it.
        b: Another one.

    Raises:
        RecordingError: As `read` does, of the first one that cannot be read.
    """
    if os.cpu_count() == 1 or min(map(_size, (a, b))) < _LARGE:
        return read(a), read(b)
    import pickle
    from subprocess import DEVNULL, PIPE, Popen

    # A process of multiprocessing's would run the main program again, and not every one may.
    code = (
        f"import sys; sys.path[:] = {sys.path!a}; from {__name__} import hand_over as h; h({b!a})"
    )
    command = [sys.executable, "-c", code]
    try:
        with Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL) as process:
            try:
                first = read(a)
                assert process.stdout is not None
                other = pickle.load(process.stdout)
            finally:
                process.kill()
    except RecordingError:
        raise
    except Exception:  # where a second process is not to be had, or says something else
        return read(a), read(b)
    if isinstance(other, RecordingError):
        raise other
    return first, other if isinstance(other, Recording) else read(b)


def hand_over(path: str) -> None:
    """Write to the output, for the process that started this one, what `read` returns or raises."""
    import pickle

    try:
        found: Recording | RecordingError = read(path)
    except RecordingError as error:
        found = error
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def _size(path: str) -> int:
    try:
        return os.path.getsize(find(path))
    except (OSError, RecordingError):  # `read` says what is wrong
        return 0


def _read(log: str, together: int) -> Recording:
    """Read a log once, values of rows together; see `Collector`."""
    from .collector import Collector
    from .transaction_log import read_log

    notes: list[str] = []
    collector = Collector(log, notes, together)
    if os.path.getsize(log):
        with open(log, "rb") as file:
            for record in read_log(file, notes):
                collector.take(record)
    no_end = "the log has no end: the run was killed, or is still going on"
    return collector.recording([] if collector.finished else [no_end])
