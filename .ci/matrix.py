"""Read the rows of matrix.toml and print them as the workflow's matrix or as names of sessions."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Sequence

import tomllib

FILE = Path(__file__).with_name("matrix.toml")
REQUIRED = ("id", "python", "requires", "why")


class MatrixError(ValueError):
    """A row is not what noxfile.py and the workflow expect."""


@dataclass(frozen=True)
class Row:
    """One environment; matrix.toml says what each field means."""

    id: str
    python: str
    requires: tuple[str, ...]
    why: str
    overrides: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    oracle: bool = False
    gate: bool = False
    allowed_to_fail: bool = False
    minutes: int = 0
    paths: tuple[str, ...] = ("tests/compat",)
    gate_paths: tuple[str, ...] = ()
    quick_paths: tuple[str, ...] = ()

    @property
    def session(self) -> str:
        """Return the name of the nox session that tests this row."""
        return f"tests({self.id})"

    def part(self, paths: Sequence[str]) -> str:
        """Return the session with the part of its tests that is to run, as nox is told."""
        return " ".join([self.session, *(["--", *paths] if paths else ())])


def load(file: Path = FILE) -> list[Row]:
    """Return the rows in the file's order.

    Raises:
        MatrixError: If a row lacks a field, has an unknown one, repeats an id, or names a
            selection of tests that there is not.
    """
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    selections = document.get("selections", {})
    rows: list[Row] = []
    for table in document["row"]:
        name = table.get("id", "without an id")
        missing = [key for key in REQUIRED if not table.get(key)]
        unknown = sorted(table.keys() - {f.name for f in fields(Row)})
        if missing or unknown:
            raise MatrixError(f"row {name}: missing {missing}, unknown {unknown}")
        if name in {row.id for row in rows}:
            raise MatrixError(f"row {name}: there are two of this id")
        for key in {"paths", "gate_paths", "quick_paths"} & table.keys():
            table[key] = _expanded(table[key], selections, name)
        rows.append(Row(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}))
    return rows


def _expanded(paths: list[str], selections: dict[str, list[str]], row: str) -> list[str]:
    """Return the paths with the tests of a selection in place of its name."""
    found: list[str] = []
    for path in paths:
        if not path.startswith("@"):
            found.append(path)
        elif path[1:] in selections:
            found += selections[path[1:]]
        else:
            raise MatrixError(f"row {row}: {path} is none of the selections {sorted(selections)}")
    return found


def github(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the value of a workflow's ``strategy.matrix``."""
    shown = ("id", "python", "session", "allowed_to_fail")
    return {"include": [{name: getattr(row, name) for name in shown} for row in rows]}


def package(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what the package ships: the versions of the rows that have to pass."""
    return [
        {
            "id": row.id,
            "python": row.python,
            "requires": [r for r in row.requires if set("<=>") & set(r)],  # the rest are test tools
            "overrides": row.overrides,
            "env": row.env,
        }
        for row in rows
        if not row.allowed_to_fail
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the chosen rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gate", action="store_true", help="only what runs for every change")
    parser.add_argument("--quick", action="store_true", help="only what the quick check runs")
    parser.add_argument("--format", choices=["github", "package", "sessions"], default="github")
    options = parser.parse_args(argv)
    rows = [
        row
        for row in load()
        if (row.gate or not options.gate) and (row.quick_paths or not options.quick)
    ]
    if options.format == "github":
        print(json.dumps(github(rows)))
    elif options.format == "package":
        print(json.dumps(package(rows), indent=1))
    else:
        longest_first = sorted(rows, key=lambda row: -row.minutes)
        for row in longest_first:
            gate = row.gate_paths if options.gate else ()
            print(row.part(row.quick_paths if options.quick else gate))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
