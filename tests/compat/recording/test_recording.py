"""Recordings read back what the installed wandb wrote, and survive damaged logs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Iterator

import pytest

from compat_logs import framed
from wandb_keras_compat import recording as recordings
from wandb_keras_compat.recording import (
    ArtifactFile,
    Metric,
    Recording,
    RecordingError,
    Row,
    read,
    records,
)
from wandb_keras_compat.recording.folder import Folder
from wandb_keras_compat.recording.media import Normaliser
from wandb_keras_compat.recording.transaction_log import BLOCK, LogError, read_log
from wandb_keras_compat.recording.values import flatten

pytestmark = [
    # what wandb's and protobuf's older releases say about themselves on import
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::UserWarning"),
]

SCRIPT = textwrap.dedent(
    """
    import os, sys
    import numpy as np
    import wandb
    from wandb.data_types import Node

    random = np.random.RandomState(0)
    run = wandb.init(project="recorded", name="first", config={"lr": 0.1, "nested": {"a": [1, 2]}})
    run.define_metric("epoch/epoch")
    run.define_metric("epoch/*", step_metric="epoch/epoch")
    run.define_metric("least", summary="min")
    run.save("model.h5")
    table = wandb.Table(columns=["i", "text"], data=[[1, "one"], [2, "two"]])
    for epoch in range(3):
        run.log({"weights": wandb.Histogram(np.arange(10.0))}, commit=False)
        row = {"epoch": epoch, "loss": 1 / (epoch + 1), "least": 3 - epoch, "epoch/epoch": epoch}
        run.log({**row, "deep": {"x": {"y": epoch}}, "nan": float("nan"), "note": run.id})
        run.summary["best_loss"] = 1 / (epoch + 1)
        with open(os.path.join(run.dir, "model.h5"), "wb") as file:
            file.write(b"x" * (epoch + 1))
        artifact = wandb.Artifact("model-" + run.id, type="model", metadata={"epoch": epoch})
        artifact.add_file(os.path.join(run.dir, "model.h5"))
        run.log_artifact(artifact, aliases=["latest", "epoch_%d" % epoch])
    run.log({"table": table})
    graph = wandb.Graph()
    dense = dict(class_name="Dense", size=(None, 3), output_shape=[None, 3])
    graph.add_node(Node(id="n1", name="hidden", num_parameters=5, **dense))
    graph.add_node(Node(id="n2", name="out", num_parameters=7, **dense))
    graph.add_edge(*graph.nodes)
    run.summary["graph"] = graph
    run.summary["loss"] = 99
    if "images" in sys.argv:
        pixels = np.zeros((4, 6, 3), "uint8")
        masks = {"p": {"mask_data": np.eye(4, 6, dtype="uint8"), "class_labels": {0: "a", 1: "b"}}}
        pictures = [wandb.Image(pixels, caption="c"), wandb.Image(pixels + 9, caption="d")]
        run.log({"pictures": pictures, "masked": wandb.Image(pixels, masks=masks)})
    run.finish()
    """
)


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports a Keras."""


