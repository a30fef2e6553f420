"""What the shim costs an interpreter that never imports wandb, beside an empty interpreter.

Run it in any environment that has the package: ``python benchmarks/startup.py``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 20
CASES = {
    "empty interpreter": "pass",
    "what enable's .pth runs": "import wandb_keras_compat._autoload",
    "import wandb_keras_compat": "import wandb_keras_compat",
}


def once(code: str) -> float:
    """Return the seconds an interpreter takes to run the code."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> None:
    """Print medians of interleaved rounds and their difference to the empty interpreter."""
    rounds = [{name: once(code) for name, code in CASES.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(r[name] for r in rounds) for name in CASES}
    empty = medians["empty interpreter"]
    for name, median in medians.items():
        print(f"{name:28} {median * 1e3:7.1f} ms  {(median - empty) * 1e3:+6.2f} ms")


if __name__ == "__main__":
    main()
