"""Process one file: from its bytes to its outcome; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Iterable, Sequence

from wandb_keras_codemods import migrate
from wandb_keras_codemods.find.encoding import Undecodable, decode, decode_python
from wandb_keras_codemods.findings import Finding, Migration, ParseFailure
from wandb_keras_codemods.findings.pragmas import Pragmas

from .outcome import FAILED, PENDING, Outcome, failure
from .walk import Candidate


@dataclass(frozen=True)
class Options:
    """What the user chose.

    Args:
        target: ``"wandb"``, ``"compat"`` or ``"shim"``.
        fallback: Whether what cannot be migrated imports from wandb_keras_compat.
        rename_metrics: Whether literal metric names are rewritten.
        renamed: Whether other files migrate, so that metric names are reported in any case.
    """

    target: str = "wandb"
    fallback: bool = True
    rename_metrics: bool = False
    renamed: bool = False


def process(candidate: Candidate, options: Options) -> Outcome:
    """Find out what becomes of a file.

    Args:
        candidate: The file.
        options: What the user chose.

    Returns:
        Its outcome, ``FAILED`` with a finding when it could not be processed.
    """
    path, kind, data, _ = candidate
    try:
        outcome = _PROCESSORS[kind](path, data, options)
    except Undecodable as error:
        return failure(path, kind, "WKM903", str(error), "Save the file in the encoding it names.")
    except ParseFailure as error:
        finding = Finding(
            error.code, error.message, "", error.line, error.column, error.line, error.column
        )
        return Outcome(path, kind, findings=(finding,), state=FAILED)
    except RecursionError:
        return failure(path, kind, "WKM901", "nested too deeply")
    except ModuleNotFoundError:
        raise  # part of the installation is missing: no file can do without
    except Exception as error:  # one file must not stop the others
        return failure(path, kind, "WKM907", f"{type(error).__name__}: {error}")
    if any(finding.kind == "error" for finding in outcome.findings):
        return replace(outcome, state=FAILED, new=outcome.old, after=outcome.before)
    return replace(outcome, state=PENDING) if outcome.changed else outcome


def process_all(
    candidates: Sequence[Candidate],
    options: Options,
    jobs: int = 1,
    done: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Process files, in several processes where that pays.

    Args:
        candidates: The files.
        options: What the user chose.
        jobs: How many processes at most.
        done: Called after each file.
    """
    outcomes: list[Outcome] = []
    if jobs > 1 and len(candidates) >= 2 * jobs:
        from concurrent.futures import ProcessPoolExecutor
        from functools import partial
        from multiprocessing import get_context

        # the progress bar has a thread, and what has threads must not fork
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            work = partial(process, options=options)
            results: Iterable[Outcome] = pool.map(work, candidates, chunksize=4)
            for outcome in results:
                outcomes.append(outcome)
                done()
        return outcomes
    for candidate in candidates:
        outcomes.append(process(candidate, options))
        done()
    return outcomes


def _migrator(path: str, options: Options) -> Callable[[str], Migration]:
    def run(source: str) -> Migration:
        return migrate(
            source,
            options.target,
            filename=path,
            fallback=options.fallback,
            rename_metrics=options.rename_metrics,
            renamed=options.renamed,
        )

    return run


def _python(path: str, data: bytes, options: Options) -> Outcome:
    text = decode_python(data)
    migration = _migrator(path, options)(text.content)
    new = text.encode(migration.code) if migration.changed else data
    findings = tuple(migration.findings)
    return Outcome(path, "python", text.content, migration.code, findings, old=data, new=new)


def _notebook(path: str, data: bytes, options: Options) -> Outcome:
    from .notebook import migrate_notebook
    from .notebook_json import BadNotebook, read

    text = decode(data)
    try:
        notebook = read(text.content)
    except BadNotebook as error:
        return failure(path, "notebook", "WKM906", str(error))
    found = migrate_notebook(notebook, _migrator(path, options))
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


def _markdown(path: str, data: bytes, options: Options) -> Outcome:
    from .markdown import report_markdown

    content = decode(data).content
    findings = Pragmas.in_text(content).filter(report_markdown(content))
    return Outcome(path, "markdown", content, content, tuple(findings), old=data, new=data)


def _yaml(path: str, data: bytes, options: Options) -> Outcome:
    from wandb_keras_codemods.files import yaml as yaml_files

    text = decode(data)
    if not yaml_files.mentions(data):
        return Outcome(path, "yaml", old=data, new=data)
    pragmas = Pragmas.in_text(text.content)
    rename = options.rename_metrics and options.target == "wandb"
    migration = yaml_files.migrate_yaml(text.content, rename=rename, kept=pragmas.keeps)
    findings = pragmas.filter(
        finding
        for finding in migration.findings
        if options.target == "wandb" or finding.kind != "metric"
    )
    code = str(migration.code)
    new = text.encode(code) if migration.changed else data
    return Outcome(path, "yaml", text.content, code, tuple(findings), old=data, new=new)


def _requirements(path: str, data: bytes, options: Options) -> Outcome:
    from wandb_keras_codemods.files import requirements as requirements_files

    content = decode(data).content
    findings = Pragmas.in_text(content).filter(requirements_files.find(content))
    return Outcome(path, "requirements", content, content, tuple(findings), old=data, new=data)


_PROCESSORS: dict[str, Callable[[str, bytes, Options], Outcome]] = {
    "python": _python,
    "notebook": _notebook,
    "markdown": _markdown,
    "yaml": _yaml,
    "requirements": _requirements,
}
