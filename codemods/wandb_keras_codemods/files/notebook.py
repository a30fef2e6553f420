"""Migrate a notebook: its cells are one module, so that names resolve from cell to cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Callable, Iterable, Iterator, Mapping

from wandb_keras_codemods.files import magics
from wandb_keras_codemods.files import requirements as requirements_files
from wandb_keras_codemods.findings import Finding, Migration, ParseFailure
from wandb_keras_codemods.findings.pragmas import Pragmas

from .notebook_json import BadNotebook, Cell, Notebook
from .outcome import CELL_HEAD
from .texts import Document

# a statement: a comment would go with what stands below it
_SENTINEL = '"""wkm-cell {}"""\n'
_FIND_SENTINEL = re.compile(r'^"""wkm-cell (\d+)"""\r?\n', re.MULTILINE)
_PIP = re.compile(r"^\s*[!%]?\s*(?:python3?\s+-m\s+)?(?:uv\s+)?(?:pip3?|conda|mamba)\s+install\b")
_LONE_LF = re.compile(r"(?<!\r)\n")
_PYTHON = ("python", "python3", "ipython", "ipython3")


@dataclass(frozen=True)
class MigratedNotebook:
    """A migrated notebook.

    Args:
        text: Its new JSON text; the old one when nothing changed.
        before: The old code cells as one text for people.
        after: The new ones.
        findings: Lines and columns are those of the cell.
        places: For each finding, the line of the JSON text.
    """

    text: str
    before: str
    after: str
    findings: tuple[Finding, ...]
    places: tuple[int, ...]


def migrate_notebook(
    notebook: Notebook, migrate: Callable[[str], Migration[str]]
) -> MigratedNotebook:
    """Migrate the code cells; report what stands in the others.

    Args:
        notebook: The notebook.
        migrate: Migrates one module's source.

    Raises:
        BadNotebook: A cell holds what stands for hidden texts while it is migrated.
        ParseFailure: The cells are Python each, but not together.
    """
    if notebook.language not in _PYTHON:
        return MigratedNotebook(notebook.text, "", "", (), ())
    joined = join(notebook)
    starts, left_out, findings = joined.starts, joined.left_out, joined.findings
    migration = migrate(joined.code)
    sources = _split(migration.code, joined.masks, [cell.number for _, cell in starts])
    if sources is None:
        lost = Finding("WKM902", "the cells could not be told apart again", "", 1, 1, 1, 1)
        return MigratedNotebook(notebook.text, "", "", (lost,), (1,))
    for number in left_out:
        del sources[number]
    cells = {cell.number: cell for cell in notebook.cells}
    for number, source in sources.items():
        sources[number] = _with_endings(cells[number].source, source)
    findings += _of_cells(migration.findings, joined)
    findings.sort(key=lambda finding: (finding.cell or 0, finding.line, finding.column))
    left = _emptied(cells, sources)
    return MigratedNotebook(
        notebook.replaced(left) if migration.changed else notebook.text,
        _view({number: cells[number].source for number in sources}),
        _view(left),
        tuple(findings),
        tuple(_line(notebook, cells, finding) for finding in findings),
    )


@dataclass(frozen=True)
class Joined:
    """A notebook's code cells as one module.

    Args:
        code: The module; what is not Python in a cell is hidden.
        starts: The line of the module before each cell, and the cell.
        masks: What is hidden.
        left_out: The numbers of the cells of which only the names they use are there.
        findings: What is to be said of texts and of what is left out.
    """

    code: str
    starts: list[tuple[int, Cell]]
    masks: magics.Masks
    left_out: set[int]
    findings: list[Finding]

    def cell(self, line: int) -> tuple[Cell, int]:
        """Return the cell that a line of the module stands in, and its line there."""
        at = max(0, bisect_right([before for before, _ in self.starts], line) - 1)
        before, cell = self.starts[at]
        return cell, line - before


def join(notebook: Notebook) -> Joined:
    """Join the code cells, so that names resolve from cell to cell.

    Args:
        notebook: The notebook.

    Raises:
        BadNotebook: A cell holds what stands for hidden texts.
    """
    if notebook.language not in _PYTHON:
        return Joined("", [], magics.Masks(), set(), [])
    for cell in notebook.cells:
        if cell.kind == "code" and magics.is_taken(cell.source):
            raise BadNotebook(f"cell {cell.number} holds a text that the migration uses itself")
    document = Document.of("\n".join(cell.source for cell in notebook.cells))
    masks = magics.Masks()
    findings: list[Finding] = []
    joined: list[str] = []
    starts: list[tuple[int, Cell]] = []  # the line of the joined module before each cell
    left_out: set[int] = set()
    line = 1
    for cell in notebook.cells:
        findings += _installed(cell)
        if cell.kind != "code":
            findings += document.report(cell.source, f"a {cell.kind} cell", cell.number)
            continue
        try:
            module = magics.mask(cell.source, masks)
        except magics.Foreign as error:
            findings += document.report(cell.source, f"a %%{error} cell", cell.number)
            continue
        except magics.Opaque as error:
            findings += document.report(cell.source, f"a %%{error} cell", cell.number)
            left_out.add(cell.number)
            module = magics.uses(cell.source)
        except ParseFailure as error:
            findings.append(_left_out(cell, error, document))
            left_out.add(cell.number)
            module = magics.uses(cell.source)
        starts.append((line, cell))
        joined += [_SENTINEL.format(cell.number), module, "\n"]
        line += 2 + module.count("\n")
    return Joined("".join(joined), starts, masks, left_out, findings)


def _emptied(cells: dict[int, Cell], sources: dict[int, str]) -> dict[int, str | None]:
    """Return the sources with None for each cell of which nothing is left."""
    return {
        number: None if cells[number].source.strip() and not source.strip() else source
        for number, source in sources.items()
    }


def _installed(cell: Cell) -> Iterator[Finding]:
    """Report versions of wandb that the notebook installs itself, or tells to install."""
    commands = {} if cell.kind == "markdown" else {"command": _PIP}
    pragmas = Pragmas.in_text(cell.source)
    for finding in requirements_files.installed(cell.source, **commands):
        if not pragmas.covers(finding.line, finding.end_line, finding.code):
            yield replace(finding, cell=cell.number)


def _with_endings(old: str, new: str) -> str:
    """Return a cell's new source with the line endings of the old where these are all CRLF."""
    if "\r\n" in old and _LONE_LF.search(old) is None:
        return _LONE_LF.sub("\r\n", new)
    return new


