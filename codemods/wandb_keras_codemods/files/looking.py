"""Look at paths as one run: scan them, process the code, then what stands around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Container, NamedTuple, Sequence

from .outcome import Outcome
from .walk import Candidate, Scan, Unreadable

if TYPE_CHECKING:
    from wandb_keras_codemods.find.project import Project


class Found(NamedTuple):
    """What a scan found.

    Args:
        scan: The scan, which is over.
        code: Files that may name the callback.
        context: Files that are of interest where code migrates.
        broken: What cannot be read.
        project: What the files of the run read of each other.
    """

    scan: Scan
    code: list[Candidate]
    context: list[Candidate]
    broken: list[Unreadable]
    project: Project | None


def read(scan: Scan, scanned: Callable[[Scan], None] = lambda scan: None) -> Found:
    """Read what is worth a closer look.

    Args:
        scan: The scan, which has not begun.
        scanned: Called after each file that was found.
    """
    code: list[Candidate] = []
    context: list[Candidate] = []
    broken: list[Unreadable] = []
    for each in scan:
        scanned(scan)
        if isinstance(each, Unreadable):
            broken.append(each)
        elif each.context:
            context.append(each)
        else:
            code.append(each)
    project = None
    if code:
        from .neighbours import project_of

        project = project_of(scan, code)
    return Found(scan, code, context, broken, project)


def outcomes_of(found: Found, process: Callable[..., list[Outcome]]) -> list[Outcome]:
    """Return the outcomes of the files that have something to say; nothing is written.

    What a sweep or a requirement says matters where code migrates.

    Args:
        found: What was read.
        process: Processes candidates; what the files of the run read of each other is ``project``,
            and what else it takes are fields of ``Options``.
    """
    scan, code, context, broken, project = found
    if not code and not broken and not context:
        return []
    outcomes = process(code, project=project)
    if context or code:
        from .surroundings import look_around

        work = partial(process, project=project, renamed=True)
        outcomes = look_around(code, outcomes, context, frozenset(scan.paths), work, scan.programs)
    if broken:
        from .outcome import failure

        outcomes += [failure(path, "python", "WKM903", reason) for path, reason in broken]
    return [outcome for outcome in outcomes if outcome.findings or outcome.changed]


def look_at(paths: Sequence[str], left_out: Container[str] = (), **chosen: Any) -> list[Outcome]:
    """Return what the command finds at paths, in this process alone.

    Args:
        paths: Files and folders.
        left_out: Files below them that are not looked at.
        chosen: What is chosen of ``Options``.
    """
    from .process import Options, process_all

    def process(candidates: list[Candidate], project: Any = None, **around: Any) -> list[Outcome]:
        options = Options(**{**chosen, **around})
        return process_all(candidates, options, project=project) if candidates else []

    found = read(Scan(paths))
    code = [candidate for candidate in found.code if candidate.path not in left_out]
    return outcomes_of(found._replace(code=code), process)
