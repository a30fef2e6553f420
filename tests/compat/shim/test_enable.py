"""`enable` writes one .pth file that disturbs nothing; `disable` and an uninstall remove it."""

from __future__ import annotations

import base64
import ensurepip
import hashlib
import os
import re
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Iterator

import pytest

import wandb_keras_compat
from wandb_keras_compat.cli import main
from wandb_keras_compat.shim import enable as enabling

PACKAGE = Path(wandb_keras_compat.__file__).parent


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports W&B or a Keras into this process."""


def build_wheel(folder: Path) -> Path:
    """Write this package as a wheel, without the build tools that the rows do not have."""
    info = "wandb_keras_compat-9.9.dist-info"
    files = {
        f"wandb_keras_compat/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes()
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: wandb-keras-compat\nVersion: 9.9\n"
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{info}/entry_points.txt"] = (
        b"[pytest11]\nwandb_keras_compat.testing = wandb_keras_compat.testing\n"
    )
    listed = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        listed.append(f"{name},sha256={digest},{len(data)}\n")
    files[f"{info}/RECORD"] = "".join([*listed, f"{info}/RECORD,,\n"]).encode()
    wheel = folder / "wandb_keras_compat-9.9-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return wheel


def with_what_they_need(*names: str) -> Iterator[metadata.Distribution]:
    """Yield distributions of this environment and those they require here."""
    seen, waiting = set(), list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # required elsewhere: another system, an old Python
            assert name not in names
            continue
        yield found
        for requirement in found.requires or ():
            if "extra ==" not in requirement:
                waiting.append(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])


class Environment:
    """A real virtual environment with this package installed by pip, and a stand-in for wandb."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
        name = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        self.python_path = folder / name
        self.site_packages = Path(
            self.python("import sysconfig as s; print(s.get_path('purelib'))")
        )
        self.wheel = build_wheel(folder)
        # Python 3.8 imports something for the first .pth file that it reads.
        (self.site_packages / "another.pth").write_text("# nothing\n")
        (self.site_packages / "wandb").mkdir()
        (self.site_packages / "wandb" / "__init__.py").write_text("")
        # What the package, and a project's test suite, need of this environment.
        for found in with_what_they_need("packaging", "pytest", "pytest-xdist"):
            for part in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                if not (self.site_packages / part).exists():
                    (self.site_packages / part).symlink_to(found.locate_file(part))
        self.install()

    def install(self) -> None:
        self.pip("install", "--no-deps", "--no-index", "--no-compile", str(self.wheel))

    def uninstall(self) -> None:
        self.pip("uninstall", "--yes", "wandb-keras-compat")

    def pip(self, *arguments: str) -> None:
        bundled = Path(ensurepip.__file__).parent / "_bundled"
        (wheel,) = bundled.glob(f"pip-{ensurepip.version()}-*.whl")
        done = self.run(str(wheel / "pip"), *arguments)
        assert done.returncode == 0, done.stderr

    def python(self, code: str) -> str:
        return self.run("-c", code).stdout.strip()

    def run(
        self, *arguments: str, cwd: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        drop = ("PYTHON", "VIRTUAL", "PYTEST", "PIP", "COV")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
        return subprocess.run(
            [str(self.python_path), *arguments], cwd=cwd or self.folder,
            env={**environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "wandb_keras_compat", *arguments)

    @property
    def pth(self) -> Path:
        return self.site_packages / enabling.PTH

    @property
    def record(self) -> Path:
        return next(self.site_packages.glob("wandb_keras_compat-*.dist-info")) / "RECORD"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture
def disabled(environment: Environment) -> Environment:
    environment.command("disable")
    assert not environment.pth.exists()
    return environment


@pytest.fixture
def enabled(disabled: Environment) -> Environment:
    assert disabled.command("enable").returncode == 0
    return disabled


INSTALLED = "import wandb.keras, wandb_keras_compat.shim as s; print(s.installed())"


def test_enable_makes_legacy_imports_work_and_disable_undoes_it(disabled: Environment) -> None:
    before = sorted(path.name for path in disabled.site_packages.iterdir())
    listed = disabled.record.read_text()
    assert disabled.python(INSTALLED) == ""

    done = disabled.command("enable")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(disabled.pth) in done.stdout
    assert "disable" in done.stdout
    assert disabled.python(INSTALLED) == "True"
    assert disabled.python("import wandb.keras; print(wandb.keras.__all__[0])") == "WandbCallback"

    done = disabled.command("disable")
    assert (done.returncode, done.stderr) == (0, "")
    assert disabled.python(INSTALLED) == ""
    assert sorted(path.name for path in disabled.site_packages.iterdir()) == before
    assert disabled.record.read_text() == listed


def test_twice_is_once(disabled: Environment) -> None:
    assert disabled.command("enable").stdout.startswith("Wrote ")
    assert disabled.command("enable").stdout.startswith("Already enabled")
    assert disabled.record.read_text().count(f"{enabling.PTH},") == 1
    assert disabled.command("disable").stdout.startswith("Removed ")
    again = disabled.command("disable")
    assert (again.returncode, again.stdout[:11]) == (0, "Not enabled")


PREFERRED = "import wandb.keras, wandb_keras_compat.shim as s; print(s._finder.prefer)"


def test_the_preference_is_remembered(disabled: Environment) -> None:
    disabled.command("enable", "--theirs")
    assert disabled.python(PREFERRED) == "wandb"
    assert disabled.command("enable").stdout.startswith("Wrote ")
    assert disabled.python(PREFERRED) == "ours"
    assert disabled.command("enable", "--ours").stdout.startswith("Already enabled")


# What starts with the interpreter

MODULES = "import sys; print(*sorted(sys.modules))"


def test_nothing_is_imported_until_wandb_keras_is(disabled: Environment) -> None:
    before = disabled.python(MODULES).split()
    disabled.command("enable")
    assert disabled.python(MODULES).split() == before
    code = "import sys, wandb; print([m for m in sys.modules if 'compat' in m])"
    assert disabled.python(code) == "[]"


THREADS = """
import sys, threading, wandb
homes = ("wandb.keras", "wandb.wandb_keras") * 8
together, wrong = threading.Barrier(len(homes)), []
def fetch(name):
    together.wait()
    try:
        __import__(name)
    except BaseException as error:
        wrong.append(repr(error))
threads = [threading.Thread(target=fetch, args=(home,)) for home in homes]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(wrong)
"""


def test_threads_that_ask_first_at_once(enabled: Environment) -> None:
    for _ in range(3):
        done = enabled.run("-c", THREADS)
        assert (done.stdout, done.stderr) == ("[]\n", "")


PROJECT = {
    "shop.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_shop.py": (
        "import sys\nimport unittest\n\nimport shop\n\n\n"
        "def test_total():\n    assert shop.total([1, 2]) == 3\n\n\n"
        "def test_nothing_of_ours():\n"
        "    assert not any(name.startswith('wandb') for name in sys.modules if 'testing' not in name"
        " and name != 'wandb_keras_compat')\n\n\n"
        "class Total(unittest.TestCase):\n"
        "    def test_total(self):\n        self.assertEqual(shop.total([]), 0)\n"
    ),
    "tests/__init__.py": "",
}
SUITES = {
    "pytest -W error": ("-m", "pytest", "-W", "error"),
    "python -W error -m pytest": ("-W", "error", "-m", "pytest"),
    "filterwarnings = error": ("-m", "pytest", "-o", "filterwarnings=error"),
    "without our plugin": (
        "-m", "pytest", "-W", "error", "-p", "no:wandb_keras_compat.testing",
    ),
    "without pytest's own": ("-m", "pytest", "-W", "error", "-p", "no:cacheprovider"),
    "with our plugin asked for": (
        "-m", "pytest", "-W", "error", "-p", "wandb_keras_compat.testing",
    ),
    "xdist": ("-m", "pytest", "-W", "error", "-n", "2"),
    "no docstrings": ("-OO", "-m", "pytest", "-W", "error::pytest.PytestAssertRewriteWarning"),
    "-X dev": ("-X", "dev", "-W", "error", "-m", "pytest"),
    "-bb": ("-bb", "-W", "error", "-m", "pytest"),
    "unittest": ("-W", "error", "-m", "unittest"),
    "a script": ("-W", "error", "-c", "import shop; print(shop.total([1]))"),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def outcome(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    """What a run printed, but for its duration, which also decides how far pytest draws its rules."""
    out = re.sub(r"(in )?\d+\.\d+s( \(\d+:\d\d:\d\d\))?|={3,}", "", done.stdout)
    return done.returncode, out, re.sub(r"\d+\.\d+s", "", done.stderr)


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_the_tests_of_another_project_run_as_before(
    suite: str, disabled: Environment, project: Path
) -> None:
    before = outcome(disabled.run(*SUITES[suite], cwd=project))
    assert before[0] == 0, before
    disabled.command("enable")
    assert outcome(disabled.run(*SUITES[suite], cwd=project)) == before


@pytest.mark.parametrize("flags", [(), ("-OO",)])
def test_they_run_as_before_under_run_and_in_its_children(
    flags: tuple[str, ...], enabled: Environment, project: Path
) -> None:
    warnings = "error::pytest.PytestAssertRewriteWarning" if flags else "error"
    suite = ("-m", "pytest", "-q", "-k", "total", "-W", warnings)
    expected = outcome(enabled.run(*flags, *suite, cwd=project))
    ours = ("-m", "wandb_keras_compat", "run", "--ours")
    assert outcome(enabled.run(*flags, *ours, *suite, cwd=project)) == expected
    (project / "child.py").write_text(
        "import subprocess, sys\n"
        f"sys.exit(subprocess.call([sys.executable, *{(*flags, *suite)!r}]))"
    )
    assert outcome(enabled.run(*flags, *ours, "child.py", cwd=project)) == expected


# The file


def test_a_link_is_replaced_and_not_followed(disabled: Environment, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("theirs")
    disabled.pth.symlink_to(other)
    assert disabled.command("enable").returncode == 0
    assert other.read_text() == "theirs"
    assert not disabled.pth.is_symlink()
    assert disabled.python(INSTALLED) == "True"


def test_an_interrupted_write_leaves_what_was_there(
    disabled: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = disabled.site_packages
    before = {path.name for path in folder.iterdir()}
    listed = disabled.record.read_bytes()
    record = str(disabled.record)
    monkeypatch.setattr(enabling, "_installation", lambda: (str(folder), record))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", record)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(enabling.EnableError, match="No space left on device"):
        enabling.enable()
    assert {path.name for path in folder.iterdir()} == before
    assert disabled.record.read_bytes() == listed
    assert [path.name for path in disabled.record.parent.glob("*.new")] == []


def test_an_uninstall_takes_it_away_and_a_reinstall_does_not_bring_it_back(
    enabled: Environment,
) -> None:
    try:
        enabled.uninstall()
        assert not enabled.pth.exists()
    finally:
        enabled.install()
    assert enabled.python(INSTALLED) == ""


def test_a_forgotten_file_stays_silent_when_the_package_is_gone(enabled: Environment) -> None:
    text = enabled.pth.read_text()
    try:
        enabled.uninstall()
        enabled.pth.write_text(text)
        done = enabled.run("-W", "error", "-c", "import wandb; print('fine')")
        assert (done.stdout, done.stderr) == ("fine\n", "")
        done = enabled.run("-c", "import wandb.keras")
        assert done.stderr.endswith("ModuleNotFoundError: No module named 'wandb.keras'\n")
    finally:
        enabled.pth.unlink()
        enabled.install()


def test_what_is_found_by_pythonpath_alone_is_refused(tmp_path: Path) -> None:
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(tmp_path)
    python = tmp_path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [str(python), "-B", "-m", "wandb_keras_compat", "enable"], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not installed in " in done.stderr
    assert f"but imported from {PACKAGE.parent}: install it" in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the owner's rights are all")
def test_a_read_only_environment_is_refused(disabled: Environment) -> None:
    disabled.site_packages.chmod(0o555)
    try:
        done = disabled.command("enable")
    finally:
        disabled.site_packages.chmod(0o755)
    assert done.returncode == 1
    assert "Cannot write " in done.stderr


def test_what_cannot_be_written_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "RECORD").write_text("")
    record = str(tmp_path / "RECORD")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", record)

    monkeypatch.setattr(enabling, "_installation", lambda: (str(tmp_path), record))
    monkeypatch.setattr(enabling, "_write", refuse)
    assert main(["enable"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"wandb-keras-compat: Cannot write {record}")
    assert "wandb-keras-compat run SCRIPT" in captured.err
    assert captured.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["RECORD"]


def test_no_site_packages_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(enabling, "_folders", list)
    assert main(["enable"]) == 1
    captured = capsys.readouterr()
    assert f"is not installed in {sys.prefix} but imported from" in captured.err
    assert captured.err.count("\n") == 1
    assert main(["disable"]) == 0
    assert capsys.readouterr().out.startswith("Not enabled")
