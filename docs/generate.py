"""Write the generated parts of the documents; ``--check`` only says which are out of date."""

from __future__ import annotations

import argparse
import ast
import difflib
import re
import sys
from html import escape
from pathlib import Path
from typing import Callable, Sequence

from wandb_keras_codemods import CODES, migrate
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.legacy.arguments import ALIASES, SIGNATURE, Argument
from wandb_keras_codemods.legacy.targets import TARGETS
from wandb_keras_codemods.metrics.names import MetricNames
from wandb_keras_compat.doctor.checks import CHECKS, ENABLE

sys.path.insert(0, str(Path(__file__).parents[1] / ".ci"))
sys.path.insert(0, str(Path(__file__).parent))
import costs
import matrix
import report
import support
from records import RECORDS

ROOT = Path(__file__).parents[1]
LEGACY = ROOT / "examples" / "legacy_mlp.py"
_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_ONLY = Project.of({})  # what is migrated is the only file of its run
_HEAD = "from wandb.keras import WandbCallback\n"
# what target wandb writes for pictures; tests look at their pixels in every row of the matrix
WRITTEN = ROOT / "tests" / "compat" / "callbacks" / "written_table.py"
_PICTURES = """\
# Written by docs/generate.py: what target wandb makes of pictures of predictions.
import wandb
from wandb.keras import WandbCallback


def pictures(x, y):
    xy = (x, y)
    return [WandbCallback(input_type="image", predictions=4, validation_data=xy, save_model=False)]
"""


# The blocks


def arguments() -> str:
    """Return a row for each argument that opens to its before and after."""
    return "\n\n".join(map(_section, SIGNATURE))


def aliases() -> str:
    """Return the table of names that are no parameters, and yet were passed."""
    rows = ["| name | was | `--target wandb` | `--target compat` |", "|---|---|---|---|"]
    rows += [f"| `{a.name}` | {a.meaning} | {a.wandb} | {a.compat} |" for a in ALIASES]
    return "\n".join(rows)


def metric_names() -> str:
    """Return the table of names in history and summary."""
    names = MetricNames(compiled=frozenset({"<metric>"}))
    logged = ["loss", "accuracy", "<metric>", "val_loss", "val_accuracy", "val_<metric>", "epoch"]
    rows = [
        "| where | legacy, shim and compat | wandb |",
        "|---|---|---|",
        *(f"| history | `{name}` | `{names.new(name)}` |" for name in logged),
        "| history, every n batches | `loss`, ... | `batch/loss`, ..., `batch/batch_step` |",
        "| history | (not logged) | `epoch/learning_rate`, `batch/learning_rate` |",
    ]
    for argument in ("log_weights", "log_gradients"):
        rows.append(f"| history | {RECORDS[argument][1]['history'][0]} | (lost) |")
    tables = "(tables in the artifacts `val` and `run_<id>_pred`)"
    rows.append(f"| history | {RECORDS['generator'][1]['history'][0]} | {tables} |")
    rows += [
        "| summary | `best_<monitor>`, `best_epoch` | (lost) |",
        "| summary | `graph`, `GFLOPs` | (lost) |",
    ]
    return "\n".join(rows)


