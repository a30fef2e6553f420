"""Whatever a log holds, reading it ends in a recording with notes or in a RecordingError."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

from compat_logs import end, framed, message, row, run, summary, write
from wandb_keras_compat.recording import Recording, RecordingError, compare, read, reader
from wandb_keras_compat.recording import folder as folder_of_a_run
from wandb_keras_compat.recording.difference_report import as_json, as_text
from wandb_keras_compat.recording.items import take_apart
from wandb_keras_compat.recording.show import show
from wandb_keras_compat.recording.wire import WireError

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::UserWarning"),
]
# The format is the same in each row of the matrix, so one of them has the time for all.
ROUNDS = 6_000 if os.environ.get("MATRIX_ROW", "keras3-jax") == "keras3-jax" else 300


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports a Keras."""


MEDIA: dict[str, Any] = {
    "media/table/t_0_aa.table.json": {"columns": ["i"], "data": [[1], [{"_type": "x"}]]},
    "media/graph/g.json": {
        "format": "keras",
        "nodes": [{"id": "n1", "name": "a"}, {"id": "n2", "name": "b"}],
        "edges": [["n1", "n2"]],
    },
}
TABLE = {"_type": "table-file", "path": "media/table/t_0_aa.table.json", "nrows": 2, "sha256": "s"}
GRAPH = {"_type": "graph-file", "path": "media/graph/g.json", "sha256": "g"}
IMAGES = {
    "_type": "images/separated", "count": 1, "format": "png",
    "filenames": ["media/images/i_0_0123456789abcdef0123.png"],
}  # fmt: skip
PACKED = {"_type": "histogram", "packedBins": {"min": 0, "size": 1, "count": 2}, "values": [1, 2]}


def records() -> list[bytes]:
    """A run with something of everything that is read."""
    header = message("header")
    if hasattr(header.header, "version_info"):  # until: wandb 0.13.4 is dropped
        header.header.version_info.producer = "0.31.0"
    metric = message("metric", name="least", step_metric="epoch")
    metric.metric.summary.min = True
    files = message("files")
    files.files.files.add(path="model.h5", policy=2)
    artifact = message("artifact", type="model", name="model-abc", metadata='{"epoch": 1}')
    artifact.artifact.aliases.append("latest")
    artifact.artifact.manifest.contents.add(path="m.h5", digest="d", size=3)
    removed = message("config")
    removed.config.remove.add().key = "gone"
    telemetry = message("telemetry", cli_version="0.31.0")
    rows = [
        row({"loss": 0.5, "epoch": i, "least": 1, ("deep", "x"): i, "_step": i, "_runtime": 0.1}, i)
        for i in range(3)
    ]
    rows.append(row({"h": PACKED, "table": TABLE, "pictures": IMAGES, "note": "abc"}, 3, False))
    writes = summary({"graph": GRAPH, ("a", "b"): 1, "best": 0.5}, ["old"])
    others = [m.SerializeToString() for m in (header, metric, files, artifact, removed, telemetry)]
    return [run({"lr": 0.1, "nested": {"a": [1]}}), *others, *rows, writes, end()]


# JSON texts in place of a value's own
NASTY: list[bytes] = [
    b"", b"null", b"true", b"[", b"nan", b"NaN", b"-Infinity", b"1e999", b"{}", b'{"a": {}}',
    b"[" * 5_000 + b"]" * 5_000, b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70,
    b"9" * 400, b"9" * 5_000, b"-" * 10_000, b'"\\ud800"', b'"\\u202e\\u0000\\u001b[31m"',
    b'{"_type": null}', b'{"_type": ["x"]}', b'{"_type": "histogram"}',
    b'{"_type": "histogram", "bins": [1], "values": ["x"]}',
    b'{"_type": "histogram", "packedBins": {"min": 0, "size": 1, "count": 1e18}, "values": [1]}',
    b'{"_type": "histogram", "packedBins": [1], "values": [1]}',
    b'{"_type": "image-file", "path": "/etc/passwd"}', b'{"_type": "mask", "path": {"a": 1}}',
    b'{"_type": "image-file", "path": "../../../../../../etc/passwd", "sha256": "x"}',
    b'{"_type": "images/separated", "filenames": 5}', b'{"_type": "images/separated"}',
    b'{"_type": "images/separated", "filenames": [null, {}, "a\\u0000b"]}',
    b'{"_type": "table-file", "path": "media/graph/g.json"}',
    b'{"_type": "graph-file", "path": "media/table/t_0_aa.table.json"}',
    b'{"_type": "graph-file", "path": "files"}', b'{"_type": "graph-file", "nodes": 5}',
    b'{"_type": "unknown", "path": 1}', b"1,2", b"3],[4",
]  # fmt: skip


