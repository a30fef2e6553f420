"""`wandb-keras-compat run` behaves as `python` does, byte for byte."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

# name -> script; each one is run by Python and by us, and must print and end alike.
SCRIPTS = {
    "arguments": "import sys; print(sys.argv, sys.path[0])",
    "identity": (
        "import sys\n"
        "main = sys.modules['__main__']\n"
        "print(__name__, __file__, __package__, __spec__, __cached__, __doc__)\n"
        "print(type(__loader__).__name__, type(__builtins__).__name__, vars(main) is globals())"
    ),
    "docstring": "'''What it does.'''\nprint(__doc__)",
    "future": "from __future__ import annotations\ndef f(x: No): ...\nprint(f.__annotations__)",
    "no_future_leaks": "def f(x: 1 + 1): ...\nprint(f.__annotations__)",
    "exit_status": "import sys; sys.exit(7)",
    "exit_message": "raise SystemExit('no data')",
    "exit_none": "raise SystemExit",
    "raises": "def f():\n    raise ValueError('bad')\nf()",
    "raises_from": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError from e",
    "syntax_error": "print('never'\nx = ",
    "import_error": "import no_such_module_anywhere",
    "interrupt": "raise KeyboardInterrupt",
    "pickle": "import pickle\nclass A: pass\nprint(pickle.loads(pickle.dumps(A)) is A)",
    "atexit": "import atexit\nx = 1\natexit.register(lambda: print(x))",
    "own_hook": "import sys\nsys.excepthook = lambda *a: print('hook', a[0].__name__)\n1 / 0",
    "thread": (
        "import threading\nvalue = 3\n"
        "threading.Thread(target=lambda: print(threading.main_thread().is_alive(), value)).start()"
    ),
    "spawn": (
        "import multiprocessing\n"
        "def work(x):\n    return x * 2\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(work, [1, 2]))"
    ),
    "unwritable_stdout_is_not_ours": "import sys; sys.stderr.write('err'); print('out')",
}


def python(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def both(*arguments: str, cwd: Path) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    # -m puts another folder first on sys.path than a script does, which `run` must put right.
    ours = python("-m", "wandb_keras_compat", "run", "--ours", *arguments, cwd=cwd)
    return python(*arguments, cwd=cwd), ours


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports W&B or a Keras into this process."""


@pytest.fixture(autouse=True)
def no_quick_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONSTARTUP", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_script_as_python(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / f"script_{name}.py").write_text(SCRIPTS[name])
    script = os.path.join("a folder", f"script_{name}.py")
    expected, ours = both(script, "--show", "-m", "--", "x y", cwd=tmp_path)
    assert ours == expected


def test_script_in_the_current_folder_imports_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("value = 5")
    (tmp_path / "train.py").write_text("import neighbour, sys; print(neighbour.value, sys.argv)")
    expected, ours = both("train.py", cwd=tmp_path)
    assert ours == expected
    assert ours[1] == "5 ['train.py']\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_linked_script_finds_the_neighbours_of_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "neighbour.py").write_text("value = 5")
    (tmp_path / "real" / "train.py").write_text("import neighbour; print(neighbour.value)")
    (tmp_path / "link.py").symlink_to(tmp_path / "real" / "train.py")
    expected, ours = both("link.py", cwd=tmp_path)
    assert ours == expected
    assert ours[0] == 0


def package(folder: Path) -> None:
    (folder / "pack").mkdir()
    (folder / "pack" / "__init__.py").write_text("")
    body = "import sys; from . import part; print(__name__, __package__, __spec__.name, sys.argv)"
    (folder / "pack" / "part.py").write_text("x = 1")
    (folder / "pack" / "__main__.py").write_text(body + "; print(sys.path[0], __file__)")
    (folder / "pack" / "tool.py").write_text(body)
    (folder / "pack" / "broken.py").write_text("def f():\n    1 / 0\nf()")
    (folder / "empty").mkdir()
    (folder / "empty" / "__init__.py").write_text("")


@pytest.mark.parametrize("module", ["pack", "pack.tool"])
def test_module_as_python(module: str, tmp_path: Path) -> None:
    package(tmp_path)
    expected, ours = both("-m", module, "-m", "--ours", cwd=tmp_path)
    assert ours == expected
    assert ours[0] == 0


