"""Reports: JSON, SARIF, Markdown, HTML; whatever the names, they are only text."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate
from wandb_keras_codemods.findings import CODES, Finding
from wandb_keras_codemods.reports import Run, render
from wandb_keras_codemods.reports.github import lines
from wandb_keras_codemods.reports.terminal import print_diff, print_summary

EVIL = "<script>alert(1)</script>&\"'`|[x](y)\x1b[31m\u202e\udcff\n.py"
SOURCE = """\
import wandb
from wandb.keras import WandbCallback  # </pre><img src=x onerror=alert(1)> `` ``` ````

class Mine(WandbCallback): pass  # \x1b[2J

model.fit(x, callbacks=[WandbCallback(monitor="val_auc")])
wandb.restore("model-best.h5")
"""
CELL = {"cell_type": "code", "source": SOURCE.splitlines(keepends=True)}
NOTEBOOK = json.dumps({"cells": [CELL], "nbformat": 4, "metadata": {}})


@pytest.fixture(scope="module")
def run():
    files = [
        (EVIL, "python", SOURCE),
        ("/abs/a b#é.py", "python", SOURCE),
        ("../up.py", "python", "from wandb.keras import WandbCallback\nprint 'x'\n"),
        ("n.ipynb", "notebook", NOTEBOOK),
        ("src/long.py", "python", "x = 1\n" * 700 + SOURCE + "y = 2\n" * 50),
    ]
    outcomes = [
        process(Candidate(path, kind, text.encode()), Options("wandb"))
        for path, kind, text in files
    ]
    return Run("wandb", False, outcomes, 17, "1.2.3")


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and that they nest."""

    VOID = ("meta", "input", "col", "br")

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.attributes, self.ids, self.text = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


def test_html_is_one_page_that_needs_nothing_else(run):
    text = render(run, "r.html")
    page = Page(text)
    assert page.open == []
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not {"img", "link", "iframe", "base", "object", "form"} & set(page.tags)
    for name, value in page.attributes:
        assert name not in ("src", "srcset", "style", "action")
        assert not name.startswith("on")
        if name == "href":
            assert value.startswith("#")
            assert value[1:] in page.ids
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"https?:|url\(|@import", text)
    policy = dict(page.attributes)["content"]
    assert "default-src 'none'" in text
    assert policy


def test_html_shows_everything(run):
    page = Page(render(run, "r.html"))
    text = "".join(page.text)
    for outcome in run.outcomes:
        for finding in outcome.findings:
            assert finding.code in text
            assert CODES[finding.code].explanation in text
    assert "<script>alert(1)</script>" in text
    assert "</pre><img src=x onerror=alert(1)>" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("698 unchanged lines") == 1


def test_html_has_a_word_when_there_is_nothing():
    text = "".join(Page(render(Run("wandb", False, [], 3, "1"), "r.html")).text)
    assert "Nothing. Review the diff" in text


LEFT_OVER = {
    "a.py": """\
from wandb.keras import WandbCallback

def make(**options):
    return WandbCallback(
        monitor="val_loss",
        **options,
    )
""",
    "b.py": "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n",
    "c.py": "from wandb.keras import WandbCallback\nprint 'x'\n",
    "d.py": """\
from wandb.keras import WandbCallback
def make(**options): return WandbCallback(**options)
""",
    "e.py": "from wandb.keras import WandbCallback\nkinds = {1: WandbCallback}\n",
    "sweep.yaml": "program: b.py\nmethod: grid\nmetric: {name: val_loss}\nparameters: {a: {values: [1]}}\n",
    "README.md": "```python\nfrom wandb.keras import WandbCallback\n```\n",
}
SPLIT = """\
options = read()
call = WandbCallback(
    **options,
)"""


