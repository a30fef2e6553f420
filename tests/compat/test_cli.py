"""The command line on real offline runs: compare, show, exit statuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

import wandb_keras_compat
from wandb_keras_compat._table import table
from wandb_keras_compat.cli import main
from wandb_keras_compat.environment.releases import parse
from wandb_keras_compat.recording.show import show

EXAMPLE = Path(__file__).parents[2] / "examples" / "legacy_mlp.py"

pytestmark = [
    # what wandb's and protobuf's older releases say about themselves on import
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::UserWarning"),
    pytest.mark.filterwarnings("default::ImportWarning"),
]
needs_wandb = pytest.mark.skipif(find_spec("wandb") is None, reason="no wandb here")


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """No Keras is imported into this process."""


# A run as the trio records it, or with `legacy` as the legacy callback does; never finished by
# the script itself, as in most scripts.
TRAIN = textwrap.dedent(
    """
    import sys
    import wandb
    prefix = "" if "legacy" in sys.argv else "epoch/"
    run = wandb.init(project="command", name="the run", config={"lr": 0.1})
    for epoch in range(3):
        run.log({prefix + "epoch": epoch, prefix + "val_loss": 3.0 - epoch})
    run.summary["best_val_loss"] = 1.0
    run.summary["best_epoch"] = 2
    if "raise" in sys.argv:
        raise ValueError("diverged")
    if "two" in sys.argv:
        run.finish()
        wandb.init(project="command", dir="elsewhere").log({"x": 1})
    """
)


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ: dict[str, str] = {**os.environ, "WANDB_SILENT": "true", "WANDB_CONSOLE": "off"}
    for name in ("WANDB_DIR", "WANDB_MODE", "WANDB_API_KEY"):
        environ.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", *arguments],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def train(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    (folder / "elsewhere").mkdir(exist_ok=True)
    (folder / "train.py").write_text(TRAIN)
    return command(folder, "run", "--offline", "--show", "train.py", *arguments)


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("legacy")
    done = train(folder, "legacy")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def trio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trio")
    done = train(folder)
    assert done.returncode == 0, done.stderr
    return folder


# compare


@needs_wandb
def test_equal_runs_exit_0(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(legacy), str(legacy)]) == 0
    assert "No difference: 3 rows of 2 keys" in capsys.readouterr().out


@needs_wandb
def test_different_runs_exit_1(
    legacy: Path, trio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(legacy), str(trio)]) == 1
    out = capsys.readouterr().out
    assert "only in A (3 rows)" in out
    assert "Renamed? Try: --map '*=epoch/*'" in out


@needs_wandb
def test_renamed_runs_are_equal(
    legacy: Path, trio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps = ["--map", "epoch=epoch/epoch", "--map", "val_loss=epoch/val_loss"]
    assert main(["compare", str(legacy), str(trio), *maps]) == 0
    assert main(["compare", str(legacy), str(trio), "--map", "v*=epoch/v*"]) == 1
    capsys.readouterr()
    ignored = ["--ignore", "*epoch", "--ignore", "*val_loss"]
    assert main(["compare", str(legacy), str(trio), *ignored]) == 0


@needs_wandb
def test_a_star_leads_only_to_what_is_there(
    legacy: Path, trio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(legacy), str(trio), "--map", "*=epoch/*"]) == 0
    out = capsys.readouterr().out  # best_val_loss, which both have, keeps its name
    assert "No difference: 3 rows of 2 keys" in out
    assert "Note" not in out


@needs_wandb
@pytest.mark.parametrize(
    ("arguments", "notes"),
    [
        (["--map", "val_los=epoch/val_loss"], ["--map val_los=epoch/val_loss renames nothing: A has no val_los"]),
        (["--map", "*=epohc/*"], ["--map *=epohc/* renames nothing: no name of A that fits * is epohc/* in B"]),
        (["--map", "*=epoch/*", "--map", "val_loss=x"], ["--map val_loss=x renames nothing: an earlier --map has renamed it"]),
        (["--ignore", "grahp"], ["--ignore grahp ignores nothing: neither run has such a name"]),
        (["--ignore", "config:val_loss"], ["--ignore config:val_loss ignores nothing: neither run has such a name"]),
        (["--ignore", "summary:best_*", "--ignore", "best_epoch", "--map", "val_loss=epoch/val_loss"], []),
        (["--ignore", "config:lr", "--ignore", "history:rows"], []),
    ],
)  # fmt: skip
def test_what_meets_nothing_is_told(
    arguments: list[str],
    notes: list[str],
    legacy: Path,
    trio: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = main(["compare", str(legacy), str(trio), *arguments])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "nothing" in line] == [f"Note: {note}." for note in notes]
    assert main(["compare", str(legacy), str(trio), *arguments, "--json"]) == status
    assert json.loads(capsys.readouterr().out)["notes"] == notes


@needs_wandb
def test_one_and_the_same_run_is_told(
    legacy: Path, trio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = next(path for path in legacy.rglob("*.wandb") if "latest-run" not in path.parts)
    (tmp_path / "link").symlink_to(log.parent)
    shutil.copytree(log.parent, tmp_path / "copy")
    note = "Note: A and B are one and the same run, which tells nothing of another."
    for other, same in ((tmp_path / "link", True), (tmp_path / "copy", False), (trio, False)):
        main(["compare", str(legacy), str(other)])
        assert (note in capsys.readouterr().out.splitlines()) == same
        main(["compare", str(legacy), str(other), "--json"])
        assert json.loads(capsys.readouterr().out)["same_run"] == same


ONLINE = "If that is a run on W&B's server, name the directory that it left where it ran"


@pytest.mark.parametrize(
    ("path", "online"),
    [
        ("team/project/ab12cd34", True),
        ("team/project/runs/ab12cd34", True),
        ("https://wandb.ai/team/project/runs/ab12cd34?nw=1", True),
        ("wandb/offline-run-1", False),
        ("/somewhere/else/ab12cd34", False),
        ("ab12cd34", False),
    ],
)
def test_a_path_of_wandbs_server_is_answered_with_what_to_do(
    path: str, online: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", path, path]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"wandb-keras-compat: No such file or directory: {path}")
    assert captured.err.count("\n") == 1
    assert (ONLINE in captured.err) == online
    assert ("wandb/run-...-ab12cd34" in captured.err) == online


@needs_wandb
def test_compare_json(legacy: Path, trio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(legacy), str(trio), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["equal"] is False
    assert {d["where"] for d in report["differences"]} == {"history", "summary"}


@needs_wandb
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--map", "val_loss"], "--map 'val_loss': expected OLD=NEW"),
        (["--map", "=x"], "--map '=x': expected OLD=NEW"),
        (["--map", "a*b*=c"], "at most one *"),
        (["--map", "val_loss=epoch"], "the name 'epoch'"),
        (["--tolerance", "-1"], "tolerance=-1.0"),
    ],
)
def test_wrong_usage_exits_2(
    arguments: list[str], sentence: str, legacy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(legacy), str(legacy), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


@needs_wandb
def test_what_was_not_read_exits_2_and_names_the_run(
    legacy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = next(path for path in legacy.rglob("*.wandb") if "latest-run" not in path.parts)
    shutil.copytree(log.parent, tmp_path / "run")
    damaged = tmp_path / "run" / log.name
    data = damaged.read_bytes()
    damaged.write_bytes(data + b"\x00")
    assert main(["compare", str(log), str(damaged)]) == 2
    captured = capsys.readouterr()
    assert "1 thing could not be compared." in captured.out
    assert captured.err.startswith(f"wandb-keras-compat: compare: {damaged.parent}: run: log: ")
    assert captured.err.count("\n") == 1
    damaged.write_bytes(b"something else" + data)
    assert main(["compare", str(log), str(damaged)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"wandb-keras-compat: {damaged} cannot be read: ")
    assert captured.err.count("\n") == 1


@needs_wandb
def test_what_was_not_read_is_named_safely(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from compat_logs import end, row, run, write

    gone = {"_type": "image-file", "path": "gone.png"}
    folder = write(tmp_path / "d\x1b[31m\n", [run(), row({"k\x1b[31m\n\u202e": gone}), end()])
    assert main(["compare", str(folder), str(folder)]) == 2
    err = capsys.readouterr().err
    assert not set("\x1b\u202e") & set(err)
    assert err.count("\n") == 1


def test_missing_run_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path), str(tmp_path / "x")]) == 2
    assert capsys.readouterr().err == (
        f"wandb-keras-compat: No W&B run (a run-*.wandb file) in {tmp_path} or below it\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["compare", "a"], ["run", "--nonsense"], ["run", "--ours", "--theirs", "x"]],
)
def test_argparse_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: wandb-keras-compat" in capsys.readouterr().err


def test_without_a_command_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    with pytest.raises(SystemExit):
        main(["--help"])
    assert captured.err == capsys.readouterr().out
    assert "wandb-keras-compat doctor .  " in captured.err


# run --offline --show


@needs_wandb
def test_show_prints_what_was_recorded(tmp_path: Path) -> None:
    done = train(tmp_path, "legacy")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    start = lines.index("Run the run (command): 3 rows of history")
    assert lines[start + 2].split() == ["key", "rows", "first", "last", "best"]
    assert lines[start + 4].split() == ["epoch", "3", "0", "2"]
    assert lines[start + 5].split() == ["val_loss", "3", "3", "1", "1", "(epoch", "2)"]
    directory = next(line for line in lines if line.startswith("Run directory: ")).split(": ")[1]
    assert Path(directory).is_dir()
    assert any(line.split()[-3:] == ["wandb", "sync", directory] for line in lines)
    assert main(["compare", directory, directory]) == 0


@needs_wandb
def test_show_prints_the_runs_of_a_script_that_raises(tmp_path: Path) -> None:
    done = train(tmp_path, "legacy", "raise")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.rstrip().endswith("ValueError: diverged")
    assert "wandb_keras_compat" not in done.stderr
    assert "3 rows of history" in done.stdout


@needs_wandb
def test_show_finds_every_run_wherever_it_is(tmp_path: Path) -> None:
    done = train(tmp_path, "legacy", "two")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 rows of history" in done.stdout
    assert "1 row of history" in done.stdout
    assert str(tmp_path / "elsewhere") in done.stdout
    assert "Compare two runs: wandb-keras-compat compare " in done.stdout


CHILDREN = """
import multiprocessing, os, subprocess, sys
import wandb
def train(name):
    wandb.init(project="command", name=name).log({"x": 1})
    wandb.finish()
