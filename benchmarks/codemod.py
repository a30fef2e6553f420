"""Measure wandb-keras-migrate: ratios, all taken in one run, interleaved.

Usage:
    python benchmarks/codemod.py [TREE]

Needs the extra ``migrate`` and ast-grep-cli. Without TREE a tree is generated from the standard
library: at least 2,000 files and 30 MB without usages. Three comparisons: the scan of that tree
with ast-grep and with a bare loop; a file of some 1,000 lines and one usage with its mere parse and
with LibCST's own RenameCommand; a tree of 300 files with usages with RenameCommand in two
processes.
Exits 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Callable, Sequence

FILES, BYTES = 2_000, 30_000_000
USING = 300  # files with usages
AST_GREP, BARE, PARSE, RENAME, RENAME_ALL = 8.0, 3.0, 12.0, 3.0, 3.0  # the bounds
RENAMING = {
    "old_name": "wandb.keras.WandbCallback",
    "new_name": "wandb_keras_compat.WandbCallback",
}

BARE_LOOP = """
import os, sys
todo, files, size, found = [sys.argv[1]], 0, 0, 0
while todo:
    for entry in os.scandir(todo.pop()):
        if entry.is_dir(follow_symlinks=False):
            todo.append(entry.path)
        elif entry.name.endswith(".py"):
            with open(entry.path, "rb") as file:
                data = file.read()
            files, size, found = files + 1, size + len(data), found + (b"WandbCallback" in data)
print(files, size, found)
"""

USAGE = """
import wandb
from tensorflow import keras
from wandb.keras import WandbCallback

