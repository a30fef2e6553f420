"""Tell what is installed, what will break here and where, and the remedy for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping, Sequence

from wandb_keras_compat._printed import counted
from wandb_keras_compat.environment import KERAS_3, TF_KERAS, Environment, Keras, Wandb
from wandb_keras_compat.environment.releases import (
    NUMPY_FROM_2,
    PROTOBUF_FROM_5,
    TF_ASKS_FOR_PROTOBUF_BELOW_5,
    TF_ON_PROTOBUF,
    WANDB_ON_NUMPY_2,
    WANDB_ON_PROTOBUF,
    Releases,
    parse,
)
from wandb_keras_compat.shim.homes import LEGACY, TRIO

from .arguments import Call
from .calls import Here, of_call
from .checks import BREAK, NOTE, Diagnosis, diagnosis
from .facts import OFF, OURS_ON, Facts, collect
from .sources import NoRooms, scan
from .uses import KERASES, Sources, Use


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
    if path is None:
        return facts, None, diagnose(facts)
    try:
        sources = scan(path)
    except NoRooms:
        return facts, None, [*diagnose(facts), diagnosis("codemod-missing", NOTE)]
    asked = _ask_codemod(path, sources.too_much, facts.environment.wandb)
    return facts, sources, [*diagnose(facts, sources), *asked]


def diagnose(facts: Facts, sources: Sources | None = None) -> list[Diagnosis]:
    """Decide from facts alone, so that any environment can be simulated.

    Args:
        facts: The environment.
        sources: What the code uses, or None.

    Returns:
        What was found, breaks first; places that break alike are put together.
    """
    alike: dict[tuple[str, str], list[Diagnosis]] = {}
    for found in (*_of_environment(facts, sources), *_of_sources(facts, sources or Sources())):
        alike.setdefault((found.id, found.what), []).append(found)
    merged = [
        replace(group[0], where=tuple(dict.fromkeys(place for one in group for place in one.where)))
        for group in alike.values()
    ]
    return sorted(merged, key=lambda diagnosis: diagnosis.level != BREAK)


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


def models(facts: Facts, sources: Sources) -> list[tuple[Use, Keras | None]]:
    """Return the Kerases that the code comes to import, and what each is here."""
    return [
        (use, model_keras(use.name, facts.environment, facts.environ))
        for use in sources.kerases
        if _reached(use, facts)
    ]


def _of_environment(facts: Facts, sources: Sources | None) -> Iterator[Diagnosis]:
    environment = facts.environment
    for problem in environment.problems:
        what, _, remedy = problem.partition(": ")
        yield diagnosis("environment", BREAK, what=f"{what}.", remedy=remedy)
    yield from _protobuf(facts)
    yield from _numpy(facts)
    wandb = environment.wandb
    if sources is None and wandb is not None and facts.shim == OFF:
        if not wandb.legacy_callback:
            yield diagnosis("shim-off", NOTE)
        if environment.tensorflow is None:
            yield diagnosis("needs-tensorflow", NOTE)
    if facts.mode == "disabled":
        by_mode = facts.environ.get("WANDB_MODE", "").lower() == facts.mode
        variable = "WANDB_MODE=disabled" if by_mode else "WANDB_DISABLED"
        yield diagnosis("disabled", NOTE, variable=variable)
    elif facts.mode == "offline":
        yield diagnosis("offline", NOTE)


def _protobuf(facts: Facts) -> Iterator[Diagnosis]:
    wandb, tensorflow = facts.environment.wandb, facts.environment.tensorflow
    if facts.protobuf is None or wandb is None:
        return
    names = {"protobuf": facts.protobuf, "tensorflow": tensorflow, "wandb": wandb.version}
    major = parse(facts.protobuf).major
    known = WANDB_ON_PROTOBUF.get(major, Releases())  # what comes next is given a chance
    if wandb.version not in known:
        fits = f'"wandb{known}"' if known.until else f'"protobuf<{major}"'
        yield diagnosis("protobuf-wandb", BREAK, (), **names, fits=fits)
    pure = facts.environ.get("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION") == "python"
    for releases, needed in TF_ON_PROTOBUF.items() if not pure else ():
        if tensorflow in releases and facts.protobuf not in needed:
            known = WANDB_ON_PROTOBUF[parse(needed.since or "3").major]
            also = "" if wandb.version in known else f' "wandb{known}"'
            fits = f'"protobuf{needed}"{also}'
            yield diagnosis("protobuf-tensorflow", BREAK, (), **names, fits=fits)
    last = WANDB_ON_PROTOBUF[4]
    asks = tensorflow in TF_ASKS_FOR_PROTOBUF_BELOW_5 and wandb.version not in last
    if asks and facts.protobuf in PROTOBUF_FROM_5:
        yield diagnosis("protobuf-pin", NOTE, (), **names, fits=f'"wandb{last}"')


def _numpy(facts: Facts) -> Iterator[Diagnosis]:
    wandb = facts.environment.wandb
    if wandb is not None and facts.numpy in NUMPY_FROM_2 and wandb.version not in WANDB_ON_NUMPY_2:
        names = {"wandb": wandb.version, "numpy": facts.numpy}
        fits = f'"numpy<2", or: pip install "wandb{WANDB_ON_NUMPY_2}"'
        yield diagnosis("numpy-wandb", BREAK, (), **names, fits=fits)


def _of_sources(facts: Facts, sources: Sources) -> Iterator[Diagnosis]:
    environment, wandb = facts.environment, facts.environment.wandb
    imported = models(facts, sources)
    for use, keras in imported:
        if keras is None and not use.handled:
            missing = "tensorflow" if use.name == "tensorflow.keras" else use.name
            if missing == "tensorflow" and environment.tensorflow is not None:
                continue  # tf_keras is missing, which the environment's problems tell
            install = f"pip install {missing}, or import what is installed."
            names = {"module": use.name, "missing": missing, "install": install}
            yield diagnosis("keras-missing", BREAK, (use.place,), **names)
    present = [keras for _, keras in imported if keras is not None]
    if wandb is not None and facts.shim != OURS_ON:
        yield from _of_upstream(facts, wandb, sources, present)
    flavours = {keras.flavour for keras in present}
    if flavours >= {KERAS_3, TF_KERAS}:
        yield diagnosis("both-kerases", NOTE, models=f"Keras 3 and {TF_KERAS}")
    if sources.multiprocessing and facts.spawns and sources.config_in_workers:
        places = [use.place for use in (*sources.multiprocessing, *sources.config_in_workers)]
        yield diagnosis("workers", BREAK, tuple(places))
    for file in sources.unread:
        yield diagnosis("unread", NOTE, file=file)


def _reached(use: Use, facts: Facts) -> bool:
    """Whether an import is come to: of those tried before it, each time one has to fail."""
    return all(any(_fails(before, facts) for before in level) for level in use.tried)


def _fails(use: Use, facts: Facts) -> bool:
    if use.name in KERASES:
        return model_keras(use.name, facts.environment, facts.environ) is None
    return facts.shim == OFF and _failure(use, facts.environment) is not None


def _of_upstream(
    facts: Facts, wandb: Wandb, sources: Sources, kerases: Sequence[Keras]
) -> Iterator[Diagnosis]:
    """Yield what becomes of W&B's own classes: imports that fail, then trainings that end."""
    used: list[Use] = []
    failing: dict[str, str] = {}
    for use in (use for use in sources.wandb if _reached(use, facts)):
        id_ = _failure(use, facts.environment) if facts.shim == OFF else None
        if id_ is None:
            used.append(use)
            continue
        failing[use.name] = id_
        if use.handled != "fallback":  # there, the other import is looked at as well
            yield diagnosis(id_, BREAK, (f"{use.place}  {use.name}",), wandb=wandb.version)
        if use.handled == "silent":
            yield diagnosis("silent-import", BREAK, (use.place,))
    if wandb.trio:
        # once the import names the new home, the call is what W&B's class makes of it
        calls = [call for call in sources.calls if failing.get(call.name) in (None, "keras-module")]
        yield from _of_training(facts, wandb, used, calls, kerases)


