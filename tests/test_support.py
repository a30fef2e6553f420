"""The support table is made from records of real runs, of the rows and pins that they name."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))
import support
from verdicts import (
    CANNOT,
    DEVIATES,
    DIFFERS,
    EXPLAINS,
    SILENT,
    WORKS,
    Verdict,
    alone,
    beside,
    verdicts,
)

from oracle import measure
from oracle.deviations import documented
from wandb_keras_compat import doctor
from wandb_keras_compat.doctor.checks import BREAK
from wandb_keras_compat.doctor.facts import Facts
from wandb_keras_compat.doctor.sources import scan
from wandb_keras_compat.environment import detection
from wandb_keras_compat.recording import Artifact, ArtifactFile, File, Row

ROWS = {row.id: row for row in support.matrix.load()}
RECORDS = {record["row"]: record for record in support.records()}
IDS = [feature.id for feature in support.FEATURES]


def feature(**values):
    defaults = {
        "id": "f",
        "training": "one scenario",
        "shows": ("summary graph",),
        "never": (),
        "deviates": (),
    }
    return SimpleNamespace(**{**defaults, **values})


def seen(*facts, error=None, warnings=()):
    return {"facts": list(facts), "error": error, "warnings": list(warnings)}


# The verdicts


@pytest.mark.parametrize(
    ("side", "verdict"),
    [
        (seen("summary graph", "summary loss"), Verdict(WORKS)),
        (seen("summary loss"), Verdict(SILENT, "not recorded: summary graph")),
        (seen(warnings=["No graph: x", "y"]), Verdict(CANNOT, "No graph: x")),
        (seen("summary graph", error="ValueError: x"), Verdict(CANNOT, "ValueError: x")),
        (seen("summary graph", "2 versions of m"), Verdict(DIFFERS, "2 versions of m")),
    ],
)
def test_alone(side, verdict):
    assert alone(side, feature(never=(r"[2-9] versions of m",))) == verdict


BEST = "alias of run_<RUN_ID>_model: best"


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (seen("summary graph"), seen("summary graph"), Verdict(WORKS)),
        (seen("summary graph"), None, Verdict(WORKS)),
        (seen("summary graph", BEST), seen("summary graph"), Verdict(DEVIATES, "best-alias")),
        (
            seen("summary graph", BEST, "summary x"),
            seen("summary graph", "summary y"),
            Verdict(DIFFERS, "only W&B's: summary y; only ours: summary x"),
        ),
        (seen(error="KeyError: 1"), seen("summary graph"), Verdict(CANNOT, "KeyError: 1")),
        (seen(), seen("summary graph"), Verdict(SILENT, "not recorded: summary graph")),
    ],
)
def test_beside(ours, theirs, verdict):
    assert beside(ours, theirs, feature(deviates=("best-alias",))) == verdict


def test_the_layout_inside_a_table_is_not_ours():
    theirs = seen("summary graph", "artifact t (run_table): media/tables/x.json, t.table.json")
    ours = seen("summary graph", "artifact t (run_table): t.table.json")
    assert beside(ours, theirs, feature()) == Verdict(WORKS)


def test_a_deviation_that_the_feature_does_not_name_is_a_difference():
    verdict = beside(seen("summary graph", BEST), seen("summary graph"), feature())
    assert verdict == Verdict(DIFFERS, f"only ours: {BEST}")


def test_ours_is_held_to_an_oracle_row_first():
    def record(row, upstream, ours):
        return {"row": row, "features": {"f": {"upstream": upstream, "ours": ours}}}

    full, less = seen("summary graph", "summary loss"), seen("summary graph")
    rows = [record("old", less, full), record("oracle", full, full), record("new", seen(), less)]
    found = verdicts(rows, [feature()], ["oracle"])
    assert found["old", "f"] == (Verdict(WORKS), Verdict(WORKS))
    assert found["new", "f"][1] == Verdict(DIFFERS, "only W&B's: summary loss")
    # Other scripts are not compared.
    found = verdicts(rows, [feature(training=("theirs.py", "ours.py"))], ["oracle"])
    assert found["new", "f"][1] == Verdict(WORKS)


# What is kept of a training


def artifact(name, kind, *paths, aliases=("latest",)):
    contents = tuple(ArtifactFile(path, "digest", 1) for path in paths)
    return Artifact(name, kind, aliases, contents, {}, 0)


def test_facts_do_not_depend_on_the_values():
    recording = SimpleNamespace(
        history=[Row(0, {"loss": 1.0, "epoch": 0}), Row(1, {"loss": 0.5})],
        summary={"best_loss": 0.5},
        files=[File("model-best.h5", 9, "live"), File("announced.h5", None, "live")],
        artifacts=[
            artifact("run_<RUN_ID>_model", "model", "m-01.h5", aliases=("epoch_0", "latest")),
            artifact("run_<RUN_ID>_model", "model", "m-02.h5", aliases=("epoch_1", "latest")),
            artifact("model-", "model", "variables/variables.index", "saved_model.pb"),
        ],
    )
    assert measure.facts(recording) == [
        "2 versions of run_<RUN_ID>_model",
        "alias of model-None: latest",
        "alias of run_<RUN_ID>_model: epoch_N",
        "alias of run_<RUN_ID>_model: latest",
        "artifact model-None (model): SavedModel",
        "artifact run_<RUN_ID>_model (model): m-N.h5",
        "file model-best.h5",
        "history epoch: 1 row",
        "history loss: 2 rows",
        "summary best_loss",
    ]


def test_an_error_is_one_line_that_says_why():
    assert measure._one_line("KeyError: 'a'\n  more") == "KeyError: 'a'"
    text = "TypeError: in user code:\n\n  File ...\n    TypeError: None\n"
    assert measure._one_line(text) == "TypeError: in user code: TypeError: None"
    text = "ImportError: x (/a/lib/site-packages/wandb/__init__.py)"
    assert measure._one_line(text) == "ImportError: x (wandb/__init__.py)"
    assert (
        measure._one_line("ValueError: path=/tmp/a/m.h5 and/or x")
        == "ValueError: path=m.h5 and/or x"
    )
    script = "Traceback (most recent call last):\n  File ...\nImportError: no\nwandb: Synced\n"
    assert measure._last_error(script) == "ImportError: no"


# The features and the records


def test_features_are_named_once_and_deviate_as_documented():
    assert len(IDS) == len(set(IDS))
    named = {name for f in support.FEATURES for name in f.deviates}
    assert named == set(EXPLAINS)
    assert named <= set(documented())


def test_every_row_of_the_gate_has_a_record():
    assert {row.id for row in ROWS.values() if row.gate} <= set(RECORDS)
    assert {path.stem for path in support.RECORDS.glob("*")} == set(RECORDS)


@pytest.mark.parametrize("row", RECORDS)
def test_a_record_is_complete_and_of_the_pins_of_its_row(row):
    record = RECORDS[row]
    assert list(record["features"]) == IDS
    for sides in record["features"].values():
        assert set(sides) == {"upstream", "ours"}
    versions = {re.sub(r"^tf\.", "", k).split(" ")[0]: v for k, v in record["versions"].items()}
    assert versions["python"].startswith(f"{ROWS[row].python}.")
    for requirement in map(Requirement, ROWS[row].requires):
        name = requirement.name.replace("-cpu", "")
        if name in ("tensorflow", "keras", "tf_keras", "jax", "torch", "wandb"):
            assert name not in versions or versions[name].split("+")[0] in requirement.specifier


def test_ours_works_wherever_it_was_measured():
    bad = {
        key: ours
        for key, (_, ours) in support.judged().items()
        if ours.result not in (WORKS, DEVIATES)
    }
    # The client of wandb 0.13.4 asks the server about image names, offline for ever.
    old = {row for row in RECORDS if RECORDS[row]["versions"]["wandb"] == "0.13.4"}
    # Keras 3.0 has one loss for all outputs.
    assert set(bad) == {*((row, "images") for row in old), ("tf-2.16", "inputs")}


# What the doctor foretells


def code(feature):
    """Return the training of a feature as people would write it for W&B's classes."""
    if isinstance(feature.training, tuple):
        script = feature.training[0]
        return (ROOT / "examples" / script).read_text() if script.endswith(".py") else script
    name, arguments = feature.training.callback, feature.training.arguments
    if name == "EvalTable":
        return f"{UPSTREAM} WandbEvalCallback\nclass EvalTable(WandbEvalCallback): ..."
    given = ", ".join(
        f"{key}={value[1:] if str(value).startswith('$') else repr(value)}"
        for key, value in arguments.items()
    )
    return f"{UPSTREAM} {name}\n{name}({given})"


