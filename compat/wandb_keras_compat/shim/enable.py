"""Switch the shim on or off for an environment: one .pth file beside the installed package.

The file belongs to the installation (it has a line in its RECORD), so that ``pip uninstall`` takes
it away, and a package that is installed again is not enabled until it is asked for.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import site
import sys
from importlib import metadata

DISTRIBUTION = "wandb-keras-compat"
PTH = "wandb-keras-compat.pth"
STARTUP = "wandb_keras_compat_startup"
_SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup", f"{STARTUP}.py")


class EnableError(Exception):
    """The environment cannot be changed; the message says why and what to do."""


def enable(prefer: str = "ours") -> str:
    """Make legacy imports work in every interpreter of the active environment.

    Args:
        prefer: As for ``shim.install()``.

    Returns:
        A sentence that says what was done.

    Raises:
        EnableError: If the environment is read-only, or the package is not installed in it.
    """
    folder, record = _installation()
    path, line = os.path.join(folder, PTH), _line(prefer)
    row = _row(line)
    try:
        listed = _read(record)
        if _read(path) == line and not os.path.islink(path) and row in listed:
            return f"Already enabled by {path}."
        # The record first: what it lists and what is not there harms nobody.
        _write(record, _without_row(listed) + row)
        _write(path, line)
    except OSError as error:
        raise EnableError(
            f"Cannot write {error.filename or path} ({error.strerror}): use an environment of your"
            " own, or start scripts with `wandb-keras-compat run SCRIPT`."
        ) from None
    return (
        f"Wrote {path}: legacy W&B Keras imports now work in every Python of this environment;"
        " `wandb-keras-compat disable` removes it, and so does uninstalling or upgrading the"
        " package."
    )


def disable() -> str:
    """Undo ``enable()``.

    Returns:
        A sentence that says what was done.

    Raises:
        EnableError: If the environment is read-only.
    """
    folders = _folders()
    paths = [os.path.join(folder, PTH) for folder in folders]
    enabled = [path for path in paths if os.path.lexists(path)]
    try:
        for path in enabled:
            os.remove(path)
        for record in filter(None, map(_record, folders)):
            listed = _read(record)
            if _without_row(listed) != listed:
                _write(record, _without_row(listed))
    except OSError as error:
        raise EnableError(f"Cannot change {error.filename} ({error.strerror}).") from None
    if enabled:
        return f"Removed {', '.join(enabled)}."
    return f"Not enabled: there is no {' or '.join(paths) or PTH}."


def _installation() -> tuple[str, str]:
    """Return the folder in which the package is installed, and the RECORD of that."""
    folders = _folders()
    for folder in folders:
        record = _record(folder)
        if record is not None:
            return folder, record
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    raise EnableError(
        f"{DISTRIBUTION} is not installed in {' or '.join(folders) or sys.prefix} but imported from"
        f" {os.path.dirname(package)}: install it with pip, or start scripts with"
        " `wandb-keras-compat run SCRIPT`."
    )


def _record(folder: str) -> str | None:
    """Return the list of what was installed with the package, if it was installed in a folder."""
    for found in metadata.Distribution.discover(name=DISTRIBUTION, path=[folder]):
        record = os.path.join(str(getattr(found, "_path", "")), "RECORD")  # has no public name
        if os.path.isfile(record):
            return record
    return None


def _folders() -> list[str]:
    """Return the folders of this environment in which Python reads .pth files."""
    own = os.path.join(os.path.realpath(sys.prefix), "")
    folders = [f for f in site.getsitepackages() if os.path.realpath(f).startswith(own)]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return [folder for folder in dict.fromkeys(folders) if os.path.isdir(folder)]


def _line(prefer: str) -> str:
    """Return the content of the .pth file: the start-up module as one line that Python runs."""
    with open(_SOURCE, encoding="utf-8") as file:
        source = file.read()
    space = {"__name__": STARTUP}
    return f"import sys; exec({source + f'{chr(10)}watch({prefer!r}){chr(10)}'!a}, {space!r})\n"


def _row(line: str) -> str:
    """Return the line of RECORD for the .pth file, as the packaging specification has it."""
    data = line.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"{PTH},sha256={digest},{len(data)}\n"


def _without_row(listed: str) -> str:
    kept = re.sub(rf"(?m)^{re.escape(PTH)},.*\n?", "", listed)
    return kept if kept.endswith("\n") else f"{kept}\n"


def _read(path: str) -> str:
    """Return the text of a file, byte for byte, nothing if there is none."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def _write(path: str, text: str) -> None:
    """Put a file in its place as a whole; what was there before, a link too, is replaced."""
    new = f"{path}.{os.getpid()}.new"
    try:
        with open(new, "x", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
        os.replace(new, path)
    except OSError:
        if os.path.lexists(new):
            os.remove(new)
        raise
