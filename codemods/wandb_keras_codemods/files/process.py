"""Process one file: from its bytes to its outcome; nothing is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, AnyStr, Callable, Iterable, Mapping, Sequence

from wandb_keras_codemods import migrate
from wandb_keras_codemods.find.encoding import Undecodable, decode, decode_python
from wandb_keras_codemods.findings import Finding, Migration, ParseFailure
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.metrics.names import MetricNames
from wandb_keras_codemods.metrics.programs import programs_in, seen_from

from . import configurations
from .notebook_json import BadNotebook
from .outcome import FAILED, PENDING, Outcome, failure
from .texts import concerns
from .walk import Candidate
from .yaml import Runs

if TYPE_CHECKING:
    from wandb_keras_codemods.find.project import Project


_CONDA = re.compile(r"^dependencies:", re.MULTILINE)  # a YAML file that is an environment


@dataclass(frozen=True)
class Options:
    """What the user chose.

    Args:
        target: ``"wandb"``, ``"compat"`` or ``"shim"``.
        fallback: Whether what cannot be migrated imports from wandb_keras_compat.
        rename_metrics: Whether literal metric names are rewritten.
        renamed: Whether other files migrate, so that metric names are reported in any case.
        programs: The programs that sweeps name and that come to migrated code, as seen from the
            sweeps, with what they say of their metrics; None when these are not known.
        sweeps: Of sweep files that programs start, or that were asked for by name, what they run;
            None where that is no migrated code.
    """

    target: str
    fallback: bool = True
    rename_metrics: bool = False
    renamed: bool = False
    programs: Mapping[str, MetricNames] | None = None
    sweeps: Mapping[str, Runs | None] = field(default_factory=dict)


def process(candidate: Candidate, options: Options, project: Project | None = None) -> Outcome:
    """Find out what becomes of a file.

    Args:
        candidate: The file.
        options: What the user chose.
        project: What the other files of the run read; None when they are not known.

    Returns:
        Its outcome, ``FAILED`` with a finding when it could not be processed.
    """
    path, kind, data, _ = candidate
    try:
        outcome = _PROCESSORS[kind](path, data, _Work(options, project))
    except (Undecodable, ParseFailure, BadNotebook, RecursionError) as error:
        return _unread(path, kind, data, error)
    except ModuleNotFoundError:
        raise  # part of the installation is missing: no file can do without
    except Exception as error:  # one file must not stop the others
        return failure(path, kind, "WKM907", f"{type(error).__name__}: {error}")
    if any(finding.kind == "error" for finding in outcome.findings):
        return replace(outcome, state=FAILED, new=outcome.old, after=outcome.before)
    return replace(outcome, state=PENDING) if outcome.changed else outcome


def _unread(path: str, kind: str, data: bytes, error: Exception) -> Outcome:
    """Make the outcome of a file that cannot be read."""
    if b"wandb" in data and not concerns(data.decode("utf-8", "replace")):
        return Outcome(
            path, kind, old=data, new=data
        )  # it uses a class of that name from elsewhere
    if isinstance(error, BadNotebook):
        return failure(path, kind, "WKM906", str(error))
    if isinstance(error, Undecodable):
        return failure(path, kind, "WKM903", str(error), "Save the file in the encoding it names.")
    if isinstance(error, ParseFailure):
        finding = Finding(
            error.code, error.message, "", error.line, error.column, error.line, error.column
        )
        return Outcome(path, kind, findings=(finding,), state=FAILED)
    return failure(path, kind, "WKM901", "nested too deeply")


def process_all(
    candidates: Sequence[Candidate],
    options: Options,
    jobs: int = 1,
    done: Callable[[], None] = lambda: None,
    project: Project | None = None,
) -> list[Outcome]:
    """Process files, in several processes where that pays.

    Args:
        candidates: The files.
        options: What the user chose.
        jobs: How many processes at most.
        done: Called after each file.
        project: What the other files of the run read; None when they are not known.
    """
    outcomes: list[Outcome] = []
    if jobs > 1 and len(candidates) >= 2 * jobs:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # the progress bar has a thread, and what has threads must not fork
        context = get_context("spawn")
        with ProcessPoolExecutor(jobs, context, _start, (options, project)) as pool:
            results: Iterable[Outcome] = pool.map(_process_here, candidates, chunksize=4)
            for outcome in results:
                outcomes.append(outcome)
                done()
        return outcomes
    for candidate in candidates:
        outcomes.append(process(candidate, options, project))
        done()
    return outcomes


@dataclass(frozen=True)
class _Work:
    """What is the same for all files."""

    options: Options
    project: Project | None

    def migrate(self, path: str, source: AnyStr) -> Migration[AnyStr]:
        """Migrate a source as the user chose."""
        options = self.options
        return migrate(
            source,
            options.target,
            filename=path,
            fallback=options.fallback,
            rename_metrics=options.rename_metrics,
            renamed=options.renamed,
            programs=options.programs,
            project=self.project,
        )


_here: list[_Work] = []  # in a worker: what it was started with, which is not sent with each file


def _start(options: Options, project: Project | None) -> None:
    _here.append(_Work(options, project))


def _process_here(candidate: Candidate) -> Outcome:
    return process(candidate, _here[-1].options, _here[-1].project)


def _python(path: str, data: bytes, work: _Work) -> Outcome:
    before = after = decode_python(data).content
    migration = work.migrate(path, data)
    if migration.changed:
        after = decode_python(migration.code).content
    findings = tuple(migration.findings)
    return Outcome(path, "python", before, after, findings, old=data, new=migration.code)


def _notebook(path: str, data: bytes, work: _Work) -> Outcome:
    from .notebook import migrate_notebook
    from .notebook_json import read

    text = decode(data)
    found = migrate_notebook(read(text.content), partial(work.migrate, path))
    return Outcome(
        path,
        "notebook",
        found.before,
        found.after,
        found.findings,
        old=data,
        new=text.encode(found.text) if found.text != text.content else data,
        places=found.places,
    )


def _markdown(path: str, data: bytes, work: _Work) -> Outcome:
    from wandb_keras_codemods.files import requirements as requirements_files

    from .markdown import report_markdown

    content = decode(data).content
    findings = (*report_markdown(content), *requirements_files.installed(content))
    return Outcome(path, "markdown", content, content, findings, old=data, new=data)


def _yaml(path: str, data: bytes, work: _Work) -> Outcome:
    from wandb_keras_codemods.files import requirements as requirements_files
    from wandb_keras_codemods.files import yaml as yaml_files

    options, text = work.options, decode(data)
    pragmas = Pragmas.in_text(text.content)
    rename = options.rename_metrics and options.target == "wandb"
    migration = yaml_files.migrate_yaml(
        text.content, rename=rename, kept=pragmas.keeps, runs=partial(_runs, path, options)
    )
    conda = _CONDA.search(text.content) is not None
    bounds = requirements_files.find if conda else requirements_files.installed
    found = [*migration.findings, *configurations.find(text.content), *bounds(text.content)]
    findings = pragmas.filter(
        finding for finding in found if options.target == "wandb" or finding.kind != "metric"
    )
    code = migration.code
    new = text.encode(code) if migration.changed else data
    return Outcome(path, "yaml", text.content, code, tuple(findings), old=data, new=new)


def _runs(path: str, options: Options, said: str) -> Runs | None:
    """Return what a sweep runs; None where that is no migrated code."""
    if options.programs is None:
        return Runs()
    programs = [seen_from(path, name) for name in programs_in(said)]
    found = [options.programs[name] for name in programs if name in options.programs]
    if found:
        return Runs(True, reduce(or_, found))
    return options.sweeps.get(path, None if programs else Runs(sure=False))


def _requirements(path: str, data: bytes, work: _Work) -> Outcome:
    from wandb_keras_codemods.files import requirements as requirements_files

    content = decode(data).content
    found = [*requirements_files.find(content), *configurations.find(content)]
    findings = Pragmas.in_text(content).filter(found)
    return Outcome(path, "requirements", content, content, tuple(findings), old=data, new=data)


def _commands(path: str, data: bytes, work: _Work) -> Outcome:
    from wandb_keras_codemods.files import requirements as requirements_files

    content = decode(data).content
    findings = Pragmas.in_text(content).filter(requirements_files.installed(content))
    return Outcome(path, "commands", content, content, tuple(findings), old=data, new=data)


def _configuration(path: str, data: bytes, work: _Work) -> Outcome:
    content = decode(data).content
    findings = Pragmas.in_text(content).filter(configurations.find(content))
    return Outcome(path, "configuration", content, content, tuple(findings), old=data, new=data)


_PROCESSORS: dict[str, Callable[[str, bytes, _Work], Outcome]] = {
    "python": _python,
    "notebook": _notebook,
    "markdown": _markdown,
    "yaml": _yaml,
    "requirements": _requirements,
    "commands": _commands,
    "configuration": _configuration,
}
