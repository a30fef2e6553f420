"""Which program a sweep runs, and whether that runs code that migrates."""

from __future__ import annotations

import os
import re
from typing import Collection, Iterable

_FILE = re.compile(r"[\w./\\-]+\.pyw?\b")
_MODULE = re.compile(r"(?<![\w-])-m[ \"',\n-]+([\w.]+)")
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<home>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#;]+)"
    r"|import[ \t]+(?P<modules>[\w., \t]+))",
    re.MULTILINE,
)


def programs_in(text: str) -> list[str]:
    """Return the programs that a text names: files, and modules given to ``-m``.

    Example:
        >>> programs_in('["python", "-m", "jobs.train"]'), programs_in("program: ./a/b.py")
        (['jobs/train.py'], ['a/b.py'])
    """
    files = [os.path.normpath(name.replace("\\\\", "/")) for name in _FILE.findall(text)]
    return files + [f"{name.replace('.', '/')}.py" for name in _MODULE.findall(text)]


def seen_from(path: str, program: str) -> str:
    """Return a program's path as it would be beside the file that names it.

    Example:
        >>> seen_from("jobs/sweep.yaml", "train.py"), seen_from("sweep.py", "jobs/train.py")
        ('jobs/train.py', 'jobs/train.py')
    """
    beside = os.path.normpath(os.path.join(os.path.dirname(path), program))
    return beside.replace(os.sep, "/")


class Programs:
    """The programs of a run, and which of them come to code that migrates.

    Args:
        paths: All Python files of the run.
        migrating: Those of them that migrate.
    """

    def __init__(self, paths: Iterable[str], migrating: Collection[str]) -> None:
        self._paths = {path.replace(os.sep, "/"): path for path in paths}
        self.paths = tuple(self._paths)
        self._migrating = {path.replace(os.sep, "/") for path in migrating}
        self._by_name: dict[str, list[str]] = {}
        for path in self._paths:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def named(self, program: str, path: str) -> list[str]:
        """Return the files that a program may be: one where it is seen, else all of that name.

        Args:
            program: The program as a file names it.
            path: The file that names it, which it is looked for beside first.
        """
        for place in (seen_from(path, program), program):
            if place in self._paths:
                return [place]
        return self._files(program)

    def run(self, path: str) -> dict[str, bytes] | None:
        """Return what a program comes to, the files that name wandb; None without migrated code.

        Args:
            path: A file of the run.
        """
        todo = [path]
        seen = set(todo)
        found: dict[str, bytes] = {}
        while todo:
            path = todo.pop()
            data = self.read(path)
            if b"wandb" in data:
                found[path] = data
            for imported in self._imported(data):
                if imported not in seen:
                    seen.add(imported)
                    todo.append(imported)
        return found if seen & self._migrating else None

    def read(self, path: str) -> bytes:
        """Return what is in a file of the run; nothing where it has gone."""
        try:
            with open(self._paths[path], "rb") as file:
                return file.read()
        except OSError:
            return b""

    def _files(self, name: str) -> list[str]:
        """Return the files that a path may mean, wherever the command is started."""
        found = self._by_name.get(name.rpartition("/")[2], ())
        return [p for p in found if f"/{p}".endswith(f"/{name}") or f"/{name}".endswith(f"/{p}")]

    def _imported(self, data: bytes) -> list[str]:
        text = data.decode("utf-8", "replace")
        modules: list[str] = []
        for match in _IMPORT.finditer(text):
            if match["modules"]:
                modules += [part.split(" as ")[0] for part in match["modules"].split(",")]
                continue
            home = match["home"].strip(".")
            names = re.findall(r"\w+", match["names"])
            modules += [home, *(f"{home}.{name}".strip(".") for name in names)]
        ends = (module.strip().strip(".").replace(".", "/") for module in modules)
        return [
            file
            for end in ends
            if end
            for name in (f"{end}.py", f"{end}/__init__.py")
            for file in self._files(name)
        ]
