"""The command that migrates the file in which a legacy callback is constructed."""

from __future__ import annotations

import os
from typing import Any, Mapping


def migration(path: str, names: Mapping[str, Any]) -> str:
    """Return the command for a shell of this machine.

    Args:
        path: The file that the constructing code was compiled from; a notebook's cells are
            compiled from files that do not exist.
        names: The globals of that code, where a notebook's kernel says what it is called.

    Example:
        >>> migration("<stdin>", {})
        'wandb-keras-migrate --target compat --write .'
    """
    notebook = names.get("__session__"), names.get("__vsc_ipynb_file__")
    known = (each for each in (path, *notebook) if isinstance(each, str) and os.path.isfile(each))
    return f"wandb-keras-migrate --target compat --write {_quoted(next(known, '.'))}"


def _quoted(path: str) -> str:
    if path.startswith("-"):  # it would be taken for an option
        path = os.path.join(".", path)
    if os.name == "nt":
        from subprocess import list2cmdline

        return list2cmdline([path])
    from shlex import quote

    return quote(path)
