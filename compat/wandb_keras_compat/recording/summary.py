"""The summary of a run while its log is read: what was written last, from rows and by itself."""

from __future__ import annotations

import copy
from fnmatch import fnmatchcase
from typing import Any, Mapping, Sequence

from .items import key_of, name_of
from .texts import load

# Clocks and W&B's own bookkeeping.
VOLATILE = frozenset({"_runtime", "_timestamp", "_wandb"})
_VOLATILE_NAMES = frozenset(map(name_of, VOLATILE))


class Summary:
    """What was written last; what is no dictionary stays as text until the end.

    Names are keys as the log has them, texts values as it has them.
    """

    def __init__(self) -> None:
        self._texts: dict[bytes, bytes] = {}
        self._values: dict[str, Any] = {}  # written before the text of the same key, if it has one
        self._patterns: list[str] = []
        self._own: dict[bytes, bool] = {}  # by name: whether W&B makes its summary by itself

    def aggregate(self, pattern: str) -> None:
        """Leave the summary of a metric alone from now on: W&B records its minimum or the like."""
        self._patterns.append(pattern)
        self._own = {}

    def follow(self, said: Mapping[bytes, bytes]) -> None:
        """Take what a row logged, all of it without dictionaries."""
        if not self._patterns:
            self._texts.update(said)
            return
        for name, text in said.items():
            if not self._aggregated(name):
                self._texts[name] = text

    def follow_values(
        self, names: Sequence[bytes], texts: Sequence[bytes], values: Sequence[Any]
    ) -> None:
        """Take what a row logged, dictionaries too."""
        for name, text, value in zip(names, texts, values):
            if isinstance(value, dict):
                self.follow_value(key_of(name), value)
            elif not self._aggregated(name):
                self._texts[name] = text

    def follow_value(self, key: str, value: Any) -> None:
        """Take a value that a row logged."""
        if not self._aggregated(name_of(key)):
            self.write({key: value})

    def write_texts(self, names: Sequence[bytes], texts: Sequence[bytes]) -> None:
        """Take what was written to the summary, all of it without dictionaries."""
        self._texts.update(zip(names, texts))

    def write_values(
        self, names: Sequence[bytes], texts: Sequence[bytes], values: Sequence[Any]
    ) -> None:
        """Take what was written to the summary, dictionaries too."""
        for name, text, value in zip(names, texts, values):
            if isinstance(value, dict):
                self.write({key_of(name): value})
            else:
                self._texts[name] = text

    def write(self, tree: dict[str, Any]) -> None:
        """Take what was written to the summary."""
        for key, value in tree.items():
            if self._texts.pop(name_of(key), None) is not None:
                self._values.pop(key, None)
            _merge(self._values, {key: copy.deepcopy(value)})

    def remove(self, path: Sequence[str]) -> None:
        """Forget what was written."""
        branch: Any = self._values
        for step in path[:-1]:
            branch = branch.get(step) if isinstance(branch, dict) else None
        if isinstance(branch, dict):
            branch.pop(path[-1], None)
        if len(path) == 1:
            self._texts.pop(name_of(path[0]), None)

    def final(self, notes: list[str]) -> dict[str, Any]:
        """Return the summary at the end, clocks left out; what cannot be read is noted."""
        values = dict(self._values)
        for name, text in self._texts.items():
            if name in _VOLATILE_NAMES:
                continue
            try:
                values[key_of(name)] = load(text) if text else None
            except ValueError as error:
                notes.append(f"an entry of the summary cannot be read ({error})")
        return values

    def _aggregated(self, name: bytes) -> bool:
        if not self._patterns:
            return False
        if name not in self._own:
            key = key_of(name)
            self._own[name] = any(fnmatchcase(key, pattern) for pattern in self._patterns)
        return self._own[name]


def _merge(into: dict[str, Any], tree: dict[str, Any]) -> None:
    """Update a summary: dictionaries key by key, media and everything else as a whole."""
    for key, value in tree.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, dict) and "_type" not in value:
            _merge(known, value)
        else:
            into[key] = value
