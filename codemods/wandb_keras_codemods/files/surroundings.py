"""Look around the code that migrates: who names its metrics, what a requirement pins."""

from __future__ import annotations

import os
import re
from functools import reduce
from operator import or_
from typing import Callable, Iterator, Mapping, Sequence

from wandb_keras_codemods.metrics.names import MetricNames
from wandb_keras_codemods.metrics.programs import Programs, programs_in, seen_from

from . import configurations
from .outcome import FAILED, Outcome
from .walk import Candidate
from .yaml import Runs

_PROGRAMS = ("python", "notebook")
_STARTS = re.compile(rb"\bsweep\b")  # what starts a sweep says so


def look_around(
    code: Sequence[Candidate],
    outcomes: Sequence[Outcome],
    context: Sequence[Candidate],
    named: frozenset[str],
    process: Callable[..., list[Outcome]],
    paths: Sequence[str] = (),
) -> list[Outcome]:
    """Return the outcomes of the code and of what stands around it.

    Args:
        code: The files that name the callback.
        outcomes: What became of them.
        context: Sweeps, requirements, and programs that may read what the callback logged.
        named: The paths that were asked for one by one.
        process: Processes files, knowing that metric names are others now, which ``programs`` of
            sweeps come to migrated code, and what ``sweeps`` run that programs start.
        paths: All Python files of the run.
    """
    legacy = any(
        outcome.kind in _PROGRAMS and outcome.count("migrated", "manual", "lost")
        for outcome in outcomes
    )
    renamed = any(_renamed(outcome) for outcome in outcomes)
    found = list(outcomes)
    if renamed:  # a file that imports the callback and has no use for it may read its metrics
        again = [
            index
            for index, outcome in enumerate(outcomes)
            if outcome.kind in _PROGRAMS
            and outcome.changed
            and not _renamed(outcome)
            and not outcome.count("manual", "error")
        ]
        for index, outcome in zip(again, process([code[index] for index in again])):
            found[index] = outcome
    wanted = {"python": renamed, "notebook": renamed, "yaml": renamed or legacy}
    wanted.update(requirements=legacy, commands=legacy, markdown=legacy)
    asked = [candidate for candidate in context if _asked(candidate, wanted, named)]
    programs: dict[str, MetricNames] | None = None
    sweeps: dict[str, Runs | None] = {}
    if renamed:
        done = [c.path for c, outcome in zip(code, found) if _renamed(outcome)]
        known = Programs([*paths, *done], done)
        programs = _programs(asked, known)
        sweeps = dict(_started([c.path for c in asked if c.kind == "yaml"], known, named))
    around = process(asked, programs=programs, sweeps=sweeps)
    for outcome in around:
        if outcome.kind == "yaml" and not renamed and outcome.path not in named:
            found.append(outcome.without_kind("metric"))
        elif outcome.kind not in _PROGRAMS:
            found.append(outcome)
        elif outcome.state != FAILED:  # what cannot be read does not concern us
            found.append(outcome.only("metric"))
    if not legacy:  # what is pinned is of interest only where something migrates
        pinned = [o.kind in ("markdown", "yaml") and o.path not in named for o in found]
        found = [o.without_kind("requirement") if pin else o for o, pin in zip(found, pinned)]
    return found


def _programs(context: Sequence[Candidate], known: Programs) -> dict[str, MetricNames]:
    """Return the programs that are named around the code and that come to migrated code.

    Each is called as it is seen from the file that names it.
    """
    found: dict[str, MetricNames] = {}
    for candidate in context:
        if candidate.kind not in ("yaml", *_PROGRAMS):
            continue
        for name in programs_in(candidate.data.decode("utf-8", "replace")):
            place = seen_from(candidate.path, name)
            if place not in found:
                comes_to = [known.run(path) for path in known.named(name, candidate.path)]
                migrated = [_names(files) for files in comes_to if files is not None]
                if migrated:  # of several of that name it is not known which is meant
                    doubt = MetricNames(unseen=len(migrated) < len(comes_to))
                    found[place] = reduce(or_, migrated, doubt)
    return found


def _started(
    sweeps: Sequence[str], known: Programs, named: frozenset[str]
) -> Iterator[tuple[str, Runs | None]]:
    """Yield the sweep files that programs start, and those that were asked for by name."""
    starters: dict[str, list[str]] = {}
    for program in known.paths if sweeps else ():
        data = known.read(program)
        if _STARTS.search(data):
            for path in _meant(sweeps, program, data):
                starters.setdefault(path, []).append(program)
    for path in sweeps:
        comes_to = [files for p in starters.get(path, ()) if (files := known.run(p)) is not None]
        if comes_to or path in named:
            yield path, Runs(True, reduce(or_, map(_names, comes_to), MetricNames()))
        elif path in starters:
            yield path, None


def _meant(sweeps: Sequence[str], program: str, data: bytes) -> Iterator[str]:
    """Yield the sweep files that a program names; of several of a name, the one it can see."""
    alike: dict[bytes, list[str]] = {}
    for path in sweeps:
        alike.setdefault(os.fsencode(os.path.basename(path)), []).append(path)
    for word, paths in alike.items():
        if word in data:
            beside = [p for p in paths if os.path.dirname(p) == os.path.dirname(program)]
            named = [p for p in paths if os.fsencode(p.replace(os.sep, "/")) in data]
            yield from named or beside or paths


def _names(files: Mapping[str, bytes]) -> MetricNames:
    """Return what the files of a program say of its metrics."""
    from wandb_keras_codemods.metrics.own import names_of

    from .modules import FAILURES, module_of

    names = MetricNames()
    for path, data in files.items():
        try:
            names |= names_of(module_of(path, data))
        except (*FAILURES, RecursionError):
            names |= MetricNames(unseen=True)
    return names


def _renamed(outcome: Outcome) -> bool:
    return any(finding.code == "WKM201" for finding in outcome.findings)


def _asked(candidate: Candidate, wanted: dict[str, bool], named: frozenset[str]) -> bool:
    if candidate.kind in _PROGRAMS:
        return wanted[candidate.kind]
    mentioned = candidate.path in named or configurations.mentions(candidate.data)
    return wanted[candidate.kind] or mentioned