def another_value(draw: random.Random, whole: list[bytes]) -> bytes:
    """Put another JSON text in the place of a value, in a record that says its lengths right."""
    from wandb.proto import wandb_internal_pb2 as protocol

    record = protocol.Record()
    number = draw.randrange(len(whole))
    record.ParseFromString(whole[number])
    kind = record.WhichOneof("record_type")
    items = {
        "history": lambda: record.history.item,
        "summary": lambda: record.summary.update,
        "run": lambda: record.run.config.update,
    }.get(kind, list)()
    if items:
        text = draw.choice(NASTY).decode()
        keys = ["_step", "loss", "a.b", "", "\x1b[2J", "k" * 300]
        item = draw.choice(items)
        item.value_json = text
        if draw.random() < 0.3:
            item.ClearField("key")
            del item.nested_key[:]
            item.nested_key.extend(draw.choice(keys) for _ in range(draw.choice([0, 1, 2, 90])))
    elif kind == "artifact":
        record.artifact.metadata = draw.choice(NASTY).decode()
        record.artifact.manifest.ClearField("contents")
        path = draw.choice(["/etc/passwd", "../x", "nowhere", *MEDIA, "\0"])
        name_manifest(record, path)
    whole[number] = record.SerializeToString()
    return framed(whole)


def name_manifest(record: Any, path: str) -> bool:
    """Let an artifact's manifest lie in a file, if this wandb knows of that."""
    manifest = record.artifact.manifest
    known = hasattr(manifest, "manifest_file_path")
    if known:
        manifest.manifest_file_path = path
    return known


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Change bits, or cut, drop, double or swap a piece."""
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 8])):
        at, size = draw.randrange(len(data) + 1), draw.choice([1, 2, 7, 64, len(data)])
        change = draw.randrange(6)
        if change == 0 and at < len(data):
            data[at] ^= 1 << draw.randrange(8)
        elif change == 1 and at < len(data):
            data[at] = draw.choice([0, 1, 0x0A, 0x12, 0x7F, 0x80, 0x82, 0xFF])
        elif change == 2:
            del data[at : at + size]
        elif change == 3:
            data[at:at] = data[at : at + size]
        elif change == 4:
            data[at:at] = bytes(draw.randrange(256) for _ in range(draw.choice([1, 4, 30])))
        elif change == 5:
            other = draw.randrange(len(data) + 1)
            data[at : at + size], data[other : other + size] = (
                data[other : other + size],
                data[at : at + size],
            )
        if not data:
            break
    return bytes(data)


def in_the_file(draw: random.Random, whole: list[bytes]) -> bytes:
    return damaged(framed(whole), draw)


def in_a_record(draw: random.Random, whole: list[bytes]) -> bytes:
    """Damage a record, with a checksum that is right."""
    number = draw.randrange(len(whole))
    whole[number] = damaged(whole[number], draw)
    return framed(whole)


def in_the_order(draw: random.Random, whole: list[bytes]) -> bytes:
    draw.shuffle(whole)
    return framed(whole[: draw.randrange(len(whole) + 1)] * draw.choice([1, 2]))


DAMAGES: list[Callable[[random.Random, list[bytes]], bytes]] = [
    in_the_file, in_a_record, in_a_record, another_value, another_value, in_the_order
]  # fmt: skip


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    return records()


@pytest.fixture(scope="module")
def folder(made: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("whole") / "run", made)
    for name, content in MEDIA.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return folder


def test_the_whole_log_has_no_note_but_of_the_picture(folder: Path) -> None:
    recording = read(folder)
    assert recording.notes == ()
    assert recording.column("deep") == [{"x": 0}, {"x": 1}, {"x": 2}]
    assert recording.column("h")[0]["bins"] == [0, 1, 2]
    assert recording.summary["a"] == {"b": 1}
    assert recording.summary["epoch"] == 2
    assert "least" not in recording.summary  # W&B aggregates it
    assert recording.config == {"lr": 0.1, "nested": {"a": [1]}}
    assert recording.artifacts[0].metadata == {"epoch": 1}


def test_damaged_logs(folder: Path, made: list[bytes]) -> None:
    whole, path = read(folder), folder / "run-abc.wandb"
    before = path.read_bytes()
    raised = noted = 0
    try:
        for seed in range(ROUNDS):
            draw = random.Random(seed)
            path.write_bytes(draw.choice(DAMAGES)(draw, list(made)))
            try:
                recording = read(path, wait=0)
            except RecordingError as error:
                raised += str(path) in str(error)
                continue
            noted += bool(recording.unread)
            if seed % 10 == 0:
                assert repr(recording) == repr(reader._read(str(path), together=0)), seed
            whatever_is_read_can_be_told(whole, recording, seed)
    finally:
        path.write_bytes(before)
    assert raised
    assert noted > ROUNDS / 4


def whatever_is_read_can_be_told(whole: Recording, recording: Recording, seed: int) -> None:
    found = compare(whole, recording)
    as_text(whole, recording, found, 0.0)
    json.loads(as_json(whole, recording, found, 0.0))
    assert not recording.unread or not all(d.known for d in found), seed
    assert not recording.unread or compare(recording, recording), seed
    tuple(recording.history)
    if seed % 20 == 0:
        assert show([recording.directory], wait=0)


@pytest.mark.parametrize("together", [1, 5, 4096])
@pytest.mark.parametrize("wrong", [None, *range(6)])
def test_rows_read_together_are_the_rows(
    wrong: int | None, together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_TOGETHER", together)
    values: list[dict[str, Any]] = [
        {"a": 0.5, "b": 1}, {"b": True, "a": None}, {"c": "x, y"}, {"a": {"n": 1}, "b": 2},
        {"a": [1, {"deep": 2}], "b": "{"}, {"a": 1.5, "b": -0.0},
    ]  # fmt: skip
    made = [row({**said, "_step": step}, step) for step, said in enumerate(values)]
    if wrong is not None:
        made.insert(wrong, row({"a": b"1.2.3", "b": 7, "_step": wrong}, wrong))
    folder = write(tmp_path, [run(), *made[:3], summary({"a": 9}), *made[3:], end()])
    whole = read(folder)
    assert repr(whole) == repr(reader._read(reader.find(folder), together=0))
    rows_ = [dict(one.values) for one in whole.history]
    assert rows_ == [*values[:wrong], *([] if wrong is None else [{"b": 7}, *values[wrong:]])]
    assert whole.summary == {"_step": 5, "a": 1.5, "b": -0.0, "c": "x, y"}
    assert bool(whole.unread) == (wrong is not None)


def test_large_logs_are_read_by_two_processes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_LARGE", 0)
    one, two = read(folder), reader.read_both(str(folder), str(folder))
    assert repr(two) == repr((one, one))
    wrong = tmp_path / "run-abc.wandb"
    wrong.write_bytes(b"none")
    for pair in ((folder, wrong), (wrong, folder), (folder, tmp_path / "gone")):
        with pytest.raises(RecordingError, match=r"cannot be read|No such"):
            reader.read_both(*map(str, pair))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    assert repr(reader.read_both(str(folder), str(folder))) == repr((one, one))


BOTH = """
import multiprocessing, sys
from wandb_keras_compat.recording import reader
reader._LARGE = 0
def both(where):
    print(where, len(reader.read_both(*sys.argv[1:])[1].history), flush=True)
