"""Tell what is installed, what will break here and where, and the remedy for each."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import Iterator, Mapping, NamedTuple

from ._doctor_sources import Sources, Use, scan
from ._wandb_modules import LEGACY, TRIO
from .environment import KERAS_3, TF_KERAS, Environment, Keras, detect, parse

ENABLE = "wandb-keras-compat enable (every Python here), or: wandb-keras-compat run SCRIPT."
OURS = "wandb-keras-compat enable --ours, or: wandb-keras-compat run --ours SCRIPT."
BREAK, NOTE = "break", "note"
OFF, ON, OURS_ON = "off", "on", "on, for every legacy import"


class Check(NamedTuple):
    """One thing that can be found: what it is, and the remedy; ``{}`` are facts of the case."""

    what: str
    remedy: str


CHECKS = {
    "environment": Check("{what}", "{remedy}"),
    # imports of W&B's that fail
    "keras-module": Check("wandb {wandb} has no module wandb.keras; it went in 0.17.0.", ENABLE),
    "old-home": Check("No wandb that works today has the module wandb.wandb_keras.", ENABLE),
    "legacy-class": Check("wandb {wandb} has no WandbCallback; it went in 0.27.1.", ENABLE),
    "needs-tensorflow": Check(
        "W&B's Keras callbacks need TensorFlow, which is not installed.", ENABLE
    ),
    "silent-import": Check(
        "`except ImportError: pass` hides that the import fails: training goes on, unlogged.",
        "Remove the try, and make the import work: " + ENABLE,
    ),
    # imports that work, with a crash afterwards
    "legacy-on-keras-3": Check(
        "The WandbCallback of wandb {wandb} crashes on Keras {keras} after the first batch.", OURS
    ),
    "mixed-kerases": Check(
        "W&B's callbacks are built on {callbacks}, the model on {model}: fit fails.",
        "Set TF_USE_LEGACY_KERAS=1 before TensorFlow is imported, or: " + OURS,
    ),
    "keras-missing": Check("{module} is imported, and {missing} is not installed.", "{install}"),
    "workers": Check(
        "Worker processes are spawned here and have no run: wandb.config fails in them.",
        "Copy what they need from wandb.config in the data set's __init__, or call wandb.init()"
        " there.",
    ),
    # protobuf
    "protobuf-wandb": Check(
        "wandb {wandb} needs protobuf 5; protobuf {protobuf} is installed: importing wandb fails.",
        'pip install "wandb<=0.28.0", the last that works with protobuf 4.',
    ),
    "protobuf-tensorflow": Check(
        "TensorFlow {tensorflow} cannot be imported with protobuf {protobuf}.",
        'pip install "protobuf<3.21"',
    ),
    "protobuf-pin": Check(
        "TensorFlow {tensorflow} asks for protobuf<5, wandb {wandb} for more: pip refuses to"
        " install both. What is installed does run.",
        'For pip: "wandb<=0.28.0".',
    ),
    # for information
    "shim-off": Check("Legacy imports of WandbCallback fail in this environment.", ENABLE),
    "both-kerases": Check(
        "Models come from different Kerases: {models}. Ours work with each; W&B's do not.", ""
    ),
    "offline": Check(
        "WANDB_MODE=offline: runs are kept on disk; W&B's evaluation tables need a server.",
        "Send them later: wandb sync DIRECTORY.",
    ),
    "disabled": Check("W&B is switched off by {variable}: nothing is logged.", "Unset it."),
    "codemod": Check(
        "The codemod finds {found}.", "See what it would change: wandb-keras-migrate {path}"
    ),
    "codemod-missing": Check(
        "Which calls can be migrated is not told: the codemod is not installed.",
        "With Python 3.9 or newer: pip install 'wandb-keras-compat[migrate]'",
    ),
    "unread": Check("Not read: {file}.", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """All that a diagnosis depends on, as plain values.

    Args:
        environment: What ``detect()`` tells.
        environ: The environment variables.
        protobuf: Version of protobuf, or None.
        shim: ``OFF``, ``ON`` or ``OURS_ON``, as this interpreter was started.
        spawns: Whether worker processes are spawned, not forked.
    """

    environment: Environment
    environ: Mapping[str, str] = field(default_factory=dict)
    protobuf: str | None = None
    shim: str = OFF
    spawns: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """One thing found.

    Args:
        id: A key of ``CHECKS``.
        level: ``"break"`` or ``"note"``.
        what: A sentence.
        remedy: What to do; empty when nothing is.
        where: Places in the code.
    """

    id: str
    level: str
    what: str
    remedy: str
    where: tuple[str, ...] = ()


def collect() -> Facts:
    """Return the facts of this interpreter; no Keras, no backend and no wandb is imported."""
    import multiprocessing

    try:
        protobuf = metadata.version("protobuf")
    except metadata.PackageNotFoundError:
        protobuf = None
    method = multiprocessing.get_start_method(allow_none=True)
    default = multiprocessing.get_all_start_methods()[0]
    return Facts(detect(), dict(os.environ), protobuf, _shim(), (method or default) != "fork")


def examine(path: str | None = None) -> tuple[Facts, Sources | None, list[Diagnosis]]:
    """Examine this environment, and the code at a path.

    Args:
        path: A file or folder, or None.

    Returns:
        The facts, what the code uses (None without a path), what was found: breaks first.

    Raises:
        FileNotFoundError: If there is no such path.

    Example:
        >>> facts, _, found = examine()
        >>> {diagnosis.level for diagnosis in found} <= {"break", "note"}
        True
    """
    facts = collect()
    sources = None if path is None else scan(path)
    found = diagnose(facts, sources)
    if path is not None:
        found.append(_ask_codemod(path))
    return facts, sources, found


def diagnose(facts: Facts, sources: Sources | None = None) -> list[Diagnosis]:
    """Decide from facts alone, so that any environment can be simulated.

    Args:
        facts: The environment.
        sources: What the code uses, or None.

    Returns:
        What was found, breaks first; places that break alike are put together.
    """
    merged: dict[tuple[str, str], Diagnosis] = {}
    for found in (*_of_environment(facts, sources), *_of_sources(facts, sources or Sources())):
        known = merged.get((found.id, found.what))
        where = (*known.where, *found.where) if known else found.where
        merged[found.id, found.what] = replace(found, where=tuple(dict.fromkeys(where)))
    return sorted(merged.values(), key=lambda diagnosis: diagnosis.level != BREAK)


def model_keras(module: str, environment: Environment, environ: Mapping[str, str]) -> Keras | None:
    """Return the Keras that an import gives here; None when it fails.

    Args:
        module: ``"keras"``, ``"tf_keras"`` or ``"tensorflow.keras"``.
        environment: What ``detect()`` tells.
        environ: The environment variables.
    """
    by_module = {keras.module: keras for keras in environment.kerases}
    if module != "tensorflow.keras" or module in by_module:
        return by_module.get(module)
    if environment.tensorflow is None:
        return None
    wants_legacy = environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    return by_module.get("tf_keras" if wants_legacy else "keras")


def _found(id_: str, level: str, where: tuple[str, ...] = (), **facts: str | None) -> Diagnosis:
    check = CHECKS[id_]
    return Diagnosis(id_, level, check.what.format(**facts), check.remedy.format(**facts), where)


def _of_environment(facts: Facts, sources: Sources | None) -> Iterator[Diagnosis]:
    environment = facts.environment
    for problem in environment.problems:
        what, _, remedy = problem.partition(": ")
        yield _found("environment", BREAK, what=f"{what}.", remedy=remedy)
    yield from _protobuf(facts)
    wandb = environment.wandb
    if sources is None and wandb is not None and facts.shim == OFF:
        if not wandb.legacy_callback:
            yield _found("shim-off", NOTE)
        if environment.tensorflow is None:
            yield _found("needs-tensorflow", NOTE)
    mode = facts.environ.get("WANDB_MODE", "").lower()
    if facts.environ.get("WANDB_DISABLED", "").lower() in ("1", "true"):
        yield _found("disabled", NOTE, variable="WANDB_DISABLED")
    elif mode == "disabled":
        yield _found("disabled", NOTE, variable="WANDB_MODE=disabled")
    elif mode in ("offline", "dryrun"):
        yield _found("offline", NOTE)


def _protobuf(facts: Facts) -> Iterator[Diagnosis]:
    wandb, tensorflow = facts.environment.wandb, facts.environment.tensorflow
    protobuf = parse(facts.protobuf)
    if facts.protobuf is None:
        return
    versions = {
        "protobuf": facts.protobuf,
        "tensorflow": tensorflow,
        "wandb": None if wandb is None else wandb.version,
    }
    new = wandb is not None and parse(wandb.version) >= parse("0.28.1")
    if new and protobuf < parse("5"):
        yield _found("protobuf-wandb", BREAK, (), **versions)
    if tensorflow is None:
        return
    pure = facts.environ.get("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION") == "python"
    if parse("2.6") <= parse(tensorflow) < parse("2.9") and protobuf >= parse("3.21") and not pure:
        yield _found("protobuf-tensorflow", BREAK, (), **versions)
    elif new and parse("2.12") <= parse(tensorflow) < parse("2.17") and protobuf >= parse("5"):
        yield _found("protobuf-pin", NOTE, (), **versions)


def _of_sources(facts: Facts, sources: Sources) -> Iterator[Diagnosis]:
    environment, wandb = facts.environment, facts.environment.wandb
    models = {
        use.name: model_keras(use.name, environment, facts.environ) for use in sources.kerases
    }
    for use in sources.kerases:
        if models[use.name] is None and not use.handled:
            missing = "tensorflow" if use.name == "tensorflow.keras" else use.name
            if missing == "tensorflow" and environment.tensorflow is not None:
                continue  # tf_keras is missing, which the environment's problems tell
            install = f"pip install {missing}, or import what is installed."
            names = {"module": use.name, "missing": missing, "install": install}
            yield _found("keras-missing", BREAK, (use.place,), **names)
    for use in sources.wandb if wandb is not None and facts.shim != OURS_ON else ():
        assert wandb is not None
        id_ = _failure(use, environment) if facts.shim == OFF else None
        if id_ is not None and use.handled == "fallback":
            continue  # the other import is looked at as well
        if id_ is not None:
            yield _found(id_, BREAK, (f"{use.place}  {use.name}",), wandb=wandb.version)
            if use.handled == "silent":
                yield _found("silent-import", BREAK, (use.place,))
            continue
        if wandb.trio:
            yield from _crash(use, facts, models)
    flavours = {keras.flavour: keras for keras in models.values() if keras is not None}
    if len({f for f in flavours if f in (KERAS_3, TF_KERAS)}) > 1:
        yield _found("both-kerases", NOTE, models=" and ".join(sorted(flavours)))
    if sources.multiprocessing and facts.spawns and sources.config_in_workers:
        places = [use.place for use in (*sources.multiprocessing, *sources.config_in_workers)]
        yield _found("workers", BREAK, tuple(places))
    for file in sources.unread:
        yield _found("unread", NOTE, file=file)


def _failure(use: Use, environment: Environment) -> str | None:
    """Return the check that says why a use of W&B's Keras modules raises, or None."""
    wandb = environment.wandb
    name = use.name.rpartition(".")[2]
    assert wandb is not None
    if use.name.startswith("wandb.wandb_keras"):
        return "old-home"
    if use.module.startswith("wandb.keras") and not wandb.keras_module:
        return "keras-module"
    if name == LEGACY and not wandb.legacy_callback:
        return "legacy-class"
    if environment.tensorflow is None and (name in (LEGACY, *TRIO) or use.module):
        return "needs-tensorflow"
    return None