@pytest.fixture(scope="module")
def left_over():
    kinds = {".md": "markdown", ".yaml": "yaml", ".ipynb": "notebook", ".py": "python"}
    cells = ["import os\n", f"from wandb.keras import WandbCallback\n{SPLIT}\n"]
    cells = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
    files = {**LEFT_OVER, "n.ipynb": json.dumps({"cells": cells, "nbformat": 4, "metadata": {}})}
    outcomes = [
        process(Candidate(path, kinds[Path(path).suffix], text.encode()), Options("wandb"))
        for path, text in files.items()
    ]
    return Run("wandb", False, outcomes, len(files), "1")


def cards(text):
    """Return the cards of what is left, in order: code, text without tags."""
    section = text.split('<section id="left">')[1].split("</section>")[0]
    found = re.findall(r"<article.*?</article>", section, re.DOTALL)
    return [re.search(r"WKM\d+", card)[0] for card in found], ["".join(Page(c).text) for c in found]


def test_html_begins_with_the_calls_that_are_left(left_over):
    text = render(left_over, "r.html")
    codes, _ = cards(text)
    kinds = [CODES[code].kind for code in codes]
    order = ["manual", "error", "metric", "requirement"]
    mentions = codes.index("WKM422")
    assert mentions == len(codes) - 1
    assert sorted(kinds[:mentions], key=order.index) == kinds[:mentions]
    assert {"manual", "error", "metric"} <= set(kinds[:mentions])
    files = re.findall(r'<span class="path">([^<]+)<', text)
    assert files[-1] == "b.py"  # of which nothing is left
    assert files.index("README.md") > files.index("e.py")


def test_html_says_what_is_equal_once_with_each_place_and_the_whole_call(left_over):
    codes, texts = cards(render(left_over, "r.html"))
    assert len(set(texts)) == len(texts)
    (dictionary,) = (text for code, text in zip(codes, texts) if code == "WKM401")
    assert "3 places" in dictionary
    for place in ("a.py, line 4", "d.py, line 2", "n.ipynb, cell 2, line 3"):
        assert place in dictionary
    assert 'return WandbCallback(\n    monitor="val_loss",\n    **options,\n)' in dictionary
    assert "call = WandbCallback(\n    **options,\n)" in dictionary


@pytest.mark.parametrize(
    "files", [["a.py", "c.py", "sweep.yaml"], ["a.py", "c.py", "d.py", "e.py"]]
)
def test_html_agrees_in_number(left_over, files):
    some = [outcome for outcome in left_over.outcomes if outcome.path in files]
    text = "".join(Page(render(dataclasses.replace(left_over, outcomes=some), "r.html")).text)
    nouns = "file|call|thing|loss|change|place|metric name|requirement"
    counted = re.findall(rf"\b(\d+)\s?(?:{nouns})(e?s)?\b", text)
    assert len(counted) > 5
    assert {many for number, many in counted if number == "1"} == {""}
    assert all(many for number, many in counted if number != "1")


def test_sarif(run):
    text = render(run, "r.sarif")
    sarif = pytest.importorskip("sarif_pydantic", reason="it needs Python 3.10")
    log = sarif.Sarif.model_validate_json(text)
    document = json.loads(text)
    rules = [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]]
    results = document["runs"][0]["results"]
    assert len(results) == sum(len(outcome.findings) for outcome in run.outcomes)
    assert len(log.runs) == 1
    for result in results:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        location = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9%/._:~-]+", location["artifactLocation"]["uri"])
        region = location["region"]
        assert region["startLine"] >= 1
        assert region.get("endLine", region["startLine"]) >= region["startLine"]
    prints = [result["partialFingerprints"]["findingHash/v1"] for result in results]
    assert len(set(prints)) == len(prints)


def test_json(run):
    document = json.loads(render(run, "r.json"))
    assert document["version"] == 1
    assert document["totals"]["error"] == 1
    assert sum(document["totals"].values()) == sum(len(o.findings) for o in run.outcomes)
    assert [file["path"] for file in document["files"]] == [o.path for o in run.outcomes]
    assert {finding["cell"] for finding in document["files"][3]["findings"]} == {1}


