"""The command as a user meets it: files, streams, exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

from wandb_keras_codemods.cli import main

LEGACY = """\
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback(save_model=False)])
"""
MIGRATED = """\
from wandb.integration.keras import WandbMetricsLogger
model.fit(x, y, callbacks=[WandbMetricsLogger()])
"""
SUBCLASS = "from wandb.keras import WandbCallback\nclass C(WandbCallback): pass\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


@pytest.fixture
def bare(capfd):
    """Run the command with these arguments and no others."""

    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return status, out, err

    return call


@pytest.fixture
def run(bare):
    """Run the command, with target wandb where no other is named."""

    def call(*arguments):
        return bare(*arguments, *([] if "--target" in arguments else ["--target", "wandb"]))

    return call


def write(path, text=LEGACY):
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_a_dry_run_shows_the_diff_and_changes_nothing(run):
    write("a.py")
    before = os.stat("a.py")
    status, out, err = run(".")
    assert status == 0
    assert out.splitlines() == [
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -1,2 +1,2 @@",
        *(f"-{line}" for line in LEGACY.splitlines()),
        *(f"+{line}" for line in MIGRATED.splitlines()),
    ]
    assert "1 call can be migrated, 1 file would change (1 looked at)." in err
    assert "--write" in err
    assert read("a.py") == LEGACY.encode()
    assert os.stat("a.py") == before or os.stat("a.py").st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(("target", "told"), [("wandb", False), ("compat", True), ("shim", True)])
def test_a_new_requirement_is_told(run, target, told):
    write("a.py", f"{LEGACY}model.fit(x, callbacks=[WandbCallback()])\n")
    _, _, err = run(".", "--target", target, "--write")
    assert ("require wandb-keras-compat" in " ".join(err.split())) == told
    write("b.py", "import wandb_keras_compat\nfrom wandb.keras import WandbModelCheckpoint\n")
    _, _, err = run("b.py", "--target", target)
    assert "1 file would change" in err
    assert "require wandb-keras-compat" not in err


def test_the_diff_is_a_patch(run):
    write("a.py")
    _, out, _ = run("a.py")
    write("diff", out)
    subprocess.run(["git", "apply", "diff"], check=True)
    assert read("a.py") == MIGRATED.encode()


def test_write(run):
    write("a.py")
    write("b.py", "import wandb\n")
    os.utime("b.py", (1, 1))
    status, out, err = run(".", "--write")
    assert (status, out) == (0, "a.py\n")
    assert "1 call migrated, 1 file changed (2 looked at)." in err
    assert read("a.py") == MIGRATED.encode()
    assert os.stat("b.py").st_mtime == 1
    assert sorted(os.listdir()) == ["a.py", "b.py"]
    status, out, err = run(".", "--write")
    assert (status, out) == (0, "")
    assert "Nothing to migrate in 2 files." in err


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + LEGACY.encode(),
        LEGACY.replace("\n", "\r\n").encode(),
        b"# -*- coding: latin-1 -*-\n# gr\xf6\xdfe\n" + LEGACY.encode(),
        ("# coding: cp1252\r\n# €\r\n" + LEGACY.replace("\n", "\r\n")).encode("cp1252"),
        "# größe 🦆\n".encode() + LEGACY.encode().rstrip(),
        b"# shift: coding=shift_jis \x83e\n" + LEGACY.encode(),
        b"x = 1\x0c\n" + LEGACY.encode().replace(b"    ", b"\t"),
    ],
    ids=["mark", "crlf", "latin-1", "cp1252", "no newline", "shift-jis", "form feed"],
)
def test_bytes_that_are_not_rewritten_stay(run, data):
    write("a.py", data)
    os.chmod("a.py", 0o755)
    status, _, _ = run(".", "--write")
    assert status == 0
    expected = data
    for old, new in zip(LEGACY.splitlines(), MIGRATED.splitlines()):
        expected = expected.replace(old.encode(), new.encode())
    assert read("a.py") == expected != data
    assert os.stat("a.py").st_mode & 0o777 == 0o755


def test_check(run):
    write("a.py")
    assert run(".", "--check")[:2] == (1, "a.py\n")
    write("a.py", MIGRATED)
    assert run(".", "--check")[:2] == (0, "")


def test_the_largest_status_wins(run):
    write("a.py", SUBCLASS)
    status, _, err = run(".", "--check")
    assert status == 3
    assert "a.py:2:9  WKM404 subclass" in err
    write("b.py", "from wandb.keras import WandbCallback\nprint 'x'\n")
    status, _, err = run(".", "--check")
    assert status == 4  # the column is Python's
    assert re.search(r"b\.py:2:\d  WKM901 cannot be parsed", err)


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["--write"], ["--target", "tensorboard", "."], ["--write", "--check", "."],
        ["-", "a.py"], ["-", "--write"], ["--report", "r.pdf", "."], ["--explain", "WKM999"],
        ["--report", "no/such/folder/r.html", "."], ["--jobs", "0", "."], ["--jobs", "x", "."],
        ["--nonsense"], ["--tar", "wandb", "."],
    ],
)  # fmt: skip
def test_usage(run, arguments):
    write("a.py")
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert err.strip()
    assert read("a.py") == LEGACY.encode()


def test_targets(run):
    write("a.py")
    assert "from wandb_keras_compat import WandbCallback" in run(".", "--target", "shim")[1]
    assert 'WandbMetricsLogger(key_style="legacy")' in run(".", "--target", "compat")[1]


def test_fallback(run):
    write("a.py", SUBCLASS)
    assert "+from wandb_keras_compat import WandbCallback" in run(".")[1]
    status, out, _ = run(".", "--no-fallback")
    assert (status, out) == (3, "")


def test_sweeps_and_requirements_matter_where_code_migrates(run):
    sweep = "program: a.py\nmethod: grid\nmetric:\n  name: val_loss # keep\nparameters: {}\n"
    write("sweep.yaml", sweep)
    write("requirements.txt", "wandb<0.17\n")
    assert run(".")[0] == 0
    write("a.py")
    status, out, err = run(".", "--rename-metrics")
    assert status == 3
    assert "WKM601" in err
    assert "+  name: epoch/val_loss # keep" in out
    assert "WKM501" in run(".")[2]
    assert "WKM501" not in run(".", "--target", "compat")[2]
    assert "sweep.yaml" in run("sweep.yaml", "--rename-metrics")[1]


def test_markdown_is_reported_and_never_changed(run):
    text = "# Use\n\n~~~python\nfrom wandb.keras import WandbCallback\n~~~\n\nWandbCallback\n"
    write("README.md", text)
    write("sweep.yaml", "method: grid\nmetric: {name: val_loss}\nparameters: {}\n")
    status, out, err = run(".", "--write")
    assert (status, out) == (3, "")
    assert "sweep.yaml" not in err
    assert "README.md:4:6  WKM422" in err
    assert "README.md:7" not in err
    assert read("README.md") == text.encode()


def test_git_guard(run, folder):
    def git(*arguments):
        identity = ["-c", "user.name=n", "-c", "user.email=e@example.com"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    write("a.py")
    write("b.py")
    git("init")
    git("add", "a.py")
    git("commit", "-m", "x")
    status, out, err = run(".", "--write")
    assert (status, out) == (4, "")  # all or nothing
    assert read("a.py") == LEGACY.encode()
    assert "WKM905" in err
    assert "--allow-dirty" in err
    assert read("b.py") == LEGACY.encode()
    assert "skipped" in err
    assert "failed" not in err
    assert run(".", "--write", "--allow-dirty")[:2] == (0, "a.py\nb.py\n")


def test_a_filter(run, monkeypatch):
    def pipe(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    pipe(LEGACY.encode())
    status, out, err = run("-")
    assert (status, out) == (0, MIGRATED)
    assert "stdin.py" in err
    assert "Nothing was written" not in err
    pipe(LEGACY.encode())
    assert run("-", "--check", "-q") == (1, "stdin.py\n", "")
    pipe(b"import wandb\r\n")
    assert run("-") == (0, "import wandb\r\n", "")
    pipe(b"from wandb.keras import WandbCallback\nprint 'x'\n")
    status, out, err = run("-")
    assert (status, out) == (4, "from wandb.keras import WandbCallback\nprint 'x'\n")


def test_explain(run):
    status, out, err = run("--explain", "wkm203")
    assert (status, err) == (0, "")
    assert "legacy rule" in " ".join(out.split())
    assert "--target compat   WandbParameterHistograms()" in run("--explain", "log_weights")[1]
    assert "did you mean log_weights" in run("--explain", "log_weight")[2]


def test_help_and_version(run):
    status, out, _ = run("--help")
    assert status == 0
    assert "examples:" in out
    assert all(len(line) <= 100 for line in out.splitlines())
    assert run("--version")[1].startswith("wandb-keras-migrate ")


def test_github(run):
    write("a.py", SUBCLASS)
    write("100%, a:b.py", SUBCLASS)
    status, out, _ = run(".", "--format", "github")
    assert status == 3
    assert "::warning file=a.py,line=2,endLine=2,col=9,endColumn=22,title=WKM404 subclass::" in out
    assert "file=100%25%2C a%3Ab.py," in out


def test_quiet_and_verbose(run):
    write("a.py")
    assert run(".", "-q")[2] == ""
    assert "WKM101" not in run(".")[2]
    assert "a.py:2:28  WKM101 call migrated" in run(".", "-v")[2]


CONFIG = '[tool.wandb-keras-migrate]\ntarget = "shim"\nexclude = ["old/"]\n'


def test_configuration(bare):
    write("pyproject.toml", CONFIG)
    os.makedirs("src/old")
    write("src/a.py")
    write("src/old/b.py")
    _, out, _ = bare("src")
    assert "from wandb_keras_compat import WandbCallback" in out
    assert "b.py" not in out
    assert "WandbMetricsLogger" in bare("src", "--target", "wandb")[1]


@pytest.mark.parametrize(
    "text",
    ["target = 1", 'target = "x"', "colour = true", "exclude = [1]", "jobs = true", "target ="],
)
def test_a_wrong_configuration(run, text):
    write("pyproject.toml", f"[tool.wandb-keras-migrate]\n{text}\n")
    write("a.py")
    status, _, err = run(".")
    assert status == 2
    assert "pyproject.toml" in err


def test_several_processes_give_the_same(run):
    for number in range(12):
        write(f"a{number}.py")
    one = run(".", "--jobs", "1", "-v")
    assert run(".", "--jobs", "2", "-v") == one


@pytest.mark.parametrize(
    "data",
    [
        b"from wandb.keras import WandbCallback\n# \xff\n",
        b"# coding: no-such\nfrom wandb.keras import WandbCallback\n",
        b"from wandb.keras import WandbCallback\n\0\n",
        LEGACY.encode("utf-16") + b"wandb.keras",
        b"from wandb.keras import WandbCallback\nx = " + b"[" * 1000 + b"]" * 1000,
        b"from wandb.keras import WandbCallback\nx = " + b"-" * 100_000 + b"1",
        b"from wandb.keras import WandbCallback\nx = " + b"+".join([b"1"] * 50_000),
        b"from wandb.keras import WandbCallback\n" + b"x" + b".y" * 50_000 + b"\n",
        b"from wandb.keras import WandbCallback\nx = 1\n" + b"if x:\n pass\nelse",
    ],
    ids=["utf-8", "unknown", "nul", "utf-16", "brackets", "minus", "sum", "attributes", "half"],
)
def test_what_cannot_be_processed_is_said_and_untouched(run, data):
    write("a.py", data)
    write("b.py")
    status, out, err = run(".", "--write")
    assert (status, out) == (4, "b.py\n")
    assert "a.py" in err
    assert "Traceback" not in err
    assert read("a.py") == data
    assert read("b.py") == MIGRATED.encode()


def test_a_fault_of_our_own_leaves_one_file_and_stops_no_other(run, monkeypatch):
    from wandb_keras_codemods.files import process

    def fail(path, data, options):
        if path == "a.py":
            raise ZeroDivisionError("division by zero")
        return python(path, data, options)

    python = process._PROCESSORS["python"]
    monkeypatch.setitem(process._PROCESSORS, "python", fail)
    write("a.py")
    write("b.py")
    status, out, err = run(".", "--write")
    assert (status, out) == (4, "b.py\n")
    assert re.search(r"a\.py.*WKM907.*\n.*ZeroDivisionError: division by zero", err)
    assert read("a.py") == LEGACY.encode()
    assert read("b.py") == MIGRATED.encode()


def test_a_large_generated_file(run):
    write("a.py", "DATA = [\n" + f"    {'x' * 2_500!r},\n" * 2_000 + "]\n" + LEGACY)
    status, out, _ = run("a.py", "--write", "-q")
    assert (status, out) == (0, "a.py\n")
    assert read("a.py").endswith(MIGRATED.encode())


def test_a_write_protected_tree(run):
    write("a.py")
    os.chmod("a.py", 0o444)
    status, out, err = run(".", "--write")
    assert (status, out) == (4, "")
    assert "WKM904" in err
    assert read("a.py") == LEGACY.encode()


def test_interrupted(run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    write("a.py")
    monkeypatch.setattr("wandb_keras_codemods.files.writing.replace", interrupt)
    status, _, err = run(".", "--write")
    assert status == 130
    assert "interrupted" in err
    assert read("a.py") == LEGACY.encode()


def test_names_cannot_play_tricks_on_the_terminal(run):
    write("\x1b[2Jevil\n.py", SUBCLASS + "# \x1b[31mred\n")
    _, out, err = run(".")
    assert "\x1b" not in err + out.replace("# \x1b[31mred", "")  # a patch has the bytes of the file
    assert "\\x1b[2Jevil\\n.py" in err
    assert '--- "a/\\033[2Jevil\\012.py"' in out


def test_output_that_nobody_reads():
    long = f"model.fit(x, callbacks=[WandbCallback(labels=[{'x' * 200_000!r}])])\n"
    write("a.py", LEGACY + long)  # more than a pipe takes
    command = (
        f"{sys.executable} -m wandb_keras_codemods a.py --target wandb 2>/dev/null | head -n 1"
    )
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "--- a/a.py\n"


def test_two_processes_at_once():
    for number in range(20):
        write(f"a{number}.py")
    command = [sys.executable, "-m", "wandb_keras_codemods", ".", "--write", "-q"]
    command += ["--target", "wandb"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert {read(name) for name in os.listdir()} == {MIGRATED.encode()}


def imported(*arguments):
    program = f"""
        import sys
        from wandb_keras_codemods.cli import main
        main({list(arguments)!r})
        print(*sys.modules, file=sys.stderr)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_what_is_not_needed_is_not_imported():
    write("other.py", "import wandb\n")
    write("wandb.ipynb", json.dumps({"cells": []}))
    heavy = {
        "libcst",
        "rich",
        "pathspec",
        "ruamel.yaml",
        "markdown_it",
        "multiprocessing",
        "tomllib",
    }
    assert not imported(".") & heavy
    engine = {"wandb_keras_codemods.command", "wandb_keras_codemods.find.project"}
    assert not imported(".") & engine
    write("a.py")
    modules = imported(".", "-q")
    assert {*engine, "libcst"} <= modules
    assert not modules & {"wandb", "keras", "tensorflow", "wandb_keras_compat"}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device to write to")
