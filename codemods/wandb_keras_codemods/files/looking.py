"""Look at paths as one run: scan them, process the code, then what stands around it."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Sequence

from .outcome import Outcome
from .walk import Candidate, Scan, Unreadable


def look(
    scan: Scan,
    process: Callable[..., list[Outcome]],
    scanned: Callable[[Scan], None] = lambda scan: None,
) -> list[Outcome]:
    """Return the outcomes of the files that have something to say; nothing is written.

    What a sweep or a requirement says matters where code migrates.

    Args:
        scan: The scan, which has not begun.
        process: Processes candidates; what the files of the run read of each other is ``project``,
            and what else it takes are fields of ``Options``.
        scanned: Called after each file that was found.
    """
    code: list[Candidate] = []
    context: list[Candidate] = []
    broken: list[Unreadable] = []
    for found in scan:
        scanned(scan)
        if isinstance(found, Unreadable):
            broken.append(found)
        elif found.context:
            context.append(found)
        else:
            code.append(found)
    if not code and not broken and not context:
        return []
    outcomes = _outcomes(scan, code, context, process)
    if broken:
        from .outcome import failure

        outcomes += [failure(path, "python", "WKM903", reason) for path, reason in broken]
    return [outcome for outcome in outcomes if outcome.findings or outcome.changed]


def _outcomes(
    scan: Scan,
    code: list[Candidate],
    context: list[Candidate],
    process: Callable[..., list[Outcome]],
) -> list[Outcome]:
    project: Any = None
    if code:
        from .neighbours import project_of

        project = project_of(scan, code)
    outcomes = process(code, project=project)
    if not context and not code:
        return outcomes
    from .surroundings import look_around

    work = partial(process, project=project, renamed=True)
    return look_around(code, outcomes, context, frozenset(scan.paths), work, scan.programs)


def look_at(paths: Sequence[str], **chosen: Any) -> tuple[list[Outcome], Scan]:
    """Return what the command finds at paths, and the scan, in this process alone.

    Args:
        paths: Files and folders.
        chosen: What is chosen of ``Options``.
    """
    from .process import Options, process_all

    def process(candidates: list[Candidate], project: Any = None, **around: Any) -> list[Outcome]:
        options = Options(**{**chosen, **around})
        return process_all(candidates, options, project=project) if candidates else []

    scan = Scan(paths)
    return look(scan, process), scan
