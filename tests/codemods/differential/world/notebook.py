"""A kernel for notebooks: cells one after another, and the little of IPython they ask for."""

from __future__ import annotations

import ast
import re
from types import ModuleType
from typing import Any, Sequence

_ASSIGNED = re.compile(r"(\s*)([\w., \[\]'\"]+?)\s*=\s*([!%].*)$")
_PYTHON = ("time", "timeit", "capture", "wandb", "prun", "memit", "mprun", "px")


class Kernel:
    """Runs cells in one namespace.

    Args:
        namespace: The namespace of ``__main__``.
        stage: Where events go.
    """

    def __init__(self, namespace: dict[str, Any], stage: ModuleType) -> None:
        self.user_ns, self._stage = namespace, stage
        namespace["get_ipython"] = lambda: self

    def run(self, cells: Sequence[str]) -> None:
        """Run cells in order."""
        for number, cell in enumerate(cells, 1):
            self._number = number
            self.run_cell(cell)

    def run_cell(self, cell: str, *args: object) -> None:
        """Run one cell."""
        lines = cell.replace("\r\n", "\n").split("\n")
        above = len(lines)
        while lines and lines[0].strip().startswith("%%"):
            name, _, rest = lines.pop(0).strip()[2:].partition(" ")
            if name not in _PYTHON:
                return self._foreign(name, rest, "\n".join(lines))
            if name in ("timeit", "prun") and not rest.strip().startswith("-"):
                self._execute(rest)  # the setup
        above -= len(lines)  # line numbers are those of the cell
        return self._execute("\n" * above + "\n".join(_as_python(lines)))

    def _foreign(self, name: str, rest: str, body: str) -> None:
        """Run the body of a magic of which nothing is known: it may well run it as Python."""
        self._stage.event("magic", name, rest)
        if name in ("html", "bash", "javascript", "writefile", "markdown"):
            self._stage.event("body", body)
        else:
            self._execute("\n".join(_as_python(body.split("\n"))))

    def _execute(self, source: str) -> None:
        path = f"cell {self._number}"
        tree = ast.parse(source, path)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path, "exec", dont_inherit=True), self.user_ns)
        if last is not None:  # a cell shows the value of its last expression
            value = eval(
                compile(ast.Expression(last.value), path, "eval", dont_inherit=True), self.user_ns
            )
            if value is not None:
                self._stage.event("shown", self._stage.told(value))

    def system(self, command: str) -> list[str]:
        """Note a shell command."""
        self._stage.event("shell", command)
        return []

    getoutput = system

    def run_line_magic(self, name: str, line: str, *args: object) -> None:
        """Note a magic, and run what a timing magic runs."""
        self._stage.event("magic", name)
        if name in ("time", "timeit", "prun"):
            exec(re.sub(r"^(-\w+ +)+", "", line), self.user_ns)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run a cell magic."""
        self.run_cell(f"%%{name} {line}\n{cell}")

    magic = run_line_magic


def _as_python(lines: list[str]) -> list[str]:
    """Translate line magics and shell lines."""
    try:
        ast.parse("\n".join(lines))
    except SyntaxError:
        pass
    else:
        return lines
    found = []
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        stripped = line.lstrip()
        indent = line[: len(line) - len(stripped)]
        assigned = _ASSIGNED.match(line)
        if stripped[:1] in ("!", "%") or assigned:
            while line.endswith("\\") and rest:
                line = line[:-1] + rest.pop(0)
        if assigned:
            assigned = _ASSIGNED.match(line)
            assert assigned
            command = f"get_ipython().getoutput({assigned[3][1:]!r})"
            found.append(f"{assigned[1]}{assigned[2]} = {command}")
        elif stripped.startswith("!"):
            found.append(f"{indent}get_ipython().system({line.lstrip()[1:].strip()!r})")
        elif stripped.startswith("%"):
            name, _, body = line.lstrip()[1:].partition(" ")
            found.append(f"{indent}get_ipython().run_line_magic({name!r}, {body!r})")
        elif stripped.rstrip().endswith("?"):
            found.append(f"{indent}get_ipython().system('help')")
        else:
            found.append(line)
    return found