wandb.init()
model.fit(x, y, callbacks=[WandbCallback(monitor="val_loss"), keras.callbacks.EarlyStopping()])
"""


def median_times(tasks: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median seconds of tasks that take turns.

    Args:
        tasks: What to measure.
        rounds: How often each runs; one more round warms up.
    """
    times: list[list[float]] = [[] for _ in tasks]
    for number in range(rounds + 1):
        for task, taken in zip(tasks, times):
            start = time.perf_counter()
            task()
            if number:
                taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def make_tree(folder: Path) -> None:
    """Copy the standard library's files until the tree is big enough."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    sources = [path for path in stdlib.rglob("*.py") if "site-packages" not in path.parts]
    files = size = copy = 0
    while files < FILES or size < BYTES:
        for source in sources:
            if b"WandbCallback" in source.read_bytes():
                continue
            target = folder / f"copy{copy}" / source.relative_to(stdlib)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            files, size = files + 1, size + target.stat().st_size
            if files >= FILES and size >= BYTES:
                break
        copy += 1


def scanning(tree: str, rounds: int) -> tuple[float, float]:
    """Return how the scan compares with ast-grep and with a bare loop, as ratios."""
    ast_grep = shutil.which("ast-grep", path=os.path.dirname(sys.executable)) or shutil.which(
        "ast-grep"
    )
    if ast_grep is None:
        sys.exit("ast-grep is missing: pip install ast-grep-cli")

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=False, capture_output=True)

    own = [sys.executable, "-m", "wandb_keras_codemods", tree]
    said = subprocess.run(own, check=True, capture_output=True, text=True).stderr
    counted = subprocess.run(
        [sys.executable, "-c", BARE_LOOP, tree], check=True, capture_output=True, text=True
    ).stdout.split()
    print(f"tree: {int(counted[0]):,} Python files, {int(counted[1]) / 1e6:.1f} MB; {said.strip()}")
    migrate, bare, other = median_times(
        [
            run(*own),
            run(sys.executable, "-c", BARE_LOOP, tree),
            run(ast_grep, "run", "--lang", "python", "-p", "WandbCallback($$$)", tree),
        ],
        rounds,
    )
    print(f"wandb-keras-migrate {migrate * 1e3:8.0f} ms")
    print(
        f"bare Python loop    {bare * 1e3:8.0f} ms   {migrate / bare:5.2f}x of it (at most {BARE})"
    )
    print(f"ast-grep            {other * 1e3:8.0f} ms   {other / migrate:5.2f}x faster than it "
          f"(at least {AST_GREP})")  # fmt: skip
    return other / migrate, migrate / bare


def file_with_a_usage(lines: int = 990) -> str:
    """Return a source of about as many lines, with one usage at its end."""
    block = Path(argparse.__file__).read_text(encoding="utf-8").splitlines(keepends=True)
    source = "".join(block[:lines])
    while True:  # cut where a statement ends
        try:
            compile(source, "block", "exec")
            break
        except SyntaxError:
            source = source[: source.rstrip("\n").rfind("\n") + 1]
    return source + USAGE


def migrating(rounds: int) -> tuple[float, float]:
    """Return how a migration compares with a parse and with RenameCommand, as ratios."""
    import libcst
    from libcst.codemod import CodemodContext
    from libcst.codemod.commands.rename import RenameCommand

    from wandb_keras_codemods import migrate

    source = file_with_a_usage()

    def rename() -> str:
        command = RenameCommand(CodemodContext(), **RENAMING)
        return command.transform_module(libcst.parse_module(source)).code

    if not migrate(source, target="compat").changed or rename() == source:
        sys.exit("nothing was migrated, so nothing was measured")
    own, parse, other = median_times(
        [lambda: migrate(source, target="compat"), lambda: libcst.parse_module(source), rename],
        rounds,
    )
    print(f"a file of {source.count(chr(10)):,} lines with one usage:")
    print(f"wandb-keras-migrate {own * 1e3:8.0f} ms")
    print(
        f"libcst.parse_module {parse * 1e3:8.0f} ms   {own / parse:5.2f}x of it (at most {PARSE})"
    )
    print(f"RenameCommand       {other * 1e3:8.0f} ms   {other / own:5.2f}x faster than it "
          f"(at least {RENAME})")  # fmt: skip
    return own / parse, other / own


def migrating_many(folder: Path, rounds: int) -> float:
    """Return how the migration of a tree compares with RenameCommand's, as a ratio.

    Args:
        folder: An empty folder for the tree.
        rounds: How often both run; each run starts with the tree as it was.
    """
    sources = [file_with_a_usage(lines) for lines in (100, 200, 400)]
    names = [folder / f"package{n % 10}" / f"train{n}.py" for n in range(USING)]

    def reset() -> None:
        for number, name in enumerate(names):
            name.parent.mkdir(exist_ok=True)
            name.write_text(sources[number % len(sources)], encoding="utf-8")

    own = [sys.executable, "-m", "wandb_keras_codemods", str(folder), "-q", "--jobs=2"]
    own += ["--target=compat", "--write"]
    other = [sys.executable, "-m", "libcst.tool", "codemod", "--no-format", "-j2"]
    other += ["rename.RenameCommand", str(folder)]
    for option, name in RENAMING.items():
        other += [f"--{option}", name]
    times: list[list[float]] = [[], []]
    for _ in range(rounds):
        for command, taken in zip((own, other), times):
            reset()
            start = time.perf_counter()
            subprocess.run(command, check=False, capture_output=True)
            taken.append(time.perf_counter() - start)
            unchanged = sum("from wandb.keras import" in name.read_text() for name in names)
            if unchanged:
                sys.exit(f"{unchanged} files were not migrated: {' '.join(command)}")
    ours, theirs = map(statistics.median, times)
    print(f"a tree of {USING} files with usages:")
    print(f"wandb-keras-migrate {ours:8.1f} s")
    print(f"RenameCommand -j 2  {theirs:8.1f} s    {theirs / ours:5.2f}x faster than it "
          f"(at least {RENAME_ALL})")  # fmt: skip
    return theirs / ours


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tree", nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tree = arguments.tree
        if tree is None:
            make_tree(Path(folder))
            tree = folder
        faster, slower = scanning(tree, arguments.rounds)
    parse, rename = migrating(arguments.rounds)
    with tempfile.TemporaryDirectory() as folder:
        rename_all = migrating_many(Path(folder), max(1, arguments.rounds // 3))
    missed = faster < AST_GREP or slower > BARE or parse > PARSE
    return int(missed or rename < RENAME or rename_all < RENAME_ALL)


if __name__ == "__main__":
    sys.exit(main())