def run_script(folder: Path, *arguments: str) -> Path:
    folder.mkdir(exist_ok=True)
    script = folder / "script.py"
    script.write_text(
        SCRIPT.replace("add_edge(*graph.nodes)", "add_edge(graph['n1'], graph['n2'])")
    )
    environ = {**os.environ, "WANDB_MODE": "offline", "WANDB_SILENT": "true"}
    environ["WANDB_DIR"] = str(folder)
    command = [sys.executable, str(script), *arguments]
    done = subprocess.run(command, env=environ, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def wandb_version() -> list[int]:

    return [int(part) for part in version("wandb").split(".")[:2]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_script(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def recording(folder: Path) -> Recording:
    return read(folder)


def test_run(recording: Recording) -> None:
    assert (recording.project, recording.name) == ("recorded", "first")
    assert recording.finished
    assert recording.notes == ()
    assert recording.config == {"lr": 0.1, "nested": {"a": [1, 2]}}
    assert recording.wandb_version.split(".")[:2] == [str(part) for part in wandb_version()]


def test_history(recording: Recording) -> None:
    assert [row.step for row in recording.history] == [0, 1, 2, 3]
    assert recording.column("loss") == [1, 0.5, 1 / 3]
    assert recording.column("deep") == [{"x": {"y": 0}}, {"x": {"y": 1}}, {"x": {"y": 2}}]
    assert recording.column("note") == ["<RUN_ID>"] * 3
    assert recording.keys() == (
        "deep", "epoch", "epoch/epoch", "least", "loss", "nan", "note", "table", "weights"
    )  # fmt: skip


def test_media(recording: Recording) -> None:
    histogram = recording.column("weights")[0]
    assert (histogram["bins"][0], histogram["bins"][-1], len(histogram["bins"])) == (0, 9, 65)
    assert sum(histogram["values"]) == 10
    table = recording.column("table")[0]
    assert table["columns"] == ["i", "text"]
    assert table["data"] == [[1, "one"], [2, "two"]]
    assert (table["nrows"], table["ncols"]) == (2, 2)
    graph = recording.summary["graph"]
    assert [node["name"] for node in graph["nodes"]] == ["hidden", "out"]
    assert [node["num_parameters"] for node in graph["nodes"]] == [5, 7]
    assert graph["edges"] == [["hidden", "out"]]


def test_summary(recording: Recording) -> None:
    assert recording.summary["best_loss"] == pytest.approx(1 / 3)
    assert recording.summary["loss"] == 99
    assert recording.summary["least"] == {"min": 1}
    assert recording.summary["epoch"] == 2
    assert recording.summary["_step"] == 3
    assert "_runtime" not in recording.summary


def test_explicit_summary_writes(recording: Recording) -> None:
    writes = [(list(u.values), u.after_rows) for u in recording.summary_updates]
    if wandb_version() >= [0, 18]:
        assert recording.summary_timed
        assert writes == [
            (["best_loss"], 1),
            (["best_loss"], 2),
            (["best_loss"], 3),
            (["graph"], 4),
            (["loss"], 4),
        ]
    else:
        assert not recording.summary_timed
        assert writes == [(["best_loss", "graph"], 4)]


def test_metrics(recording: Recording) -> None:
    assert recording.metrics == (
        Metric("epoch/*", "epoch/epoch", ()),
        Metric("epoch/epoch", None, ()),
        Metric("least", None, ("min",)),
    )


def test_files(recording: Recording) -> None:
    files = {file.path: file for file in recording.files}
    assert files["model.h5"].size == 3
    assert "media/table/table_3_<HASH>.table.json" in files
    assert "media/graph/graph_summary_<HASH>.graph.json" in files
    assert not {"requirements.txt", "wandb-metadata.json", "output.log"} & files.keys()


def test_artifacts(recording: Recording) -> None:
    models = [a for a in recording.artifacts if a.type == "model"]
    assert [a.name for a in models] == ["model-<RUN_ID>"] * 3
    assert [a.aliases for a in models] == [(f"epoch_{n}", "latest") for n in range(3)]
    assert [a.after_rows for a in models] == [1, 2, 3]
    assert [a.metadata for a in models] == [{"epoch": 0}, {"epoch": 1}, {"epoch": 2}]
    assert models[0].contents == (ArtifactFile("model.h5", "nd1Oac7MS7AdFY7DDlRQ8g==", 1),) or (
        models[0].contents[0].size == 1
    )
    assert [a.name for a in recording.artifacts if a.type == "run_table"] == ["run-<RUN_ID>-table"]


@pytest.mark.skipif(
    version("wandb") == "0.13.4", reason="wandb 0.13.4 asks the server about images"
)
def test_images(tmp_path: Path) -> None:
    pytest.importorskip("PIL", reason="wandb.Image needs Pillow")
    recording = read(run_script(tmp_path / "images", "images"))
    pictures = recording.column("pictures")[0]
    assert (pictures["count"], pictures["width"], pictures["height"]) == (2, 6, 4)
    assert pictures["captions"] == ["c", "d"]
    assert len(set(pictures["pixels"])) == 2
    masked = recording.column("masked")[0]
    assert masked["pixels"] == pictures["pixels"][0]
    assert masked["masks"]["p"]["pixels"] not in (None, masked["pixels"])


# Where a run is found


def log_of(folder: Path) -> Path:
    return next(path for path in folder.rglob("*.wandb") if "latest-run" not in path.parts)


def test_the_same_run_by_every_path(folder: Path, recording: Recording) -> None:
    log = log_of(folder)
    for path in (log, log.parent, log.parent.parent, str(folder)):
        assert repr(read(path)) == repr(recording)


def test_no_run(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="No W&B run"):
        read(tmp_path)
    with pytest.raises(RecordingError, match="No such file or directory"):
        read(tmp_path / "missing")


def test_several_runs_are_named(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(log_of(folder).parent, tmp_path / name)
    with pytest.raises(RecordingError, match=r"2 W&B runs") as caught:
        read(tmp_path)
    assert str(tmp_path / "one") in str(caught.value)
    assert str(tmp_path / "two") in str(caught.value)


# Logs that are not whole


@pytest.fixture
def log(folder: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(log_of(folder).parent, tmp_path / "copy")
    return log_of(tmp_path)


def test_truncated_log(log: Path) -> None:
    data = log.read_bytes()
    log.write_bytes(data[: len(data) * 2 // 3])
    recording = read(log, wait=0)
    assert not recording.finished
    assert 0 < len(recording.history) <= 4
    assert "middle of a record" in recording.notes[0]


def test_damaged_block_is_skipped_and_told(log: Path) -> None:
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)
    recording = read(log, wait=0)
    assert recording.run_id
    assert any("damaged at byte" in note for note in recording.notes)


def test_not_a_log(tmp_path: Path) -> None:
    (tmp_path / "run-x.wandb").write_bytes(b"something else")
    with pytest.raises(RecordingError, match="does not begin with the mark"):
        read(tmp_path)


def test_empty_log_of_a_run_that_was_killed_at_once(tmp_path: Path) -> None:
    (tmp_path / "run-x.wandb").write_bytes(b"")
    start = time.monotonic()
    with pytest.raises(RecordingError, match="it is empty"):
        read(tmp_path, wait=0.2)
    assert time.monotonic() - start >= 0.2


def test_a_log_that_is_written_just_before_it_is_read(log: Path, monkeypatch) -> None:
    from wandb_keras_compat.recording import reader

    data, read_log = log.read_bytes(), reader._read
    log.write_bytes(b"")

    def write_and_read(path, *arguments):
        log.write_bytes(data)
        return read_log(path, *arguments)

    monkeypatch.setattr(reader, "_read", write_and_read)
    assert read(log, wait=0).finished


def test_waits_for_the_end_of_a_run(log: Path) -> None:
    data = log.read_bytes()
    log.write_bytes(data[: len(data) // 2])

    def finish() -> None:
        time.sleep(0.3)
        log.write_bytes(data)

    thread = threading.Thread(target=finish)
    thread.start()
    assert read(log, wait=20).finished
    thread.join()


def test_does_not_wait_for_a_log_of_yesterday(log: Path) -> None:
    data = log.read_bytes()
    log.write_bytes(data[: len(data) // 2])
    os.utime(log, (time.time() - 86400,) * 2)
    start = time.monotonic()
    assert not read(log, wait=60).finished
    assert time.monotonic() - start < 30


# The parts


@pytest.mark.parametrize("size", [0, 1, BLOCK - 14, BLOCK - 15, BLOCK - 20, BLOCK, 3 * BLOCK])
def test_records_of_every_length(size: int) -> None:
    records = [bytes(range(256)) * (size // 256) + b"y" * (size % 256), b"z", b"w" * size]
    notes: list[str] = []
    assert list(read_log(BytesIO(framed(records)), notes)) == records
    assert notes == []


def descriptors(fields: Any, descriptor: Any) -> Iterator[tuple[Any, Any, Any]]:
    for number, (name, kind) in fields.items():
        field = descriptor.fields_by_name.get(name)
        inner = kind[0] if isinstance(kind, tuple) else kind
        yield number, inner, field
        if field is not None and isinstance(inner, dict):
            yield from descriptors(inner, field.message_type)


def test_the_numbers_of_fields_are_those_of_the_installed_wandb() -> None:
    from wandb.proto import wandb_internal_pb2 as protocol
    from wandb.proto import wandb_telemetry_pb2 as telemetry

    messages = {
        "ITEM": protocol.ConfigItem, "HISTORY_ITEM": protocol.HistoryItem,
        "HISTORY": protocol.HistoryRecord, "UPDATE": protocol.SummaryRecord,
        "CONFIG": protocol.ConfigRecord, "TELEMETRY": telemetry.TelemetryRecord,
        "RUN": protocol.RunRecord, "FILES": protocol.FilesRecord,
        "METRIC": protocol.MetricRecord, "ARTIFACT": protocol.ArtifactRecord,
        "HEADER": protocol.HeaderRecord,
    }  # fmt: skip
    assert set(messages) == {name for name in vars(records) if name.isupper()} - {
        "RECORDS", "SUMMARIES", "TEXT", "RAW", "NUMBER", "SIGNED", "DOUBLE"
    }  # fmt: skip
    absent = []
    for name, found in messages.items():
        for number, kind, field in descriptors(getattr(records, name), found.DESCRIPTOR):
            if field is None:  # this release does not have it yet
                absent.append((name, number))
                continue
            assert field.number == number
            # strings and bytes; messages; everything else is a number
            types = {"text": {9}, "raw": {9, 11, 12}, "signed": {18}, "double": {1}}.get(str(kind))
            assert field.type in (types or ({11} if isinstance(kind, dict) else {3, 5, 8, 13, 14}))
    later = {("HISTORY_ITEM", number) for number in range(3, 9)} | {("HEADER", 1)}
    later |= {("ARTIFACT", 5), ("METRIC", 10)}
    assert set(absent) <= later
    kinds = {n: f.name for n, f in protocol.Record.DESCRIPTOR.fields_by_number.items()}
    assert {n: kinds.get(n, name) for n, name in records.RECORDS.items()} == records.RECORDS
    kinds = {n: f.name for n, f in protocol.MetricSummary.DESCRIPTOR.fields_by_number.items()}
    assert {n: kinds.get(n, name) for n, name in records.SUMMARIES.items()} == records.SUMMARIES


def test_log_error() -> None:
    with pytest.raises(LogError):
        list(read_log(BytesIO(b":W&"), []))


def test_flatten_keeps_media_whole() -> None:
    media = {"_type": "histogram", "bins": [0, 1], "values": [1]}
    assert flatten({"a": {"b": 1, "c": {"d": 2}}, "h": media, "e": {}}) == {
        ("a", "b"): 1,
        ("a", "c", "d"): 2,
        ("h",): media,
        ("e",): {},
    }


def test_packed_histogram_is_unpacked() -> None:
    packed = {
        "_type": "histogram",
        "packedBins": {"min": 0, "size": 0.5, "count": 2},
        "values": [1],
    }
    assert Normaliser(Folder(""), "", []).value(packed)["bins"] == [0, 0.5, 1]


def test_unknown_media_keep_their_digest() -> None:
    media = {"_type": "html-file", "path": "media/html/x.html", "sha256": "ab", "size": 3}
    assert Normaliser(Folder(""), "", []).value(media) == {"_type": "html-file", "sha256": "ab"}


def test_media_in_several_files_are_known_by_the_names_of_these() -> None:
    digest = "0123456789abcdef0123"
    media = {"_type": "object3D", "count": 1, "filenames": [f"media/x_0_{digest}.obj.json"]}
    plain = Normaliser(Folder(""), "", [])
    assert plain.value(media) == {"_type": "object3D", "count": 1, "sha256": [digest]}
    assert plain.value({**media, "filenames": ["x.obj"]})["unread"] is True


def test_pictures_without_files_are_none() -> None:
    notes: list[str] = []
    media = {"_type": "images/separated", "count": 2, "filenames": []}
    assert Normaliser(Folder(""), "", notes).value(media)["unread"] is True
    assert notes


def test_recordings_are_frozen_values() -> None:
    row = Row(0, {"loss": 1})
    assert row == Row(0, {"loss": 1})
    with pytest.raises(AttributeError):
        row.step = 1  # type: ignore[misc]
    assert recordings.find.__doc__