print("main", flush=True)
if __name__ == "__main__":
    both("script")
    child = multiprocessing.get_context("spawn").Process(target=both, args=["daemon"], daemon=True)
    child.start()
    child.join()
"""


def test_a_program_that_reads_both_is_not_run_again(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "both.py").write_text(BOTH)
    done = subprocess.run(
        [sys.executable, "both.py", str(folder), str(folder)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("main\nscript 4\nmain\ndaemon 4\n", "")


def test_any_bytes_are_items_or_an_error() -> None:
    draw = random.Random(0)
    tokens = [bytes([n]) for n in (0, 1, 3, 5, 10, 18, 34, 127, 128, 255)] + [b"\x82\x01", b"ab"]
    understood = 0
    for _ in range(3_000):
        record = b"".join(draw.choice(tokens) for _ in range(draw.randrange(12)))
        try:
            names, texts, _, _ = take_apart(b"\n" + record)
        except WireError:
            continue
        assert len(names) == len(texts)
        assert all(name[0] == len(name) - 1 for name in names)
        understood += bool(names)
    assert understood


@pytest.mark.parametrize("size", [0, 6, 7, 8, 13, 14])
def test_a_log_of_a_few_bytes(size: int, tmp_path: Path) -> None:
    write(tmp_path, [end()])
    path = tmp_path / "run-abc.wandb"
    path.write_bytes(path.read_bytes()[:size])
    if size < 7:
        with pytest.raises(RecordingError, match="cannot be read"):
            read(path, wait=0)
    else:
        assert not read(path, wait=0).finished


# What a log may make us read


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    write(tmp_path / "run", [])
    (tmp_path / "secret.json").write_bytes(b'{"columns": ["secret"], "data": []}')
    return tmp_path


def lures(outside: Path) -> dict[str, str]:
    files = outside / "run" / "files"
    (files / "link.json").symlink_to(outside / "secret.json")
    (files / "folder").symlink_to(outside)
    os.mkfifo(files / "fifo.json")
    (files / "device.json").symlink_to("/dev/zero")
    return {
        "absolute": str(outside / "secret.json"),
        "up": "../../secret.json",
        "link": "link.json",
        "through a link": "folder/secret.json",
        "fifo": "fifo.json",
        "device": "device.json",
    }


@pytest.mark.skipif(os.name == "nt", reason="there are no links and FIFOs")
@pytest.mark.parametrize("lure", ["absolute", "up", "link", "through a link", "fifo", "device"])
def test_a_log_reads_only_what_lies_below_its_run(lure: str, outside: Path) -> None:
    path = lures(outside)[lure]
    table = {"_type": "table-file", "path": path, "nrows": 0}
    artifact = message("artifact", type="t", name="n")
    known = name_manifest(artifact, path)
    write(outside / "run", [run(), row({"t": table}), artifact.SerializeToString(), end()])
    recording = read(outside / "run")
    assert "secret" not in repr(recording.history) + repr(recording.artifacts)
    assert recording.column("t")[0]["unread"] is True
    assert len(recording.unread) == 1 + known
    assert all(Path(path).name in note for note in recording.unread)


def test_a_log_that_is_a_fifo_is_none(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("there are no FIFOs")
    os.mkfifo(tmp_path / "run-x.wandb")
    with pytest.raises(RecordingError, match="No W&B run"):
        read(tmp_path)
    with pytest.raises(RecordingError, match="No such file or directory"):
        read(tmp_path / "run-x.wandb")


def test_a_summary_file_that_is_none(tmp_path: Path) -> None:
    write(tmp_path, [run(), row({"loss": 1}), end()])
    for text in (b"[1]", b"{", b"\xff", b"[" * 9_999):
        (tmp_path / "files" / "wandb-summary.json").write_bytes(text)
        recording = read(tmp_path)
        assert recording.summary == {"loss": 1, "_step": 0} or recording.summary == {"loss": 1}
        assert "wandb-summary.json cannot be read" in recording.unread[0]


def test_what_is_there_and_cannot_be_read_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [run(), row({"loss": 1}), end()])
    (tmp_path / "files" / "wandb-summary.json").write_text("{}")
    (tmp_path / "files" / "closed").mkdir()
    assert read(tmp_path).unread == ()

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(tmp_path / "closed"))

    monkeypatch.setattr(folder_of_a_run, "open", refuse, raising=False)
    (note,) = read(tmp_path).unread
    assert note == (
        "'wandb-summary.json' cannot be read: Permission denied; the summary it holds is not read"
    )
    monkeypatch.undo()
    monkeypatch.setattr(os, "scandir", refuse)
    (note,) = read(tmp_path / "run-abc.wandb").unread
    assert note.endswith("closed' cannot be read: Permission denied")


def test_a_file_that_vanishes_while_the_folder_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, tmp_path / "run")
    (tmp_path / "run" / "files" / "gone.h5").touch()
    status = os.stat

    def vanished(path: Any, **options: Any) -> Any:
        if str(path).endswith("gone.h5"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return status(path, **options)

    monkeypatch.setattr(os, "stat", vanished)
    sizes = {file.path: file.size for file in read(tmp_path / "run" / "run-abc.wandb").files}
    assert sizes["gone.h5"] is None