def _split(code: str, masks: magics.Masks, numbers: list[int]) -> dict[int, str] | None:
    """Cut the joined module into cells; None when a seam or a hidden text is gone."""
    if not masks.shown_once(code):
        return None
    pieces = _FIND_SENTINEL.split(code)
    if [int(number) for number in pieces[1::2]] != numbers or pieces[0]:
        return None
    return {
        number: masks.show(magics.without_uses(piece[:-1]))
        for number, piece in zip(numbers, pieces[2::2])
    }


def _of_cells(findings: Iterable[Finding], joined: Joined) -> Iterator[Finding]:
    """Move findings from the joined module to the cells; a cell left out has its own."""
    for finding in findings:
        cell, line = joined.cell(finding.line)
        if cell.number not in joined.left_out:
            end = line + finding.end_line - finding.line
            yield replace(finding, line=line, end_line=end, cell=cell.number)


def _left_out(cell: Cell, error: ParseFailure, document: Document) -> Finding:
    mentioned = document.mention(cell.source) is not None
    line = min(error.line, cell.source.count("\n") + 1)
    return Finding(
        "WKM423" if mentioned else "WKM216",
        f"the cell is left out: {error.message}",
        "Look at the cell: it names the legacy callback." if mentioned else "",
        line, 1, line, 1, cell.number,
    )  # fmt: skip


def _view(sources: Mapping[int, str | None]) -> str:
    return "".join(
        f"{CELL_HEAD.format(number)}\n{source}\n\n"
        for number, source in sources.items()
        if source is not None
    )


def _line(notebook: Notebook, cells: dict[int, Cell], finding: Finding) -> int:
    if finding.cell is None:
        return 1
    return notebook.text.count("\n", 0, cells[finding.cell].place(finding.line)) + 1
