"""What this package adds to the start of an interpreter and of a script, in milliseconds.

Run it in any environment that has the package and wandb: ``python benchmarks/startup.py [ROUNDS]``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Sequence

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
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
        rounds = [
            {case: once(arguments, folder) * 1e3 for case, (arguments, _, _) in CASES.items()}
            for _ in range(count + 1)
        ][1:]
    for case, (_, other, limit) in CASES.items():
        line = f"{case:28} {statistics.median(r[case] for r in rounds):7.1f} ms"
        if other:
            more = statistics.median(r[case] - r[other] for r in rounds)
            line += f"  {more:+6.2f} ms (limit {limit:g})"
        print(line)


if __name__ == "__main__":
    main()
