"""Find in a code base which Keras it imports and what it uses of W&B's; nothing is run."""

from __future__ import annotations

import os
import stat
import sys

from .uses import Sources

_LARGEST_FILE = 64 << 20  # bytes; the outputs of a notebook count


class NoRooms(Exception):
    """Code cannot be read here: the codemod is not installed, or this Python is too old for it."""


def scan(path: str) -> Sources:
    """Read the Python files and notebooks at or below a path, through the codemod's rooms.

    Args:
        path: A file or a folder.

    Raises:
        FileNotFoundError: If there is none.
        NoRooms: If what reads code is not installed.
    """
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    try:
        if sys.version_info < (3, 9):
            raise ImportError
        from wandb_keras_codemods.files.modules import FAILURES
        from wandb_keras_codemods.files.walk import Scan, Unreadable

        from .reading import read_file
    except ImportError:
        raise NoRooms from None
    sources = Sources()
    if not os.path.isdir(path) and not os.path.isfile(path):  # reading a pipe may take for ever
        sources.unread.append(f"{path} (no plain file)")
        return sources
    looked = Scan([path])
    for found in looked:
        if isinstance(found, Unreadable):
            sources.unread.append(f"{found.path} ({found.reason})")
    for file in looked.programs:
        sources.files += 1
        try:
            data = _content(file)
            if b"wandb" in data or b"keras" in data:
                read_file(file, data, sources)
        except FAILURES as error:
            line = getattr(error, "line", None)
            where = file if line is None else f"{file}:{line}"
            sources.unread.append(f"{where} ({error})")
        except OSError as error:
            sources.unread.append(f"{file} ({error.strerror or error})")
        except (ValueError, RecursionError, MemoryError) as error:
            sources.unread.append(f"{file} ({str(error) or 'nested too deeply'})")
            sources.too_much.add(file)
    return sources


def _content(file: str) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is no plain file, or one that would take the memory of all others.
    """
    status = os.stat(file)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("no plain file")
    if status.st_size > _LARGEST_FILE:
        raise ValueError(f"more than {_LARGEST_FILE >> 20} MiB")
    with open(file, "rb") as stream:
        return stream.read(_LARGEST_FILE)
