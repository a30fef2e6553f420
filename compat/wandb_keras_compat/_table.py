"""A plain-text table, as every report of this package prints it."""

from __future__ import annotations

from typing import Iterable, Sequence

from ._printed import safe


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a plain-text table; the last column is not padded.

    Example:
        >>> table(("key", "value"), [("loss", "0.5")])
        ['key   value', '----  -----', 'loss  0.5']
    """
    body = [tuple(map(safe, row)) for row in rows]
    widths = [max(len(row[i]) for row in [tuple(header), *body]) for i in range(len(header))]
    return aligned([header, tuple("-" * width for width in widths), *body])


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a line for each row, its cells in columns; the last one is not padded.

    Example:
        >>> aligned([("file", "model.h5"), ("artifact", "model")])
        ['file      model.h5', 'artifact  model']
    """
    body = [tuple(map(safe, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*body)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip() for row in body]