UPSTREAM = "from wandb.integration.keras import"
ROOT = Path(__file__).parents[1]
# What no code shows: wandb 0.13.4 asks the server about pictures until it answers.
NOT_FORETOLD = {("oldest", "images")}
# Of a class that is only imported the doctor tells what becomes of its defaults.
BY_DEFAULTS = ("import-integration", "legacy-on-keras-3")


@pytest.mark.parametrize("row", RECORDS)
def test_the_doctor_foretells_what_was_measured(row, tmp_path):
    """A training of W&B's classes ended with an error exactly where the doctor says "break"."""
    named = {re.sub(r"^tf\.", "", k).split(" ")[0]: v for k, v in RECORDS[row]["versions"].items()}
    known = {name: named.get(name) for name in detection.DISTRIBUTIONS}
    known["keras"] = known["keras"] or ("3.15.1" if named.get("tf_keras") else None)
    wrong = {}
    for feature in support.FEATURES:
        (tmp_path / "train.py").write_text(code(feature))
        environ = {**ROWS[row].env, "WANDB_MODE": "offline" if feature.offline else "online"}
        here = detection.judge(known, environ, frozenset())
        found = doctor.diagnose(Facts(here, environ), scan(str(tmp_path)))
        broken = [
            diagnosis.what
            for diagnosis in found
            if diagnosis.level == BREAK and (feature.id, diagnosis.id) != BY_DEFAULTS
        ]
        error = RECORDS[row]["features"][feature.id]["upstream"]["error"]
        if bool(broken) != bool(error) and (row, feature.id) not in NOT_FORETOLD:
            wrong[feature.id] = broken, error
    assert wrong == {}