def _failure(use: Use, environment: Environment) -> str | None:
    """Return the check that says why a use of W&B's Keras modules raises, or None."""
    wandb = environment.wandb
    if wandb is None:
        return None  # which the environment's problems tell
    if use.name.startswith("wandb.wandb_keras"):
        return "old-home"
    if use.module.startswith("wandb.keras") and not wandb.keras_module:
        return "keras-module"
    if use.short == LEGACY and not wandb.legacy_callback:
        return "legacy-class"
    if environment.tensorflow is None and (use.short in (LEGACY, *TRIO) or use.module):
        return "needs-tensorflow"
    return None


def _of_training(
    facts: Facts,
    wandb: Wandb,
    used: Sequence[Use],
    calls: Sequence[Call],
    kerases: Sequence[Keras],
) -> Iterator[Diagnosis]:
    """Yield why W&B's own classes, once imported, end fit."""
    tensorflow = facts.environment.tensorflow
    base = model_keras("tensorflow.keras", facts.environment, facts.environ)
    if tensorflow is None or base is None:
        return
    classes = {LEGACY, *TRIO} if wandb.legacy_callback else set(TRIO)
    used = [use for use in used if use.short in classes]
    kerases = kerases or [base]
    if base.flavour == KERAS_3 and any(keras.flavour == TF_KERAS for keras in kerases):
        where = tuple(f"{use.place}  {use.name}" for use in used)
        if where:
            yield diagnosis("mixed-kerases", BREAK, where, callbacks="Keras 3", model="tf_keras")
    model = next((keras for keras in kerases if keras.flavour == KERAS_3), kerases[0])
    here = Here(wandb.version, tensorflow, base, model, facts.mode)
    # A class that is imported and constructed elsewhere is judged by its defaults.
    constructed = {call.short for call in calls}
    elsewhere = [Call(use.name, use.place, {}) for use in used if use.short not in constructed]
    for call in (*calls, *elsewhere):
        fault = of_call(call, here) if call.short in classes else None
        if fault is not None:
            yield fault


