"""How long, and in how much memory, `compare` reads and compares two large runs.

Each case is a process of its own: ``python benchmarks/compare.py``. The logs are made here, as the
client writes them; ``--real ROWS`` lets the installed client write one as well.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "compat"))
from compat_logs import end, row, run, summary, write

Keys = Callable[[int], Dict[Any, Any]]


def _keys(count: int, own: bool = False) -> Keys:
    """Return what gives a row its values: each time the same keys, or its own."""
    return lambda row: {f"m{row if own else ''}_{key}": random.random() for key in range(count)}


# case -> number of rows, their keys; each is to take at most 4 s and 200 MB
CASES: dict[str, tuple[int, Keys]] = {
    "100,000 rows x 10 keys": (100_000, _keys(10)),
    "1,000 rows x 1,000 keys": (1_000, _keys(1_000)),
    "1,000 rows, each with 10 keys of its own": (1_000, _keys(10, own=True)),
    "2,000 rows, each with 10 keys of its own": (2_000, _keys(10, own=True)),
}
SECONDS, MEGABYTES = 4, 200
REAL = """
import random, sys, wandb
run = wandb.init(project="p", mode="offline", dir=sys.argv[1], settings={"silent": True})
for _ in range(int(sys.argv[2])):
    run.log({f"m{k}": random.random() for k in range(10)})
run.finish()
"""


COMPARE = """
import re, sys
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from wandb_keras_compat.cli import main
assert main(["compare", sys.argv[1], sys.argv[1]]) == 0
held = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
both = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
print(sum(one.ru_utime + one.ru_stime for one in both), held + both[1].ru_maxrss)
"""


def records(rows: int, keys: Keys) -> Iterator[bytes]:
    """Yield the records of a run: the client writes the summary anew with each row."""
    yield run()
    for number in range(rows):
        own = {"_step": number, "_runtime": number / 7, "_timestamp": 1.7e9 + number / 7}
        values = list({**keys(number), **own}.items())
        random.shuffle(values)
        yield row(dict(values), number)
        if number % 100 == 0:
            yield summary(dict(values))
    yield end()


def measure(folder: Path) -> tuple[float, float, float]:
    """Return what comparing the run with itself takes, in all processes: seconds, busy ones, MB."""
    started = time.perf_counter()
    command = [sys.executable, "-c", COMPARE, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    busy, held = done.stdout.split()[-2:]
    return time.perf_counter() - started, float(busy), int(held) / 1024


def main() -> None:
    """Print what each case takes, with its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--real", type=int, default=0, metavar="ROWS")
    parser.add_argument("--record", type=Path, help="a JSON file for what was measured")
    options = parser.parse_args()
    record: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folders = {}
        for number, (case, (rows, keys)) in enumerate(CASES.items()):
            random.seed(0)
            folders[case] = write(Path(name, str(number)), records(rows, keys))
        if options.real:
            case = f"{options.real:,} rows x 10 keys, written by wandb"
            folders[case] = Path(name, "real")
            folders[case].mkdir()
            command = [sys.executable, "-c", REAL, str(folders[case]), str(options.real)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for case, folder in folders.items():
            took, busy, held = min(measure(folder) for _ in range(options.rounds))
            record[case] = {"seconds": round(took, 2), "busy": round(busy, 2), "MB": round(held)}
            limits = f"limits {SECONDS} s, {MEGABYTES} MB"
            print(f"{case:42} {took:6.2f} s, {busy:.2f} s busy, {held:4.0f} MB ({limits})")
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