# What is made of them; test_documents.py holds README and the page to it.


def test_every_cell_of_the_readme_was_run():
    lines = [line for line in support.readme().splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(support.README_FEATURES)
    assert {line.replace("\\|", "").count("|") for line in lines} == {len(support.README_ROWS) + 2}
    assert set(RECORDS) >= support.README_ROWS
    known = {word for word, _ in support.LEGEND.values()}
    for line in lines[2:]:
        cells = [cell.strip().split(" → ") for cell in line.split("|")[2:-1]]
        assert all(len(cell) == 2 and set(cell) <= known for cell in cells)


class Page(HTMLParser):
    """Collects what a page opens and where it points."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.ids = [], [], set()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [v for k, v in attributes if k in ("href", "src")]
        self.ids |= {v for k, v in attributes if k == "id"}


def test_the_page_stands_alone_and_escapes(monkeypatch):
    page = Page()
    page.feed(support.page())
    assert {link.lstrip("#") for link in page.links} == page.ids == set(IDS)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    verdict = Verdict(CANNOT, "<script>alert(1)</script> & more")
    monkeypatch.setattr(support, "judged", lambda: dict.fromkeys(KEYS, (verdict, verdict)))
    assert "<script" not in support.page()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in support.page()


KEYS = list(support.judged())


def test_records_are_readable_in_a_diff():
    for path in support.RECORDS.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
        assert not re.search(r"/(tmp|home|root|work)/", text), "a path of the machine"