def _ask_codemod(path: str, too_much: set[str], wandb: Wandb | None) -> Iterator[Diagnosis]:
    """Let the codemod say what it can migrate, what is left, and which bounds hold wandb back."""
    try:
        from wandb_keras_codemods.files.looking import look_at
        from wandb_keras_codemods.files.requirements import admits, held

        outcomes = look_at([path], too_much, target="compat")
    except ImportError:  # the extra is not whole
        yield diagnosis("codemod-missing", NOTE)
        return
    placed = [(place_of(o.path, f), f) for o in outcomes for f in o.findings]
    for place, finding in placed:
        spec = held(finding)
        if spec is not None and wandb is not None and not admits(spec, wandb.version):
            yield diagnosis("pin", NOTE, (place,), spec=spec, wandb=wandb.version)
    calls = sum(finding.code == "WKM101" for _, finding in placed)
    by_hand = tuple(
        f"{place}  {finding.code} {finding.message}"
        for place, finding in placed
        if finding.kind in ("manual", "metric", "requirement")
    )
    if not by_hand and not any(outcome.changed for outcome in outcomes):
        yield diagnosis("codemod-nothing", NOTE)
        return
    imports = "imports alone" if any(outcome.changed for outcome in outcomes) else "no call"
    done = counted(calls, "call") if calls else imports
    left = counted(len(by_hand), "thing") if by_hand else "nothing"
    are = "are" if len(by_hand) > 1 else "is"
    yield diagnosis(
        "codemod", NOTE, by_hand, done=done, left=f"{left} {are} left for you", path=path
    )


def place_of(path: str, finding: Any) -> str:
    """Return a finding's place as the doctor writes places."""
    cell = "" if finding.cell is None else f" cell {finding.cell}"
    return f"{path}{cell}:{finding.line}"