@pytest.mark.parametrize("arguments", [["."], [".", "--write"], [".", "--check"], ["-"]])
def test_a_full_output_device_is_told_and_is_no_other_status(arguments):
    write("a.py")
    command = [sys.executable, "-m", "wandb_keras_codemods", *arguments, "--target", "wandb"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, input=LEGACY.encode(), check=False
        )
    assert done.returncode == 74
    assert b"the output is not complete: No space left" in done.stderr
    assert b"Traceback" not in done.stderr
    assert (read("a.py") != LEGACY.encode()) == ("--write" in arguments)


def test_a_full_device_for_all_output_is_no_other_status():
    write("a.py")
    command = [sys.executable, "-m", "wandb_keras_codemods", ".", "--write", "--target=wandb"]
    with open("/dev/full", "wb") as full:
        assert subprocess.run(command, stdout=full, stderr=full, check=False).returncode == 74


def test_a_missing_extra_is_named(run, monkeypatch):
    write("a.py")
    monkeypatch.setitem(sys.modules, "rich.console", None)
    status, _, err = run(".", "--target", "compat")
    assert status == 2
    assert "pip install '.[migrate]'" in err


def test_progress_is_shown_on_a_terminal_and_goes_away(run, monkeypatch):
    import pty
    import threading

    for number in range(5):
        write(f"a{number}.py")
    program = (
        "import sys; from wandb_keras_codemods import cli; from wandb_keras_codemods.reports import progress; progress._SLOW = 0;"
        "sys.exit(cli.main(['.', '--target', 'wandb']))"
    )
    reader, terminal = pty.openpty()
    shown = bytearray()

    def collect():
        while True:
            try:
                shown.extend(os.read(reader, 10_000) or b"")
            except OSError:  # the other end is closed
                return

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=terminal, env=environment
    )
    os.close(terminal)
    thread.join(10)
    assert done.returncode == 0
    assert b"looked at" in shown
    assert b"5 files would change" in shown
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("parser", ["wandb_keras_codemods.cli.options", "wandb_keras_compat.cli"])
def test_shells_complete(parser, shell):
    """As MIGRATION.md says it: the parsers are what shtab asks for."""
    command = [sys.executable, "-m", "shtab", "--shell", shell, f"{parser}.parser"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "wandb-keras-" in done.stdout
    assert "--report" in done.stdout or "doctor" in done.stdout
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True)
