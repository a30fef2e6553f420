"""The folder of a run: all that its log can make us read, whatever paths the log names."""

from __future__ import annotations

import os
import stat

_LARGEST = 1 << 30  # bytes of one file that are read


class OutsideError(ValueError):
    """A path leads out of the folder, or to what cannot be read; the message says it."""


class Folder:
    """A run's folder.

    Args:
        path: Where it is.
    """

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self.files = os.path.join(self.path, "files")

    def read(self, name: object) -> bytes | None:
        """Return the content of a file of the run, None if it is gone.

        Args:
            name: Its path below the run's files, as the log has it.

        Raises:
            OutsideError: If that is another place, no plain file of at most 1 GiB, or a file that
                is there and cannot be read.
        """
        if not isinstance(name, str) or not name or "\0" in name:
            raise OutsideError(f"the log names no file but {str(name)[:80]!r}")
        if os.path.isabs(name) or ".." in name.replace(os.sep, "/").split("/"):
            raise OutsideError(f"the log names a file outside of the run's folder: {name!r}")
        path = os.path.join(self.files, name)
        inside = os.path.join(os.path.realpath(self.path), "")
        try:
            if not os.path.realpath(path).startswith(inside):
                raise OutsideError(f"{name!r} is a link out of the run's folder")
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
                raise OutsideError(f"{name!r} is no plain file of at most 1 GiB")
            with open(path, "rb") as file:
                return file.read(_LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise OutsideError(f"{name!r} cannot be read: {error.strerror or error}") from None
