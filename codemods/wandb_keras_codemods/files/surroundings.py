"""Look around the code that migrates: who names its metrics, what a requirement pins."""

from __future__ import annotations

import os
from typing import Callable, Sequence

from wandb_keras_codemods.metrics.programs import Programs, programs_in

from .outcome import FAILED, Outcome
from .walk import Candidate

_PROGRAMS = ("python", "notebook")


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
            sweeps come to migrated code, and which ``sweeps`` migrated code starts.
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
    programs = sweeps = None
    if renamed:
        done = [c for c, outcome in zip(code, found) if _renamed(outcome)]
        programs = _programs(asked, paths, [candidate.path for candidate in done])
        texts = [candidate.data for candidate in done]
        started = (c.path for c in asked if c.kind == "yaml" and _started(c.path, texts))
        sweeps = frozenset(started) | named
    around = process(asked, programs=programs, sweeps=sweeps or frozenset())
    for outcome in around:
        if outcome.kind == "yaml" and not renamed and outcome.path not in named:
            found.append(outcome.without_kind("metric"))
        elif outcome.kind not in _PROGRAMS:
            found.append(outcome)
        elif outcome.state != FAILED:  # what cannot be read does not concern us
            found.append(outcome.only("metric"))
    if not legacy:  # what is pinned is of interest only where something migrates
        found = [o.without_kind("requirement") if o.kind == "markdown" else o for o in found]
    return found


def _programs(
    context: Sequence[Candidate], paths: Sequence[str], migrating: Sequence[str]
) -> frozenset[str]:
    """Return the programs that are named around the code and that come to migrated code."""
    known = Programs([*paths, *migrating], migrating)
    said = {
        name
        for candidate in context
        if candidate.kind in ("yaml", *_PROGRAMS)
        for name in programs_in(candidate.data.decode("utf-8", "replace"))
    }
    return frozenset(name for name in said if known.run(name))


def _started(path: str, programs: Sequence[bytes]) -> bool:
    """Tell whether a program names a file, as one does that starts its sweep."""
    name = os.path.basename(path).encode("utf-8", "surrogateescape")
    return any(name in program for program in programs)


def _renamed(outcome: Outcome) -> bool:
    return any(finding.code == "WKM201" for finding in outcome.findings)


def _asked(candidate: Candidate, wanted: dict[str, bool], named: frozenset[str]) -> bool:
    if candidate.kind in _PROGRAMS:
        return wanted[candidate.kind]
    mentioned = candidate.path in named or b"WandbCallback" in candidate.data
    return wanted[candidate.kind] or mentioned