def _crash(use: Use, facts: Facts, models: Mapping[str, Keras | None]) -> Iterator[Diagnosis]:
    """Yield why W&B's own class, once imported, ends fit."""
    wandb = facts.environment.wandb
    base = model_keras("tensorflow.keras", facts.environment, facts.environ)
    name = use.name.rpartition(".")[2]
    if wandb is None or base is None or name not in (LEGACY, *TRIO):
        return
    kerases = [keras for keras in models.values() if keras is not None] or [base]
    where = (f"{use.place}  {use.name}",)
    modern = next((keras for keras in kerases if keras.flavour == KERAS_3), None)
    if name == LEGACY and wandb.legacy_callback and modern is not None:
        yield _found("legacy-on-keras-3", BREAK, where, wandb=wandb.version, keras=modern.version)
    if base.flavour == KERAS_3 and any(keras.flavour == TF_KERAS for keras in kerases):
        yield _found("mixed-kerases", BREAK, where, callbacks="Keras 3", model="tf_keras")


def _ask_codemod(path: str) -> Diagnosis:
    """Let the codemod's finder say how much of the code it can migrate."""
    try:
        if sys.version_info < (3, 9):
            raise ImportError
        import libcst  # noqa: F401  # what is missing is known before the first file
        import pathspec  # noqa: F401

        from wandb_keras_codemods.process import Options, process
        from wandb_keras_codemods.walk import Candidate, Scan
    except ImportError:
        return _found("codemod-missing", NOTE)
    outcomes = [process(c, Options()) for c in Scan([path]) if isinstance(c, Candidate)]
    findings = [(o.path, finding) for o in outcomes for finding in o.findings]
    calls = sum(finding.code == "WKM101" for _, finding in findings)
    by_hand = tuple(
        f"{file}:{finding.line}  {finding.code} {finding.message}"
        for file, finding in findings
        if finding.kind == "manual"
    )
    said = f"{calls} call{'s' * (calls != 1)} it can migrate, {len(by_hand)} to look at by hand"
    return _found("codemod", NOTE, by_hand, found=said, path=path)


def _shim() -> str:
    from . import _autoload, _wandb_modules

    for finder in sys.meta_path:
        if isinstance(finder, (_autoload._Watcher, _wandb_modules.Finder)):
            return OURS_ON if finder.force else ON
    return OFF
