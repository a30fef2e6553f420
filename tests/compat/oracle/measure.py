"""Record what W&B's classes and ours do here for each feature of the support table.

``nox -s "support(ROW)"`` runs it in a row of the matrix. The record holds what was seen;
``docs/verdicts.py`` judges it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import wandb_keras_compat
from wandb_keras_compat.recording import Recording, RecordingError, read

ROOT = Path(__file__).parents[3]
LIMIT_S = 150.0  # a busy machine is slow; what never ends is to end
_ARTIFACTS = {"model-": "model-None"}  # wandb 0.15 and 0.16 call a run without a name ""


def facts(recording: Recording) -> list[str]:
    """Return what was recorded, as lines that do not depend on the values."""
    rows = Counter(key for row in recording.history for key in row.values)
    models = Counter(a.name for a in recording.artifacts if a.name.startswith("run_"))
    found = {f"history {key}: {n} row{'s' * (n > 1)}" for key, n in rows.items()}
    found |= {f"summary {key}" for key in recording.summary}
    found |= {f"file {file.path}" for file in recording.files if file.size is not None}
    found |= {f"{n} version{'s' * (n > 1)} of {name}" for name, n in models.items()}
    for artifact in recording.artifacts:
        name = _ARTIFACTS.get(artifact.name, artifact.name)
        found.add(f"artifact {name} ({artifact.type}): {_contents(artifact)}")
        found |= {f"alias of {name}: {re.sub('[0-9]+', 'N', alias)}" for alias in artifact.aliases}
    return sorted(found)


def _contents(artifact: Any) -> str:
    """Return the names of an artifact's files; those of a SavedModel depend on TensorFlow."""
    names = {re.sub(r"[0-9a-f]{8,}", "<HASH>", file.path) for file in artifact.contents}
    if any(name.endswith("saved_model.pb") for name in names):
        return "SavedModel"
    return ", ".join(sorted(re.sub("[0-9]+(?=.)", "N", name) for name in names))


def seen(feature: Any, upstream: bool, folder: Path) -> dict[str, Any]:
    """Return ``error``, ``warnings`` and ``facts`` of one side of a feature."""
    if isinstance(feature.training, tuple):
        return _script(feature.training[not upstream], upstream, folder)
    from .runner import OFFLINE, OURS, UPSTREAM, train

    side = OURS if not upstream else OFFLINE if feature.offline else UPSTREAM
    try:
        [outcome] = train(feature.training, (side,), folder, LIMIT_S)
    except TimeoutError as hung:
        return _seen(str(hung))
    return _seen(outcome.error, outcome.warnings, facts(outcome.recording))


def _script(script: str, upstream: bool, folder: Path) -> dict[str, Any]:
    """Run a file of ``examples``, or a statement, as users would."""
    from zygote import ENVIRONMENT

    from .features import IMPORTED

    file = ROOT / "examples" / script
    if not script.endswith(".py"):
        file = folder / "statement.py"
        file.write_text(f"{script}\nprint({IMPORTED!r})\n")
    command = [] if upstream else ["-m", "wandb_keras_compat", "run", "--ours"]
    environment = {**os.environ, **ENVIRONMENT, "WANDB_DIR": str(folder)}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *command, str(file)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return _seen(f"the script did not end within {LIMIT_S:.0f} s")
    if done.returncode:
        return _seen(_last_error(done.stderr))
    try:
        recorded = facts(read(folder))
    except RecordingError:
        recorded = []
    return _seen(None, (), [*recorded, *[IMPORTED] * (IMPORTED in done.stdout.split())])


def _last_error(text: str) -> str:
    """Return the line that names the exception which ended a script."""
    lines = re.findall(r"^(\w[\w.]*(?:Error|Exception|Interrupt)\b.*)$", text, re.MULTILINE)
    return lines[-1] if lines else text.strip()[-200:]


def _seen(error: str | None, warnings: Any = (), facts: Any = ()) -> dict[str, Any]:
    told = [warning.strip().splitlines()[0] for warning in warnings if warning.strip()]
    return {"error": error and _one_line(error), "warnings": told, "facts": list(facts)}


def _one_line(error: str) -> str:
    """Return the first line of an error, without the machine's paths.

    TensorFlow says "in user code:" first, and why last.
    """
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    line = f"{lines[0]} {lines[-1]}" if len(lines) > 1 and lines[0].endswith(":") else lines[0]
    line = re.sub(r"(/[^/\s]+)+/site-packages/", "", line)
    return re.sub(r"(?<!\w)(/[^/\s]+)+/", "", line)


def _versions() -> dict[str, str]:
    # Imported: these versions can be.
    import wandb  # noqa: F401

    import row_keras  # noqa: F401

    found = wandb_keras_compat.detect()
    keras = found.callbacks_on
    assert found.wandb is not None
    assert keras is not None
    return {
        "python": found.python,
        keras.backend: getattr(found, keras.backend),
        keras.flavour: keras.version,
        "wandb": found.wandb.version,
    }


def main(row: str, file: str, *chosen: str) -> None:
    """Measure every feature, or the chosen ones anew, and write the record."""
    from .features import FEATURES

    def measure(feature: Any) -> Any:
        result = {}
        for side in ("upstream", "ours"):
            with tempfile.TemporaryDirectory() as folder:
                result[side] = seen(feature, side == "upstream", Path(folder))
            print(feature.id, side, result[side]["error"] or "", flush=True)
        return result

    wanted = [feature.id for feature in FEATURES if not chosen or feature.id in chosen]
    with ThreadPoolExecutor(3) as pool:
        fresh = dict(zip(wanted, pool.map(measure, [f for f in FEATURES if f.id in wanted])))
    record = Path(file)
    kept = json.loads(record.read_text(encoding="utf-8"))["features"] if chosen else {}
    features = {f.id: {**kept, **fresh}[f.id] for f in FEATURES}
    written = {"row": row, "versions": _versions(), "features": features}
    text = json.dumps(written, indent=1, ensure_ascii=False)
    record.parent.mkdir(exist_ok=True)
    record.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
