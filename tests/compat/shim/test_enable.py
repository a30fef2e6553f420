"""`enable` writes one .pth file that costs nothing; `disable` removes it."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

import pytest

import wandb_keras_compat
from wandb_keras_compat.cli import main
from wandb_keras_compat.shim import enable as enabling

SOURCE = str(Path(wandb_keras_compat.__file__).parents[1])


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports W&B or a Keras into this process."""


class Environment:
    """A real virtual environment in which this package, and a stand-in for wandb, are found."""

    def __init__(self, folder: Path) -> None:
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
        name = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        self.python_path = folder / name
        self.site_packages = Path(
            self.python("import sysconfig as s; print(s.get_path('purelib'))")
        )
        (self.site_packages / "a_source.pth").write_text(SOURCE + "\n")
        (self.site_packages / "wandb").mkdir()
        (self.site_packages / "wandb" / "__init__.py").write_text("")

    def python(self, code: str) -> str:
        return self.run("-c", code).stdout.strip()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
        return subprocess.run(
            [str(self.python_path), *arguments], env=environ, capture_output=True, text=True
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "wandb_keras_compat", *arguments)

    @property
    def pth(self) -> Path:
        return self.site_packages / enabling.PTH


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture
def disabled(environment: Environment) -> Environment:
    if environment.pth.exists():
        environment.pth.unlink()
    return environment


INSTALLED = "import wandb, wandb_keras_compat.shim as s; print(s.installed())"


def test_enable_makes_legacy_imports_work_and_disable_undoes_it(disabled: Environment) -> None:
    before = sorted(path.name for path in disabled.site_packages.iterdir())
    assert disabled.python(INSTALLED) == "False"

    done = disabled.command("enable")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(disabled.pth) in done.stdout
    assert "disable" in done.stdout
    assert disabled.python(INSTALLED) == "True"
    assert disabled.python("import wandb.keras; print(wandb.keras.__all__[0])") == "WandbCallback"

    done = disabled.command("disable")
    assert (done.returncode, done.stderr) == (0, "")
    assert disabled.python(INSTALLED) == "False"
    assert sorted(path.name for path in disabled.site_packages.iterdir()) == before


def test_twice_is_once(disabled: Environment) -> None:
    assert disabled.command("enable").stdout.startswith("Wrote ")
    assert disabled.command("enable").stdout.startswith("Already enabled")
    assert disabled.command("disable").stdout.startswith("Removed ")
    again = disabled.command("disable")
    assert (again.returncode, again.stdout[:11]) == (0, "Not enabled")


def test_the_preference_is_remembered(disabled: Environment) -> None:
    disabled.command("enable", "--theirs")
    assert (
        disabled.python("import wandb, wandb_keras_compat.shim as s; print(s._finder.prefer)")
        == "wandb"
    )
    assert disabled.command("enable").stdout.startswith("Wrote ")
    assert (
        disabled.python("import wandb, wandb_keras_compat.shim as s; print(s._finder.prefer)")
        == "ours"
    )
    assert disabled.command("enable", "--ours").stdout.startswith("Already enabled")


def test_an_interpreter_that_never_imports_wandb_imports_next_to_nothing(
    disabled: Environment,
) -> None:
    code = "import sys; print(*sorted(m for m in sys.modules))"
    before = set(disabled.python(code).split())
    disabled.command("enable")
    assert set(disabled.python(code).split()) - before == {
        "__future__",
        "wandb_keras_compat",
        "wandb_keras_compat.shim",
        "wandb_keras_compat.shim.watcher",
    }


def test_a_forgotten_file_stays_silent_when_the_package_is_gone(disabled: Environment) -> None:
    disabled.command("enable")
    source = disabled.site_packages / "a_source.pth"
    source.rename(source.with_suffix(".away"))
    try:
        done = disabled.run("-c", "print('fine')")
        assert (done.stdout, done.stderr) == ("fine\n", "")
    finally:
        source.with_suffix(".away").rename(source)


def test_a_read_only_environment_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(enabling, "site_packages", lambda: str(tmp_path))
    monkeypatch.setattr("builtins.open", refuse)
    assert main(["enable"]) == 1
    monkeypatch.undo()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"wandb-keras-compat: Cannot write {tmp_path}")
    assert "wandb-keras-compat run SCRIPT" in captured.err
    assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_site_packages_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    monkeypatch.setattr("sysconfig.get_paths", lambda: {"purelib": missing})
    for command in ("enable", "disable"):
        assert main([command]) == 1
        captured = capsys.readouterr()
        assert f"has no site-packages ({missing} does not exist)" in captured.err
        assert captured.err.count("\n") == 1
