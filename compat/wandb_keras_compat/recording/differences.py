"""Compare what two runs recorded and list every difference, one for each key."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence, Tuple, Union

from .recording import Artifact, Recording, Row
from .values import contrast, equal, flatten, shown

ABSENT = "absent"


@dataclass(frozen=True)
class Difference:
    """One thing that two runs recorded differently.

    Args:
        where: ``"history"``, ``"summary"``, ``"summary writes"``, ``"config"``,
            ``"define_metric"``, ``"files"``, ``"artifacts"`` or ``"run"``.
        key: The metric, summary key, file or artifact, by the name it has in the second run.
        what: One clause that tells the difference.
        a: The first run's value, shortened, or ``"absent"``.
        b: The second run's value, shortened, or ``"absent"``.
    """

    where: str
    key: str
    what: str
    a: str
    b: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.what}"


Rename = Union[Mapping[str, str], Sequence[Tuple[str, str]]]


def compare(
    a: Recording,
    b: Recording,
    *,
    rename: Rename = (),
    tolerance: float = 1e-6,
    ignore: Sequence[str] = (),
) -> list[Difference]:
    """Return every difference between two recordings; an empty list means they are equal.

    Not compared: the run's id, name and project, clocks, content hashes, and the bytes of
    artifacts (a saved model holds the time at which it was saved).

    Args:
        a: The first recording.
        b: The second recording.
        rename: Names of ``a`` and what they are called in ``b``; one ``*`` in the old name stands
            for any metric's name, and for the same in the new name: ``{"*": "epoch/*"}``. First
            match wins. Only a name without a ``*`` also renames config keys, files and artifacts.
        tolerance: Two numbers are equal when they differ by no more than
            ``tolerance * max(1, |a|, |b|)``.
        ignore: Patterns of keys not to look at (names of ``b``), such as ``"lr"``, ``"epoch/*"``,
            or with their place before a colon: ``"summary:graph"``, ``"define_metric:*"``.

    Raises:
        ValueError: If the renaming gives two keys of one place the same name.

    Example:
        >>> from wandb_keras_compat.recording import read
        >>> compare(read("before"), read("after"), rename={"*": "epoch/*"})  # doctest: +SKIP
        []
    """
    if not tolerance >= 0:
        raise ValueError(f"tolerance={tolerance!r}: expected a number that is not negative")
    rules = list(rename.items() if isinstance(rename, Mapping) else rename)
    return list(_Comparison(rules, tolerance, tuple(ignore)).run(a, b))


def renamer(rename: Rename) -> Callable[[str], str]:
    """Return the function that gives a key of the first run its name in the second.

    Example:
        >>> renamer({"best_*": "best_epoch/*"})("best_val_loss")
        'best_epoch/val_loss'
    """
    pairs = list(rename.items() if isinstance(rename, Mapping) else rename)
    rules = []
    for old, new in pairs:
        if old.count("*") > 1 or new.count("*") > old.count("*"):
            raise ValueError(f"rename {old!r} to {new!r}: expected at most one * on each side")
        rules.append((re.compile(re.escape(old).replace(r"\*", "(.*)") + r"\Z", re.DOTALL), new))

    def renamed(key: str) -> str:
        for pattern, new in rules:
            match = pattern.match(key)
            if match:
                return new.replace("*", match.group(1)) if match.groups() else new
        return key

    return renamed


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


class _Comparison:
    """Names, tolerance and what to leave out; each method yields the differences of one place."""

    def __init__(
        self, rules: Sequence[tuple[str, str]], tolerance: float, ignore: tuple[str, ...]
    ) -> None:
        self._metric = renamer(rules)
        self._plain = renamer([rule for rule in rules if "*" not in rule[0]])
        self._tolerance = tolerance
        self._ignore = ignore

    def run(self, a: Recording, b: Recording) -> Iterator[Difference]:
        if a.finished != b.finished:
            ends = [("finished" if r.finished else "no end in its log") for r in (a, b)]
            yield Difference("run", "end", f"{ends[0]} in A, {ends[1]} in B", *ends)
        yield from self._history(a.history, b.history)
        yield from self._values("summary", a.summary, b.summary)
        if a.summary_timed and b.summary_timed:
            yield from self._values("summary writes", self._writes(a), self._writes(b), nested=True)
        yield from self._values("config", a.config, b.config)
        yield from self._values(
            "define_metric",
            {m.name: {"axis": m.step_metric, "summary": list(m.summary)} for m in a.metrics},
            {m.name: {"axis": m.step_metric, "summary": list(m.summary)} for m in b.metrics},
            nested=True,
            rename_value=lambda v: {**v, "axis": v["axis"] and self._metric(v["axis"])},
        )
        yield from self._files(a, b)
        yield from self._artifacts(a.artifacts, b.artifacts)

    def _wanted(self, where: str, key: str) -> bool:
        return not any(
            fnmatchcase(key, pattern) or fnmatchcase(f"{where}:{key}", pattern)
            for pattern in self._ignore
        )

    def _pick(
        self, where: str, values: Mapping[str, Any], rename: bool, nested: bool = False
    ) -> dict[str, Any]:
        """Return flat values under their new names, without what is to be ignored."""
        flat = dict(values) if nested else flatten(dict(values))
        picked: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for key, value in flat.items():
            renamed = self._plain if where == "config" else self._metric
            new = renamed(key) if rename else key
            if new in picked:
                raise ValueError(
                    f"the renaming gives {origins[new]!r} and {key!r} the name {new!r}"
                )
            origins[new] = key
            picked[new] = value
        return {key: value for key, value in picked.items() if self._wanted(where, key)}

    def _values(
        self,
        where: str,
        a: Mapping[str, Any],
        b: Mapping[str, Any],
        nested: bool = False,
        rename_value: Callable[[Any], Any] = lambda value: value,
    ) -> Iterator[Difference]:
        left = self._pick(where, a, rename=True, nested=nested)
        right = self._pick(where, b, rename=False, nested=nested)
        for key in sorted({*left, *right}):
            if key not in right:
                yield Difference(where, key, "only in A", shown(left[key]), ABSENT)
            elif key not in left:
                yield Difference(where, key, "only in B", ABSENT, shown(right[key]))
            else:
                x, y = rename_value(left[key]), right[key]
                if not equal(x, y, self._tolerance):
                    yield Difference(where, key, contrast(x, y), shown(x), shown(y))

    def _history(self, a: Sequence[Row], b: Sequence[Row]) -> Iterator[Difference]:
        left = [self._pick("history", row.values, rename=True) for row in a]
        right = [self._pick("history", row.values, rename=False) for row in b]
        left, right = [row for row in left if row], [row for row in right if row]
        if len(left) != len(right) and self._wanted("history", "rows"):
            what = f"{_rows(len(left))} in A, {len(right)} in B"
            yield Difference("history", "rows", what, str(len(left)), str(len(right)))
        for key in sorted({key for row in [*left, *right] for key in row}):
            yield from self._column(key, left, right)

    def _column(
        self, key: str, a: list[dict[str, Any]], b: list[dict[str, Any]]
    ) -> Iterator[Difference]:
        in_a = {i: row[key] for i, row in enumerate(a) if key in row}
        in_b = {i: row[key] for i, row in enumerate(b) if key in row}
        if not in_b:
            first = shown(next(iter(in_a.values())))
            yield Difference("history", key, f"only in A ({_rows(len(in_a))})", first, ABSENT)
            return
        if not in_a:
            first = shown(next(iter(in_b.values())))
            yield Difference("history", key, f"only in B ({_rows(len(in_b))})", ABSENT, first)
            return
        # Rows that one run does not have at all are told once, not for every key.
        common = range(min(len(a), len(b)))
        if any((i in in_a) != (i in in_b) for i in common):
            what = f"in other rows: {_indices(in_a)} in A, {_indices(in_b)} in B"
            yield Difference("history", key, what, _indices(in_a), _indices(in_b))
        both = [i for i in common if i in in_a and i in in_b]
        wrong = [i for i in both if not equal(in_a[i], in_b[i], self._tolerance)]
        if wrong:
            x, y = in_a[wrong[0]], in_b[wrong[0]]
            what = f"{len(wrong)} of {_rows(len(both))} differ, first row {wrong[0]}: "
            yield Difference("history", key, what + contrast(x, y), shown(x), shown(y))

    def _writes(self, recording: Recording) -> dict[str, list[Any]]:
        """Return, for each key written to the summary, after how many rows it got which value."""
        writes: dict[str, list[Any]] = {}
        for update in recording.summary_updates:
            for key, value in flatten(dict(update.values)).items():
                writes.setdefault(key, []).append([update.after_rows, value])
            for key in update.removed:
                writes.setdefault(key, []).append([update.after_rows, "removed"])
        return writes

    def _files(self, a: Recording, b: Recording) -> Iterator[Difference]:
        left = Counter(self._plain(f.path) for f in a.files if f.size is not None)
        right = Counter(f.path for f in b.files if f.size is not None)
        for path in sorted({*left, *right}):
            if left[path] != right[path] and self._wanted("files", path):
                what = f"{left[path]} in A, {right[path]} in B"
                if not left[path] or not right[path]:
                    what = "only in A" if left[path] else "only in B"
                yield Difference("files", path, what, str(left[path]), str(right[path]))
        policies_a = {self._plain(f.path): f.policy for f in a.files}
        policies_b = {f.path: f.policy for f in b.files}
        for path in sorted(policies_a.keys() & policies_b.keys()):
            x, y = policies_a[path], policies_b[path]
            if x and y and x != y and self._wanted("files", path):
                yield Difference("files", path, f"uploaded {x} in A, {y} in B", x, y)

    def _artifacts(self, a: Iterable[Artifact], b: Iterable[Artifact]) -> Iterator[Difference]:
        left, right = _versions(a, self._plain), _versions(b, str)
        for name in sorted({*left, *right}):
            if not self._wanted("artifacts", name):
                continue
            mine, theirs = left.get(name, []), right.get(name, [])
            if len(mine) != len(theirs):
                what = f"{len(mine)} versions in A, {len(theirs)} in B"
                yield Difference("artifacts", name, what, str(len(mine)), str(len(theirs)))
            for number, (x, y) in enumerate(zip(mine, theirs)):
                for aspect in x:
                    if not equal(x[aspect], y[aspect], self._tolerance):
                        what = f"version {number}, {aspect}: {contrast(x[aspect], y[aspect])}"
                        yield Difference(
                            "artifacts", name, what, shown(x[aspect]), shown(y[aspect])
                        )


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


def _indices(rows: Iterable[int]) -> str:
    numbers = [str(i) for i in rows]
    return ", ".join(numbers if len(numbers) <= 6 else [*numbers[:5], "...", numbers[-1]])
