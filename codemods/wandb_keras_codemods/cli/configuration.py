"""Read ``[tool.wandb-keras-migrate]`` of the nearest pyproject.toml."""

from __future__ import annotations

import os
import sys
from typing import Any, Mapping

from wandb_keras_codemods.legacy.targets import TARGETS

_TABLE = "wandb-keras-migrate"
KEYS: Mapping[str, type] = {
    "target": str,
    "fallback": bool,
    "rename-metrics": bool,
    "exclude": list,
    "jobs": int,
    "allow-dirty": bool,
}


class BadConfig(Exception):
    """The table has a key or a value that means nothing."""


def load(folder: str) -> tuple[dict[str, Any], str]:
    """Read the options that hold for a folder.

    Args:
        folder: Where to start; its parents are asked in turn.

    Returns:
        The options, and the folder whose pyproject.toml they come from.

    Raises:
        BadConfig: The file is no TOML, or a key or value is not known.
    """
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, "pyproject.toml")
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            data = b""
        if _TABLE.encode() in data:
            table = _parse(path, data)
            if table is not None:
                _check_pragmas(path, data.decode("utf-8"))
                return _checked(path, table), folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return {}, os.getcwd()
        folder = parent


def _parse(path: str, data: bytes) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise BadConfig(f"{path}: {error}") from None
    tools = document.get("tool")
    return tools.get(_TABLE) if isinstance(tools, dict) else None


def _check_pragmas(path: str, text: str) -> None:
    """See that the comments for the tool mean something; a wrong one would keep nothing."""
    from wandb_keras_codemods.findings import CODES
    from wandb_keras_codemods.findings.pragmas import WORD, codes_of

    for number, line in enumerate(text.splitlines(), 1):
        _, sign, comment = line.partition("#")
        if not sign or not comment.lstrip().startswith(WORD):
            continue
        where = f"{path}: line {number}: # {comment.strip()}"
        codes = codes_of(sign + comment)
        if codes is None:
            raise BadConfig(f"{where} means nothing; there is  # {WORD} ignore[CODE, ...]")
        unknown = sorted(codes - set(CODES))
        if unknown:
            raise BadConfig(f"{where}: there is no code {', '.join(unknown)}")


def _checked(path: str, table: Any) -> dict[str, Any]:
    where = f"{path}: [tool.{_TABLE}]"
    if not isinstance(table, dict):
        raise BadConfig(f"{where} must be a table")
    for key, value in table.items():
        if key not in KEYS:
            raise BadConfig(f"{where} has no key {key!r}; there are {', '.join(KEYS)}")
        if type(value) is not KEYS[key]:
            raise BadConfig(f"{where} {key} must be {KEYS[key].__name__}, not {value!r}")
    patterns = table.get("exclude", [])
    if not all(isinstance(pattern, str) for pattern in patterns):
        raise BadConfig(f"{where} exclude must be a list of strings")
    if table.get("jobs", 1) < 1:
        raise BadConfig(f"{where} jobs must be 1 or more, not {table['jobs']}")
    if table.get("target", "shim") not in TARGETS:
        raise BadConfig(f"{where} target must be one of {', '.join(TARGETS)}")
    return dict(table)
