"""Switch the shim on or off for an environment: one .pth file in its site-packages."""

from __future__ import annotations

import os
import sys
import sysconfig

PTH = "wandb-keras-compat.pth"
# A .pth file may hold one line of Python; it must stay silent when the package is uninstalled.
LINE = (
    'import sys; exec("try:\\n    from wandb_keras_compat.shim.watcher import watch'
    '\\nexcept ImportError:\\n    pass\\nelse:\\n    watch({prefer!r})")\n'
)


class EnableError(Exception):
    """The environment cannot be changed; the message says why and what to do."""


def site_packages() -> str:
    """Return the folder where the active environment reads .pth files.

    Raises:
        EnableError: If the environment has none.
    """
    folder = sysconfig.get_paths()["purelib"]
    if not os.path.isdir(folder):
        raise EnableError(f"{sys.prefix} has no site-packages ({folder} does not exist).")
    return folder


def enable(prefer: str = "ours") -> str:
    """Make legacy imports work in every interpreter of the active environment.

    Args:
        prefer: As for ``shim.install()``.

    Returns:
        A sentence that says what was done.

    Raises:
        EnableError: If the environment is read-only or has no site-packages.
    """
    path = os.path.join(site_packages(), PTH)
    line = LINE.format(prefer=prefer)
    if _content(path) == line:
        return f"Already enabled by {path}."
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise EnableError(
            f"Cannot write {path} ({error.strerror}): use an environment of your own, or start"
            " scripts with `wandb-keras-compat run SCRIPT`."
        ) from None
    return (
        f"Wrote {path}: legacy W&B Keras imports now work in every Python of this environment;"
        " `wandb-keras-compat disable` removes it."
    )


def disable() -> str:
    """Undo ``enable()``.

    Returns:
        A sentence that says what was done.

    Raises:
        EnableError: If the environment is read-only or has no site-packages.
    """
    path = os.path.join(site_packages(), PTH)
    try:
        os.remove(path)
    except FileNotFoundError:
        return f"Not enabled: there is no {path}."
    except OSError as error:
        raise EnableError(f"Cannot remove {path} ({error.strerror}).") from None
    return f"Removed {path}."


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError):
        return None