def targets() -> str:
    """Return the table of targets."""
    rows = [
        "| target | to | the code becomes | what is recorded | needs |",
        "|---|---|---|---|---|",
    ]
    for target in TARGETS.values():
        cells = target.purpose, _code(target.becomes), _code(target.recorded), target.needs
        rows.append(f"| `{target.name}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def purposes() -> str:
    """Return who each target is for."""
    return "\n".join(
        f"- `--target {target.name}`, to {target.purpose}" for target in TARGETS.values()
    )


def codes() -> str:
    """Return the table of the codes of findings."""
    rows = ["| code | kind | what |", "|---|---|---|"]
    rows += [f"| `{c.code}` | {c.kind} | {c.title} |" for c in CODES.values()]
    return "\n".join(rows)


def checks() -> str:
    """Return the table of what the doctor can find; ``…`` are the facts of the case."""
    rows = ["| name | what | remedy |", "|---|---|---|"]
    for id_, (what, remedy) in CHECKS.items():
        if id_ == "environment":  # says what ``detect()`` says
            continue
        remedy = remedy.replace(ENABLE, "`enable`, or `run`")
        cells = (re.sub(r"(\{\w+\})+\.?", "…", text) for text in (what, remedy))
        rows.append(f"| `{id_}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def legacy_diff() -> str:
    """Return what migration to ``compat`` changes in the bundled script."""
    before = LEGACY.read_text(encoding="utf-8")
    after = migrate(before, "compat").code
    name = LEGACY.relative_to(ROOT).as_posix()
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=1
    )
    return "\n".join(["```diff", *lines, "```"])


def compat_tree() -> str:
    """Return the files of the package, room by room, each with what it says it is."""
    return "\n".join(["```text", *_tree(ROOT / "compat" / "wandb_keras_compat"), "```"])


def _tree(folder: Path, indent: str = "") -> list[str]:
    lines = [f"{indent}{folder.name}/"]
    inside = [path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"]
    for path in sorted(folder.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"{indent}  {path.name:<{28 - len(indent)}} {said.splitlines()[0]}")
    for path in sorted(inside):
        lines += _tree(path, f"{indent}  ")
    return lines


def runs() -> str:
    """Return the table of what runs where: the tests of each row, by occasion."""
    rows = [
        '| row | `.ci/run quick` | `.ci/run`, after that | `nox -s "tests(ROW)"` |',
        "|---|---|---|---|",
    ]
    for row in matrix.load():
        parts = [
            _tests(row.quick_paths),
            _tests(row.gate_paths or row.paths) if row.gate else "",
            _tests(row.paths),
        ]
        rows.append(f"| `{row.id}`, Python {row.python} | {' | '.join(parts)} |")
    return "\n".join(rows)


def _tests(paths: Sequence[str]) -> str:
    """Return test files and folders as the table of what runs where names them."""
    if tuple(paths) == ("tests/compat",):
        return "all of `compat`"
    names = (re.sub(r"^tests/(compat/)?|test_|\.py$", "", path) for path in paths)
    return ", ".join(f"`{name}`" for name in names)


BLOCKS: dict[str, Callable[[], str]] = {
    "arguments": arguments,
    "aliases": aliases,
    "metric-names": metric_names,
    "codes": codes,
    "targets": targets,
    "purposes": purposes,
    "checks": checks,
    "runs": runs,
    "compat-tree": compat_tree,
    "legacy-diff": legacy_diff,
    "support": support.readme,
    "costs": costs.readme,
}


# One argument


def _section(argument: Argument) -> str:
    value, places = RECORDS[argument.name]
    meaning = escape(argument.meaning, quote=False)
    before = f"callbacks = [WandbCallback({value})]"
    compat = _migrated(before, "compat")
    return "\n".join(
        [
            f'<details id="{argument.name}" markdown="1">',
            f"<summary><code>{argument.name}</code> {meaning}</summary>",
            "",
            f"Default: `{argument.default!r}`.",
            "",
            f"- `shim`: {argument.shim}",
            f"- `compat`: {_code(argument.compat)}",
            f"- `wandb`: {_fate(argument)}",
            "",
            "| recorded in | `shim` and `compat`, as before | `wandb` |",
            "|---|---|---|",
            *(f"| {place} | {was} | {now} |" for place, (was, now) in places.items()),
            "",
            "```python",
            "# before, and with --target shim",
            before,
            "",
            "# --target compat",
            compat,
            "",
            *_trio(before),
            "```",
            "",
            "</details>",
        ]
    )


def _trio(before: str) -> list[str]:
    migration = migrate(f"{_HEAD}\n{before}\n", "wandb", project=_ONLY)
    refused = [f for f in migration.findings if f.kind == "manual"]
    if refused:
        why = f"{refused[0].code}, {refused[0].message}"
        return [f"# --target wandb: left as it is ({why});", "# imported from wandb_keras_compat"]
    title = "# --target wandb"
    if "class WandbValidationTable" in migration.code:
        title += "; the class WandbValidationTable is written into the file"
    return [title, _migrated(before, "wandb")]


def _migrated(before: str, target: str) -> str:
    """Return what becomes of the statement, without imports and classes."""
    code = migrate(f"{_HEAD}\n{before}\n", target, project=_ONLY).code
    return code[code.index("callbacks = [") :].rstrip()


def _fate(argument: Argument) -> str:
    if argument.lost is not None:
        return f"lost (`{argument.lost}`)"
    return _code(argument.wandb)


def _code(text: str) -> str:
    """Mark calls, and names of callbacks, as code."""
    return re.sub(r"Wandb\w+(?:\((?:[^()]|\(\))*\))?", r"`\g<0>`", text)


# The files


def files() -> dict[Path, str]:
    """Return what each file with generated parts should hold."""
    found = {}
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        found[path] = _BLOCK.sub(_renewed, path.read_text(encoding="utf-8"))
    source = LEGACY.read_text(encoding="utf-8")
    for target in ("wandb", "compat"):
        migrated = LEGACY.with_name(f"migrated_{target}.py")
        found[migrated] = migrate(source, target, project=_ONLY).code
    found[WRITTEN] = migrate(_PICTURES, "wandb", project=_ONLY).code
    found[support.PAGE] = support.page()
    found[costs.PAGE] = costs.page()
    found[report.PAGE] = report.page()
    return found


def _renewed(match: re.Match[str]) -> str:
    return f"{match[1]}\n{BLOCKS[match[2]]()}\n\n{match[4]}"


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check; the exit status is 1 when something is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(argv)
    stale = 0
    for path, text in files().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(path.relative_to(ROOT))
        if not options.check:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
