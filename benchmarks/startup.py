"""What this package adds to the start of an interpreter and of a script, in milliseconds.

Run it in any environment that has the package and wandb: ``python benchmarks/startup.py``.
``--record docs/costs/startup.json`` keeps what it measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Sequence

ROUNDS = 20
SCRIPT = "import wandb\n"
# what -> the arguments of the interpreter, what it is compared with, the limit in ms
CASES: dict[str, tuple[Sequence[str], str, float]] = {
    "empty interpreter": (["-c", "pass"], "", 0),
    "with the shim enabled": (
        ["-c", "import wandb_keras_compat._autoload"],
        "empty interpreter",
        2,
    ),
    "import wandb_keras_compat": (["-c", "import wandb_keras_compat"], "empty interpreter", 15),
    "script that imports wandb": (["script.py"], "", 0),
    "the same with `run`": (
        ["-m", "wandb_keras_compat", "run", "script.py"],
        "script that imports wandb",
        60,
    ),
}


def once(arguments: Sequence[str], folder: Path) -> float:
    """Return the seconds an interpreter takes."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path, "WANDB_MODE": "offline"}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, cwd=folder, env=environment)
    return time.perf_counter() - started


def main() -> None:
    """Print medians of interleaved rounds and of the differences to what they compare with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", type=Path, help="a JSON file for what was measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
        rounds = [
            {case: once(arguments, folder) * 1e3 for case, (arguments, _, _) in CASES.items()}
            for _ in range(options.rounds + 1)
        ][1:]
    record: dict[str, Any] = {
        "what": f"Python {platform.python_version()}, wandb {version('wandb')}",
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "added": {},
    }
    for case, (_, other, limit) in CASES.items():
        line = f"{case:28} {statistics.median(r[case] for r in rounds):7.1f} ms"
        if other:
            more = statistics.median(r[case] - r[other] for r in rounds)
            record["added"][case] = round(more, 2)
            line += f"  {more:+6.2f} ms (limit {limit:g})"
        print(line)
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