def test_module_that_raises_shows_its_own_frames(tmp_path: Path) -> None:
    package(tmp_path)
    status, _, stderr = both("-m", "pack.broken", cwd=tmp_path)[1]
    assert status == 1
    assert stderr.startswith("Traceback (most recent call last):\n")
    assert stderr.endswith("ZeroDivisionError: division by zero\n")
    assert stderr.count("  File ") == 2
    assert "wandb_keras_compat" not in stderr


@pytest.mark.parametrize(
    "module", ["no_such_module_anywhere", "no_such_package_anywhere.x", "empty"]
)
def test_missing_module_ends_as_in_python(module: str, tmp_path: Path) -> None:
    package(tmp_path)
    expected, ours = both("-m", module, cwd=tmp_path)
    assert ours[0] == expected[0] == 1
    assert ours[2].count("\n") == 1
    assert "No module named" in ours[2]


def test_folder_and_zip_as_python(tmp_path: Path) -> None:
    body = "import sys, other; print(__name__, [__package__], __spec__.name, sys.argv, sys.path[0])"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "__main__.py").write_text(body)
    (folder / "other.py").write_text("")
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.writestr("__main__.py", body)
        archive.writestr("other.py", "")
    for target in ("folder", "app.zip"):
        expected, ours = both(target, "x", cwd=tmp_path)
        assert ours == expected
        assert ours[0] == 0


