"""What this package adds to the start of an interpreter and of a script, in milliseconds.

By the processor's clock, the least of interleaved rounds, for other work only adds. The script is
empty: one that imports wandb has most of what `run` imports anyway, and scatters by more than that.

Run it in any environment that has the package and wandb: ``python benchmarks/startup.py``.
``--record docs/costs/startup.json`` keeps what it measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Sequence

from wandb_keras_compat.shim.enable import _SOURCE, _line

STARTUP_FOLDER = os.path.dirname(_SOURCE)
ROUNDS = 20
TIMED = "from time import process_time as now; t = now(); {}; print(now() - t)"
PLAIN = "empty script"
# What `enable` writes is run as site runs it; what `run` gives to children, as Python imports it.
PTH = f"exec({_line('ours')!r})"
CHILD = f"import sys; sys.path.insert(0, {STARTUP_FOLDER!r}); import sitecustomize"
WITHOUT = ["-B", "-X", "pycache_prefix=nowhere"]  # no bytecode is found, none is written
# what -> the arguments of the interpreter, the limit in ms for what is added
IMPORTS: dict[str, tuple[Sequence[str], float]] = {  # they print their seconds
    "with the shim enabled": (["-c", TIMED.format(PTH)], 1),
    "with the shim enabled, without bytecode": ([*WITHOUT, "-c", TIMED.format(PTH)], 1),
    "a child of `run`": (["-c", TIMED.format(CHILD)], 2),
    "a child of `run`, without bytecode": ([*WITHOUT, "-c", TIMED.format(CHILD)], 2),
    "import wandb_keras_compat": (["-c", TIMED.format("import wandb_keras_compat")], 15),
}
SCRIPTS: dict[str, tuple[Sequence[str], float]] = {  # compared with the plain one
    PLAIN: (["script.py"], 0),
    "the same with `run`": (["-m", "wandb_keras_compat", "run", "script.py"], 60),
}


def once(arguments: Sequence[str], folder: Path) -> float:
    """Return the milliseconds an interpreter takes, or those it prints."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path, "WANDB_MODE": "offline"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    started = children()
    done = subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.PIPE)
    return float(done.stdout or children() - started) * 1e3


def children() -> float:
    """Return the seconds of processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the least of interleaved rounds, of a script more than the plain one takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", type=Path, help="a JSON file for what was measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "script.py").touch()
        rounds = [
            {
                case: once(arguments, folder)
                for case, (arguments, _) in {**IMPORTS, **SCRIPTS}.items()
            }
            for _ in range(options.rounds + 1)
        ][1:]
    record: dict[str, Any] = {
        "what": f"Python {platform.python_version()}, wandb {version('wandb')}",
        "cores": len(os.sched_getaffinity(0)),
        "rounds": options.rounds,
        "added": {},
    }
    least = {case: min(r[case] for r in rounds) for case in rounds[0]}
    print(f"{PLAIN:40} {least[PLAIN]:6.0f} ms")
    for case, (_, limit) in {**IMPORTS, **SCRIPTS}.items():
        if case != PLAIN:
            added = least[case] - (least[PLAIN] if case in SCRIPTS else 0)
            record["added"][case] = round(added, 2)
            print(f"{case:40} {added:+6.2f} ms (limit {limit:g})")
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