def test_markdown(run):
    text = render(run, "r.md")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or []]
    assert {token.type for token in inline} <= {"text", "strong_open", "strong_close", "softbreak",
                                                "code_inline", "text_special"}  # fmt: skip
    assert not [token for token in tokens if token.type == "html_block"]
    fences = [token for token in tokens if token.type == "fence"]
    assert len(fences) == sum(outcome.before != outcome.after for outcome in run.outcomes)


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("colour", [False, True])
def test_terminal(run, width, colour, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR" if colour else "NO_COLOR", "1")
    print_diff(run, sys.stdout)
    print_summary(run, sys.stderr)
    out, err = capsys.readouterr()
    colours = re.compile(r"\x1b\[[0-9;]*m")
    assert bool(colours.search(out)) == bool(colours.search(err)) == colour
    shown = out + err if colour else err  # what is piped is a patch, with the bytes of the files
    assert "\x1b" not in colours.sub("", shown)
    assert "\u202e" not in shown
    if colour:  # what is piped is not wrapped
        assert all(len(line) <= width for line in colours.sub("", err).splitlines())
    assert ("\\x1b[2J" in out) == colour


def test_a_report_needs_no_other_run(run):
    assert render(run, "R.HTML") == render(run, "r.html")
    with pytest.raises(KeyError):
        render(run, "r.pdf")


def test_every_kind_of_finding_can_be_shown(capsys):
    findings = tuple(Finding(code, "message", "hint", 1, 1, 1, 2) for code in CODES)
    outcome = process(Candidate("a.py", "python", b"x = 1"), Options("wandb"))
    every = Run("compat", True, [outcome.with_state("pending", *findings)], 1, "1")
    for name in ("r.html", "r.md", "r.json", "r.sarif"):
        assert "WKM901" in render(every, name)
    print_summary(every, sys.stderr, verbose=True)
    err = capsys.readouterr().err
    assert all(code in err for code in CODES)


MANY = 317
USUAL = """\
import wandb
from wandb.keras import WandbCallback
""" + "a = some.function(of_several, arguments=12)\n" * 200 + """\
model.fit(x, validation_data=v, callbacks=[WandbCallback(monitor="val_auc", log_weights=True)])
print(wandb.run.summary["best_val_auc"])
""" + "b = 2\n" * 40  # fmt: skip


@pytest.fixture(scope="module")
def many():
    outcome = process(Candidate("a.py", "python", USUAL.encode()), Options("wandb"))
    paths = [f"some/folder/of/a/repository/file_{number}.py" for number in range(MANY)]
    outcomes = [dataclasses.replace(outcome, path=path) for path in paths]
    big = USUAL + "model.fit(x, validation_split=0.1, callbacks=[WandbCallback()])\n" * 5
    largest = process(Candidate("big.py", "python", big.encode()), Options("wandb"))
    return Run("wandb", False, [*outcomes, largest], MANY + 1, "1")


def test_html_of_many_files_can_be_opened(many):
    text = render(many, "r.html")
    assert len(text.encode()) < 3_000_000
    assert Page(text).open == []
    assert all(outcome.path in text for outcome in many.outcomes)


def test_markdown_of_many_files_fits_a_pull_request(many):
    text = render(many, "r.md")
    assert len(text.encode()) <= 60_000
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    fences = [token for token in tokens if token.type == "fence"]
    assert "big.py" in fences[0].content  # the largest first
    left_out = MANY + 1 - len(fences)
    assert left_out > 0
    assert f"Of {MANY + 1} files {left_out} are not shown here" in text
    assert f"{MANY + 1} in {MANY + 1} files" in text
    assert f"and {MANY + 1 - 100} more files" in text


def test_what_is_the_same_for_every_call_is_said_once_a_run(many, capsys):
    for text in (render(many, "r.md"), "\n".join(lines(many))):
        for code in ("WKM201", "WKM303", "WKM305"):
            assert text.count(code) == 1
    print_summary(many, sys.stderr)
    err = capsys.readouterr().err
    for code in ("WKM201", "WKM303", "WKM305"):
        assert err.count(code) == 1
