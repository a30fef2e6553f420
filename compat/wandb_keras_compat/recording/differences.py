"""Compare what two runs recorded and list every difference, one for each key."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from dataclasses import dataclass
from fnmatch import translate
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from wandb_keras_compat._printed import counted

from .columns import apart, collision, merged, without_empty_rows
from .history import Column, History
from .recording import Artifact, Recording
from .renaming import Rename, Renamer
from .rows import STEP
from .values import Path, contrast, flatten, names, shown, verdict

ABSENT = "absent"
_GONE = "its files are gone, and the log does not tell enough of what they held"


@dataclass(frozen=True)
class Difference:
    """One thing that two runs recorded differently, or that could not be compared.

    Args:
        where: ``"history"``, ``"summary"``, ``"summary writes"``, ``"config"``,
            ``"define_metric"``, ``"files"``, ``"artifacts"`` or ``"run"``.
        key: The metric, summary key, file or artifact, by the name it has in the second run.
        what: One clause that tells the difference.
        a: The first run's value, shortened, or ``"absent"``.
        b: The second run's value, shortened, or ``"absent"``.
        known: Whether it is different; False if something was not read, so that nobody knows.
    """

    where: str
    key: str
    what: str
    a: str
    b: str
    known: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.what}"


def compare(
    a: Recording,
    b: Recording,
    *,
    rename: Rename = (),
    tolerance: float = 1e-6,
    ignore: Sequence[str] = (),
) -> list[Difference]:
    r"""Return every difference between two recordings; an empty list means they are equal.

    What was not read, of a damaged log or of media that are gone, is a difference with ``known``
    False. W&B's steps are compared where no row is left out. Not compared: the run's id, name and
    project, clocks, content hashes, and the bytes of artifacts (a saved model holds the time at
    which it was saved).

    Args:
        a: The first recording.
        b: The second recording.
        rename: Names of ``a`` and what they are called in ``b``; one ``*`` in the old name stands
            for any metric's name, and for the same in the new name: ``{"*": "epoch/*"}``; ``\*``
            is a star. It leads only to names that ``b`` has. First match wins. Only a name
            without a ``*`` also renames config keys, files and artifacts.
        tolerance: Two numbers are equal when they differ by no more than
            ``tolerance * max(1, |a|, |b|)``.
        ignore: Patterns of keys not to look at (names of ``b``), such as ``"lr"``, ``"epoch/*"``,
            or with their place before a colon: ``"summary:graph"``, ``"define_metric:*"``.

    Raises:
        ValueError: If the renaming gives two keys of one place the same name, or the tolerance is
            negative or not finite.

    Example:
        >>> from wandb_keras_compat.recording import read
        >>> compare(read("before"), read("after"), rename={"*": "epoch/*"})  # doctest: +SKIP
        []
    """
    return list(Comparison(rename, tolerance, ignore).run(a, b))


class Comparison:
    """Names, tolerance and what to leave out; each method yields the differences of one place."""

    def __init__(self, rename: Rename, tolerance: float, ignore: Sequence[str]) -> None:
        if not 0 <= tolerance < math.inf:
            raise ValueError(f"tolerance={tolerance!r}: expected a finite number, 0 or more")
        self._renamed = Renamer(rename)
        self._tolerance = tolerance
        self._ignore = {pattern: re.compile(translate(pattern)) for pattern in ignore}
        self._ignored: set[str] = set()

    def idle(self) -> list[str]:
        """Say which rules of the renaming, and which patterns, met nothing in ``run``."""
        unmet = [pattern for pattern in self._ignore if pattern not in self._ignored]
        ignored = [f"--ignore {p} ignores nothing: neither run has such a name" for p in unmet]
        return [*self._renamed.idle(), *ignored]

    def run(self, a: Recording, b: Recording) -> Iterator[Difference]:
        """Yield every difference, place by place."""
        if self._wanted("run", "log"):
            for label, recording in (("A", a), ("B", b)):
                for note in recording.unread:
                    yield Difference("run", "log", f"not read in {label}: {note}", "", "", False)
        if a.finished != b.finished:
            ends = [("finished" if r.finished else "no end in its log") for r in (a, b)]
            what = f"{ends[0]} in A, {ends[1]} in B"
            yield Difference("run", "end", what, ends[0], ends[1])
        yield from self._history(History.of(a.history), History.of(b.history))
        yield from self._values("summary", flatten(a.summary), flatten(b.summary))
        if a.summary_timed and b.summary_timed:
            yield from self._values("summary writes", _writes(a), _writes(b))
        yield from self._values("config", flatten(a.config), flatten(b.config))
        axes = {metric.step_metric for metric in b.metrics if metric.step_metric}
        yield from self._values(
            "define_metric",
            {(m.name,): {"axis": m.step_metric, "summary": list(m.summary)} for m in a.metrics},
            {(m.name,): {"axis": m.step_metric, "summary": list(m.summary)} for m in b.metrics},
            rename_value=lambda v: {**v, "axis": v["axis"] and self._renamed(v["axis"], axes)},
        )
        yield from self._files(a, b)
        yield from self._artifacts(a.artifacts, b.artifacts)

    def _plain(self, key: str) -> str:
        """Return the name of what no star renames."""
        return self._renamed(key, ())

    def _wanted(self, where: str, key: str) -> bool:
        found = {
            text
            for text, pattern in self._ignore.items()
            if pattern.match(key) or pattern.match(f"{where}:{key}")
        }
        self._ignored |= found
        return not found

    def _pick(
        self, where: str, a: Mapping[Path, Any], b: Mapping[Path, Any]
    ) -> Iterator[dict[str, list[tuple[str, Any]]]]:
        """Yield what each run has by its name in the second, without what is to be ignored."""
        named = names({**a, **b})
        there = {named[path] for path in b} if where != "config" else ()
        for values, rename in ((a, self._renamed), (b, None)):
            picked: dict[str, list[tuple[str, Any]]] = {}
            for path, value in values.items():
                name = rename(named[path], there) if rename else named[path]
                if name in picked and where != "history":
                    raise ValueError(collision(picked[name][0][0], named[path], name))
                picked.setdefault(name, []).append((named[path], value))
            yield {name: value for name, value in picked.items() if self._wanted(where, name)}

    def _values(
        self,
        where: str,
        a: Mapping[Path, Any],
        b: Mapping[Path, Any],
        rename_value: Callable[[Any], Any] = lambda value: value,
    ) -> Iterator[Difference]:
        left, right = self._pick(where, a, b)
        for key in sorted({*left, *right}):
            if key not in right:
                yield Difference(where, key, "only in A", shown(left[key][0][1]), ABSENT)
            elif key not in left:
                yield Difference(where, key, "only in B", ABSENT, shown(right[key][0][1]))
            else:
                yield from self._value(where, key, rename_value(left[key][0][1]), right[key][0][1])

    def _value(
        self, where: str, key: str, x: Any, y: Any, prefix: str = ""
    ) -> Iterator[Difference]:
        same = verdict(x, y, self._tolerance)
        if same is False:
            yield Difference(where, key, prefix + contrast(x, y), shown(x), shown(y))
        elif same is None:
            yield Difference(where, key, f"{prefix}{_GONE}", shown(x), shown(y), False)

    def _history(self, a: History, b: History) -> Iterator[Difference]:
        left, right = (
            {name: merged(name, parts) for name, parts in picked.items()}
            for picked in self._pick("history", apart(a), apart(b))
        )
        left, rows_a = without_empty_rows(left, len(a))
        right, rows_b = without_empty_rows(right, len(b))
        if self._wanted("history", "rows") and rows_a != rows_b:
            what = f"{counted(rows_a, 'row')} in A, {rows_b} in B"
            yield Difference("history", "rows", what, str(rows_a), str(rows_b))
        # Where rows are left out, the steps of those after them are others.
        whole = rows_a == len(a) and rows_b == len(b)
        if self._wanted("history", STEP) and whole and a.steps != b.steps:
            x, y = (Column(range(len(run)), run.steps) for run in (a, b))
            yield from self._column(STEP, x, y, min(rows_a, rows_b))
        for key in sorted({*left, *right}):
            yield from self._column(key, left.get(key), right.get(key), min(rows_a, rows_b))

    def _column(
        self, key: str, a: Column | None, b: Column | None, common: int
    ) -> Iterator[Difference]:
        if a is None or b is None:
            there, label = (a, "A") if b is None else (b, "B")
            assert there is not None
            what = f"only in {label} ({counted(len(there.rows), 'row')})"
            first = shown(there.values[0])
            yield Difference(
                "history", key, what, *((first, ABSENT) if b is None else (ABSENT, first))
            )
            return
        if a.rows == b.rows:
            rows, left, right = a.rows, a.values, b.values
            if type(left) is type(right) is array and left == right:
                return
        else:
            in_a, in_b = dict(zip(a.rows, a.values)), dict(zip(b.rows, b.values))
            # Rows that one run does not have at all are told once, not for every key.
            if any(row < common for row in in_a.keys() ^ in_b.keys()):
                what = f"in other rows: {_indices(a.rows)} in A, {_indices(b.rows)} in B"
                yield Difference("history", key, what, _indices(a.rows), _indices(b.rows))
            rows = [row for row in a.rows if row in in_b]
            left, right = [in_a[row] for row in rows], [in_b[row] for row in rows]
        wrong: list[tuple[int, Any, Any]] = []
        gone: list[tuple[int, Any, Any]] = []
        for row, x, y in zip(rows, left, right):
            if x is not y and (x != y or type(x) is not type(y)):
                same = verdict(x, y, self._tolerance)
                if same is not True:
                    (wrong if same is False else gone).append((row, x, y))
            elif isinstance(x, (dict, list)) and verdict(x, y, self._tolerance) is None:
                gone.append((row, x, y))
        differ = "differs" if len(wrong) == 1 else "differ"
        for found, what, known in ((wrong, differ, True), (gone, "cannot be compared", False)):
            if found:
                row, x, y = found[0]
                what = f"{len(found)} of {counted(len(rows), 'row')} {what}, first row {row}: "
                what += contrast(x, y) if known else _GONE
                yield Difference("history", key, what, shown(x), shown(y), known)

    def _files(self, a: Recording, b: Recording) -> Iterator[Difference]:
        left = Counter(self._plain(f.path) for f in a.files if f.size is not None)
        right = Counter(f.path for f in b.files if f.size is not None)
        for path in sorted({*left, *right}):
            if self._wanted("files", path) and left[path] != right[path]:
                what = f"{left[path]} in A, {right[path]} in B"
                if not left[path] or not right[path]:
                    what = "only in A" if left[path] else "only in B"
                yield Difference("files", path, what, str(left[path]), str(right[path]))
        policies_a = {self._plain(f.path): f.policy for f in a.files}
        policies_b = {f.path: f.policy for f in b.files}
        for path in sorted(policies_a.keys() & policies_b.keys()):
            x, y = policies_a[path], policies_b[path]
            if self._wanted("files", path) and x and y and x != y:
                yield Difference("files", path, f"uploaded {x} in A, {y} in B", x, y)

    def _artifacts(self, a: Iterable[Artifact], b: Iterable[Artifact]) -> Iterator[Difference]:
        left, right = _versions(a, self._plain), _versions(b, str)
        for name in sorted({*left, *right}):
            if not self._wanted("artifacts", name):
                continue
            mine, theirs = left.get(name, []), right.get(name, [])
            if len(mine) != len(theirs):
                what = f"{counted(len(mine), 'version')} in A, {len(theirs)} in B"
                yield Difference("artifacts", name, what, str(len(mine)), str(len(theirs)))
            for number, (x, y) in enumerate(zip(mine, theirs)):
                for aspect in x:
                    prefix = f"version {number}, {aspect}: "
                    yield from self._value("artifacts", name, x[aspect], y[aspect], prefix)


def _writes(recording: Recording) -> dict[Path, list[Any]]:
    """Return, for each key written to the summary, after how many rows it got which value."""
    writes: dict[Path, list[Any]] = {}
    for update in recording.summary_updates:
        for path, value in flatten(update.values).items():
            writes.setdefault(path, []).append([update.after_rows, value])
        for key in update.removed:
            writes.setdefault((key,), []).append([update.after_rows, "removed"])
    return writes


def _versions(
    artifacts: Iterable[Artifact], renamed: Callable[[str], str]
) -> dict[str, list[dict[str, Any]]]:
    versions: dict[str, list[dict[str, Any]]] = {}
    for artifact in artifacts:
        versions.setdefault(renamed(artifact.name), []).append(
            {
                "type": artifact.type,
                "aliases": list(artifact.aliases),
                "contents": [renamed(file.path) for file in artifact.contents],
                "metadata": artifact.metadata,
                "rows logged before": artifact.after_rows,
            }
        )
    return versions


def _indices(rows: Sequence[int]) -> str:
    numbers = list(map(str, rows if len(rows) <= 6 else rows[:5]))
    return ", ".join(numbers if len(rows) <= 6 else [*numbers, "...", str(rows[-1])])