def test_folder_without_main(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    expected, ours = both("folder", cwd=tmp_path)
    assert ours[0] == expected[0] == 1
    assert ours[2] == "wandb-keras-compat: can't find '__main__' module in 'folder'\n"


IDENTITY = (
    "import sys\n"
    "print(globals().get('__file__'), sys.argv, sys.path[0], __spec__ and __spec__.origin,\n"
    "      repr(__package__), getattr(__loader__, '__name__', type(__loader__).__name__),\n"
    "      globals().get('__cached__', 'absent'), __name__)\n"
)


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    (tmp_path / "script.py").write_text(IDENTITY)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__main__.py").write_text(IDENTITY)
    with zipfile.ZipFile(tmp_path / "app.pyz", "w") as archive:
        archive.writestr("__main__.py", IDENTITY)
    return tmp_path


@pytest.mark.parametrize(
    "target",
    ["app.pyz", "./app.pyz", "folder", "folder/", "./folder", "script.py", "./script.py",
     "folder/../script.py", "{cwd}/app.pyz", "{cwd}/folder", "{cwd}/script.py"],
)  # fmt: skip
def test_paths_as_python_shows_them(target: str, apps: Path) -> None:
    expected, ours = both(target.format(cwd=apps), "x", cwd=apps)
    assert ours == expected
    assert ours[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such devices")
@pytest.mark.parametrize(
    "shell",
    [
        "{python} - x < script.py",
        "cat script.py | {python} - x y",
        "{python} /dev/stdin x < script.py",
        "cat script.py | {python} /dev/stdin",
        "{python} <(cat script.py) x",
        '{python} -c "$(cat script.py)" -c x',
        "{python} -c 'import sys; sys.exit(7)'",
        "{python} -c 1/0",
        "{python} - x < nothing",
        "echo 'raise SystemExit(3)' | {python} -",
    ],
)
def test_what_is_no_file_as_python(shell: str, apps: Path) -> None:
    (apps / "nothing").touch()

    def outcome(command: str) -> tuple[int, str, str]:
        done = subprocess.run(
            ["bash", "-c", shell.format(python=command)],
            cwd=apps, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        return done.returncode, re.sub(r"/fd/\d+", "/fd/N", done.stdout), done.stderr

    expected = outcome(sys.executable)
    assert outcome(f"{sys.executable} -m wandb_keras_compat run") == expected
    assert expected[0] == {"exit(7)": 7, "1/0": 1, "Exit(3)": 3}.get(
        next((end for end in ("exit(7)", "1/0", "Exit(3)") if end in shell), ""), 0
    )


@pytest.mark.parametrize("option", ["-W", "-Werror", "-u", "-O", "-X", "-i"])
def test_options_of_python_are_told_where_they_go(option: str, tmp_path: Path) -> None:
    status, stdout, stderr = python(
        "-m", "wandb_keras_compat", "run", option, "train.py", cwd=tmp_path
    )
    assert (status, stdout) == (2, "")
    assert f"run: {option} is an option of Python: python {option} ..." in stderr
    assert stderr.count("\n") == 1


def test_missing_file_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    status, stdout, stderr = python("-m", "wandb_keras_compat", "run", "no.py", cwd=tmp_path)
    assert (status, stdout) == (2, "")
    assert stderr.splitlines()[-1] == (
        "wandb-keras-compat: can't open file 'no.py': there is no such file"
    )


def test_no_script_is_a_usage_error(tmp_path: Path) -> None:
    status, _, stderr = python("-m", "wandb_keras_compat", "run", "--show", cwd=tmp_path)
    assert status == 2
    assert "name a script" in stderr


def test_script_that_raises_exits_1_with_its_own_traceback(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("def fit():\n    raise RuntimeError('diverged')\n\nfit()\n")
    status, _, stderr = python(
        "-m", "wandb_keras_compat", "run", "--ours", "train.py", cwd=tmp_path
    )
    assert status == 1
    files = [line.split('"')[1] for line in stderr.splitlines() if line.startswith("  File ")]
    assert [os.path.basename(file) for file in files] == ["train.py", "train.py"]
    assert stderr.endswith("RuntimeError: diverged\n")


CHILD = (
    "import subprocess, sys\n"
    "code = 'import sys; from importlib.util import find_spec;'\n"
    "code += 'watched = [type(f).__module__ for f in sys.meta_path];'\n"
    'code += \'print("wandb_keras_compat_startup" in watched, any(path.endswith("startup") for path in sys.path))\'\n'
    "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout)"
)


def test_python_processes_that_the_script_starts_have_the_shim(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(CHILD)
    status, stdout, _ = python(
        "-m", "wandb_keras_compat", "run", "--ours", "train.py", cwd=tmp_path
    )
    assert (status, stdout.strip()) == (0, "True False")


def test_empty_entries_of_pythonpath_stay_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "neighbour.py").write_text("print('found')")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "train.py").write_text(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-P' if hasattr(sys.flags, 'safe_path') else '-q',\n"
        "                'child.py'])"
    )
    (tmp_path / "child.py").write_text("import sys, neighbour\nprint(sys.path)")
    known = os.environ.get("PYTHONPATH", "")
    for path in (f"{os.pathsep}{known}", f"{known}{os.pathsep}{os.pathsep}nowhere", ""):
        monkeypatch.setenv("PYTHONPATH", path)
        expected, ours = both(os.path.join("scripts", "train.py"), cwd=tmp_path)
        if known and not path:
            continue  # this package itself is found by PYTHONPATH
        assert ours == expected


def test_the_environments_own_sitecustomize_still_runs_in_children(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys; sys.customized = True")
    (tmp_path / "train.py").write_text(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import sys; print(sys.customized)'])"
    )
    environ = dict(os.environ)
    paths: list[str] = [str(tmp_path / "site"), environ.get("PYTHONPATH", "")]
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "run", "--ours", "train.py"],
        cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "True\n")


@pytest.mark.parametrize(
    "text", ["raise ValueError('theirs')", "import no_such_module_anywhere", "print('told')"]
)
def test_what_their_sitecustomize_says_is_said_once(text: str, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(text)
    (tmp_path / "train.py").write_text(
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])"
    )
    paths = [str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def told(*command: str) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        return done.stdout, done.stderr

    # The traceback of an error has a frame of ours, so only what it says is compared.
    expected, ours = (
        told("train.py"), told("-m", "wandb_keras_compat", "run", "--ours", "train.py")
    )  # fmt: skip
    assert ours[0] == expected[0]
    assert ours[1].splitlines()[:1] == expected[1].splitlines()[:1]
    assert ours[1].count("Error in sitecustomize") == expected[1].count("Error in sitecustomize")


def test_tensorflow_is_quiet_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "level.py").write_text('import os; print(os.environ["TF_CPP_MIN_LOG_LEVEL"])')
    command = ("-m", "wandb_keras_compat", "run", "--ours", "level.py")
    told = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    for environ, level in ((told, "2"), ({**told, "TF_CPP_MIN_LOG_LEVEL": "0"}, "0")):
        said = subprocess.check_output(
            [sys.executable, *command], cwd=tmp_path, env=environ, text=True
        )
        assert said.split() == [level]
