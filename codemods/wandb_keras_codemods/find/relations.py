"""Which files of a run are related: imports lead from one to the other."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import Iterable, Mapping

from wandb_keras_codemods.find.raw import (
    IMPORT,
    PATH_ENDS,
    QUOTED,
    RUN,
    decoded,
    plain_word,
    words_of,
)


def related(texts: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return for each file those it imports or is imported by."""
    homes: dict[str, list[tuple[str, ...]]] = defaultdict(list)  # by the last word of the module
    paths: dict[tuple[str, ...], str] = {}
    for path in texts:
        pure = PurePath(path)
        parts = (*pure.parent.parts, pure.stem)
        if pure.stem == "__init__":
            parts = parts[:-1]
        parts = tuple(map(plain_word, parts))
        if parts:
            homes[parts[-1]].append(parts)
            paths[parts] = path
    graph: dict[str, set[str]] = defaultdict(set)
    for path, text in texts.items():
        here = tuple(map(plain_word, PurePath(path).parent.parts))
        for module in _modules(text):
            for parts in _targets(module, here, homes):
                graph[path].add(paths[parts])
                graph[paths[parts]].add(path)
    return graph


def _modules(text: bytes) -> set[tuple[int, tuple[str, ...]]]:
    """Return the modules a text may import: how many dots, then the words of the path."""
    found: set[tuple[int, tuple[str, ...]]] = set()
    for match in IMPORT.finditer(text):
        if match["home"] is None:
            for module in match["modules"].split(b","):
                words = words_of(module.split(b" as ")[0])
                found.update((0, tuple(words[:end])) for end in range(1, len(words) + 1))
            continue
        home = decoded(match["home"])
        level = len(home) - len(home.lstrip("."))
        base = tuple(part for part in home[level:].split(".") if part)
        found.update((level, base[:end]) for end in range(0 if level else 1, len(base) + 1))
        for name in words_of(match["names"]):
            found.add((level, (*base, name)))
    for run in RUN.findall(text) if b"%run" in text else ():
        found.add((0, tuple(PurePath(decoded(run)).with_suffix("").parts)))
    for quoted in QUOTED.findall(text):
        path = decoded(quoted)
        path = path[: -len(".py")] if path.endswith(".py") else path
        words = [word for word in PATH_ENDS.split(path) if word]
        if len(words) > 1 or "." in decoded(quoted):
            found.update((0, tuple(words[:end])) for end in range(1, len(words) + 1))
    return found


def _targets(
    module: tuple[int, tuple[str, ...]],
    here: tuple[str, ...],
    homes: Mapping[str, list[tuple[str, ...]]],
) -> list[tuple[str, ...]]:
    """Return the files that a module may be: the nearest above a file, else all of that path."""
    level, words = module
    if not words:
        package = here[: len(here) - level + 1]
        return [package] if package and package in homes.get(package[-1], ()) else []
    found = [parts for parts in homes.get(words[-1], ()) if parts[-len(words) :] == words]
    if level:
        base = here[: len(here) - level + 1]
        return [parts for parts in found if parts == (*base, *words)]
    for end in range(len(here), -1, -1):
        near = [parts for parts in found if parts == (*here[:end], *words)]
        if near:
            return near
    return found


def tie_tests(graph: dict[str, set[str]], conftest: str, paths: Iterable[str]) -> None:
    """Relate a conftest.py to the tests of its folder."""
    folder = PurePath(conftest).parent
    for path in paths:
        pure = PurePath(path)
        if pure.name.startswith("test_") and folder in pure.parents:
            graph[conftest].add(path)
            graph[path].add(conftest)


def component(graph: Mapping[str, set[str]], start: str) -> frozenset[str]:
    """Return all files that imports lead to or from."""
    seen, todo = {start}, [start]
    while todo:
        for other in graph.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return frozenset(seen)