if __name__ == "__main__":
    code = f"import sys; sys.path[:0] = {sys.path!r}; import train; train.train('started')"
    subprocess.run([sys.executable, "-c", code], check=True)
    pid = os.fork()
    if not pid:
        sys.exit(0)  # its exit handlers are those of the script
    os.waitpid(pid, 0)
    child = multiprocessing.get_context("spawn").Process(target=train, args=("spawned",))
    child.start()
    child.join()
"""


@needs_wandb
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork here")
def test_show_lists_the_runs_of_children_and_a_fork_prints_nothing(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(CHILDREN)
    done = command(tmp_path, "run", "--offline", "--show", "train.py")
    assert done.returncode == 0, done.stderr
    for name in ("started", "spawned"):
        assert done.stdout.count(f"Run {name} (command): 1 row of history") == 1
    assert done.stdout.count("Compare two runs") == 1
    assert "Nothing was recorded" not in done.stdout


# What is printed is safe

NASTY = "loss\x1b[31m\n\u202e\u2028\ud800é"
SAFE = "loss\\x1b[31m\\n\\u202e\\u2028\\ud800é"


def nasty_run(folder: Path, value: float) -> Path:
    from compat_logs import end, row, run, summary, write

    text = json.dumps(NASTY).encode()
    key = NASTY.replace("\ud800", "")
    records = [run({key: NASTY}), row({key: value, "text": text}), summary({"s": text}), end()]
    write(folder, records)
    (folder / "files" / "name\x1b[2J\n.txt").touch()
    return folder


@needs_wandb
def test_what_reports_print_is_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = nasty_run(tmp_path / "a\x1b[5m", 1.0), nasty_run(tmp_path / "b\n", 2.0)
    assert main(["compare", str(a), str(b)]) == 1
    out = capsys.readouterr().out + show([str(a), str(b)], wait=0)
    assert main(["compare", str(a), str(b / "\u202e")]) == 2
    out += capsys.readouterr().err
    for c in "\x1b\u202e\u2028\ud800":
        assert c not in out
    assert SAFE in out
    assert "a\\x1b[5m" in out
    assert "name\\x1b[2J\\n.txt" in out


@needs_wandb
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_stream_that_cannot_encode_gets_escapes(encoding: str, tmp_path: Path) -> None:
    a, b = nasty_run(tmp_path / "a", 1.0), nasty_run(tmp_path / "b日本", 2.0)
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "compare", str(a), str(b)],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert ("\\u65e5" if encoding != "utf-8" else "日") in done.stdout.decode(encoding)


def test_show_without_a_run(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("print('no run')")
    done = command(tmp_path, "run", "--ours", "--show", "train.py")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "no run",
        "",
        "Nothing was recorded: the script started no W&B run that writes to disk.",
    ]


def test_show_of_a_folder_that_holds_no_log(tmp_path: Path) -> None:
    assert f"No W&B run (a run-*.wandb file) in {tmp_path}" in show([str(tmp_path)])


def test_table() -> None:
    assert table(("key", "value"), [("loss", "0.5"), ("a", "1")]) == [
        "key   value",
        "----  -----",
        "loss  0.5",
        "a     1",
    ]


@pytest.mark.parametrize("option", ["--offline", "--show", "--ours", "--theirs"])
def test_options_after_the_script_are_the_scripts(option: str, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import os, sys; print(sys.argv, os.getenv('WANDB_MODE'))")
    done = command(tmp_path, "run", "--ours", "train.py", option)
    assert (done.returncode, done.stdout) == (0, f"['train.py', '{option}'] None\n")


# Whose class is used


@needs_wandb
def test_run_says_whose_class_is_used_where_wandbs_is_preferred(tmp_path: Path) -> None:
    found = wandb_keras_compat.detect()
    assert found.wandb is not None
    (tmp_path / "train.py").write_text("")
    said = command(tmp_path, "run", "--theirs", "train.py").stderr
    for option in ([], ["--ours"]):
        assert command(tmp_path, "run", *option, "train.py").stderr == ""
    release = f"wandb {found.wandb.version}"
    if not found.wandb.legacy_callback:
        assert said == (
            f"wandb-keras-compat: {release} has no WandbCallback any more: this package's is used.\n"
        )
    elif found.wandb.trio:
        assert said.startswith(f"wandb-keras-compat: the WandbCallback of {release} is used")
    assert said.count("\n") == 1


@needs_wandb
@pytest.mark.parametrize(("options", "theirs"), [([], False), (["--theirs"], True)])
def test_a_script_gets_our_classes_unless_it_prefers_wandbs(
    options: list[str], theirs: bool, tmp_path: Path
) -> None:
    found = wandb_keras_compat.detect()
    if found.callbacks_on is None or found.wandb is None:
        pytest.skip("this environment has no Keras")
    (tmp_path / "train.py").write_text(
        "from wandb.keras import WandbCallback, WandbMetricsLogger\n"
        "from wandb.integration.keras import WandbCallback as again\n"
        "print(WandbCallback.__module__, again is WandbCallback, WandbMetricsLogger.__module__)\n"
    )
    done = command(tmp_path, "run", *options, "--offline", "train.py")
    assert done.returncode == 0, done.stderr
    callback, same, logger = done.stdout.split()
    assert same == "True"
    upstream = theirs and found.tensorflow is not None
    assert logger.startswith("wandb." if upstream else "wandb_keras_compat.")
    has_callback = upstream and found.wandb.legacy_callback
    assert callback.startswith("wandb." if has_callback else "wandb_keras_compat.")


# The bundled script


needs_sklearn = pytest.mark.skipif(
    find_spec("sklearn") is None, reason="the example needs scikit-learn"
)


@needs_wandb
@needs_sklearn
def test_the_bundled_script_runs_unchanged_and_equals_upstream_where_upstream_works(
    tmp_path: Path,
) -> None:
    found = wandb_keras_compat.detect()
    if found.callbacks_on is None or found.wandb is None:
        pytest.skip("this environment has no Keras")
    ours, upstream = tmp_path / "ours", tmp_path / "upstream"
    ours.mkdir()
    upstream.mkdir()
    done = command(ours, "run", "--offline", "--show", str(EXAMPLE))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    keys = {line.split()[0]: line.split()[1] for line in lines if line.split()[1:2] == ["3"]}
    assert keys == dict.fromkeys(("accuracy", "epoch", "loss", "val_accuracy", "val_loss"), "3")
    text = " ".join(done.stdout.split())
    for recorded in ("best_epoch", "best_val_loss", "graph graph of", "model-best.h5", "model-"):
        assert recorded in text
    assert "model epoch_0" in text
    upstream_works = found.wandb.legacy_callback and found.callbacks_on.flavour == "tf.keras 2"
    if upstream_works and parse(found.tensorflow) >= parse("2.7"):  # older ones cannot be seeded
        done = command(upstream, "run", "--theirs", "--offline", str(EXAMPLE))
        assert done.returncode == 0, done.stderr
        done = command(tmp_path, "compare", str(upstream), str(ours))
        assert done.returncode == 0, done.stdout


def test_help_and_version(capsys) -> None:
    for option in ("--help", "--version"):
        with pytest.raises(SystemExit, match="0"):
            main([option])
    out = capsys.readouterr().out
    assert out.endswith(f"wandb-keras-compat {wandb_keras_compat.__version__}\n")
    assert "examples:" in out
    assert max(map(len, out.splitlines())) <= 80
