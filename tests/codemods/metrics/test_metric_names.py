import libcst as cst
import pytest

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.metrics.names import MetricNames
from wandb_keras_codemods.metrics.python import in_python


class _Apply(cst.CSTTransformer):
    def __init__(self, edits):
        super().__init__()
        self.edits = edits

    def on_leave(self, original_node, updated_node):
        edit = self.edits.get(original_node)
        return updated_node if edit is None else edit(updated_node)


def look(source, **options):
    module = Module(cst.parse_module(source))
    edits, findings = in_python(module, **options)
    code = module.tree.visit(_Apply(edits)).code
    return code, [
        (f.code, source.splitlines()[f.line - 1][f.column - 1 : f.end_column - 1]) for f in findings
    ]


FOUND = {
    'run.define_metric("val_loss", summary="min")': ("WKM502", '"val_loss"'),
    'run.define_metric(name="loss", step_metric="mine")': ("WKM502", '"loss"'),
    'run.summary["acc"]': ("WKM503", '"acc"'),
    'run.summary.get("acc", 0)': ("WKM503", '"acc"'),
    'run.summary_metrics["val_mine_acc"]': ("WKM503", '"val_mine_acc"'),
    'run.summary._json_dict["acc"]': ("WKM503", '"acc"'),
    'run.summary._json_dict.get("acc")': ("WKM503", '"acc"'),
    'api.runs(order="+summary_metrics.val_loss")': ("WKM504", '"+summary_metrics.val_loss"'),
    'run.history(keys=["loss"])': ("WKM505", '"loss"'),
    'run.scan_history(("loss",))': ("WKM505", '"loss"'),
    'run.history()["loss"]': ("WKM505", '"loss"'),
    'frame = run.history(); frame[["loss", "mine"]]': ("WKM505", '"loss"'),
    'for i, row in run.history().iterrows(): row["loss"]': ("WKM505", '"loss"'),
    '[r["loss"] for r in run.scan_history()]': ("WKM505", '"loss"'),
    'sweep = {"metric": {"name": "val_loss"}}': ("WKM501", '"val_loss"'),
    'sweep["metric"] = {"name": "val_loss"}': ("WKM501", '"val_loss"'),
    'metric = dict(name="val_loss", goal="minimize")': ("WKM501", '"val_loss"'),
}
LEFT = (
    'history = model.fit(x); history.history["loss"]',
    'run.summary["loss"] = 1',
    'run.summary["loss"], b = 1, 2',
    'del run.summary["loss"]',
    'wandb.log({"loss": 1}); run.summary["loss"]',
    'run.define_metric(f"val_{x}")',
    'run.define_metric(f"{g("val_loss")}")',
    'run.summary["epoch/loss"]',
    'run.summary["mine"]',
    'run.summary["\\N{nothing of that name}"]',
    'run.summary[b"loss"]',
    '{"name": "val_loss", "kind": "metric"}',
    '"""writes model-best.h5"""',
)


@pytest.mark.parametrize(("source", "expected"), FOUND.items())
def test_a_name_is_found_by_where_it_stands_and_rewritten_when_asked(source, expected):
    literal = expected[1]
    assert look(source) == (source, [expected])
    name = literal.strip('"').split(".")[-1]
    renamed = source.replace(literal, literal.replace(name, f"epoch/{name}"), 1)
    assert look(source, rename=True) == (renamed, [("WKM104", literal)])


@pytest.mark.parametrize("source", LEFT)
def test_what_is_no_name_of_the_callback_is_left(source):
    assert look(source, rename=True) == (source, [])


def test_a_compiled_metric_is_known():
    source = 'model.compile(metrics=["mine"])\nrun.summary["mine"]'
    assert look(source, rename=True)[0] == source.replace('y["mine"]', 'y["epoch/mine"]')


@pytest.mark.parametrize("source", ['run.summary["best_val_loss"]', 'run.summary["best_epoch"]'])
def test_the_best_value_is_reported_alone(source):
    assert look(source, rename=True) == (source, [("WKM507", source[12:-1])])


@pytest.mark.parametrize("name", ["top_val_loss", "top_epoch", "best_val_loss"])
def test_the_best_value_may_have_another_beginning(name):
    source = f'W(log_best_prefix="top_")\nrun.summary["{name}"]'
    assert look(source, rename=True) == (source, [("WKM507", f'"{name}"')])
    names = MetricNames(prefixes=frozenset({"top_"}))
    assert names.instead("top_val_loss")[1].startswith('Call run.define_metric("epoch/val_loss"')
    assert names.optimised("top_val_loss") == "Optimise 'epoch/val_loss' instead"


@pytest.mark.parametrize(
    ("given", "way"),
    [('monitor="val_auc", mode="max"', "max"), ('monitor="val_auc"', "min"), ('mode="max"', "min")],
)
def test_the_best_value_is_kept_the_way_the_callback_kept_it(given, way):
    module = Module(cst.parse_module(f'W({given})\nrun.summary["best_val_auc"]'))
    (finding,) = in_python(module)[1]
    assert f'summary="{way}"' in finding.suggestion
    assert f'["epoch/val_auc"]["{way}"]' in finding.suggestion


def test_the_model_file():
    source = 'load(join(run.dir, "model-best.h5"))'
    assert look(source) == (source, [("WKM506", '"model-best.h5"')])


def test_pieces_are_reported_and_not_rewritten():
    source = 'run.define_metric("val_" "loss")'
    assert look(source, rename=True) == (source, [("WKM502", '"val_" "loss"')])


def test_lines_that_a_comment_keeps_are_passed_over():
    source = 'run.summary["loss"]\nrun.summary["acc"]'
    code, found = look(source, rename=True, kept=lambda first, last: first == 1)
    assert code == 'run.summary["loss"]\nrun.summary["epoch/acc"]'
    assert [code for code, _ in found] == ["WKM104"]


def test_what_stands_in_a_construction_is_left():
    module = Module(cst.parse_module('W(monitor=run.summary["loss"])\n'))
    construction = next(iter(module.all(cst.Call)))
    assert in_python(module, {construction}) == ({}, [])
    assert len(in_python(module)[1]) == 1


def test_a_program_that_logs_what_is_not_seen_is_not_about_other_runs():
    source = 'run.log(values)\nrun.summary["loss"]'
    assert look(source, elsewhere=True) == (source, [])
    assert look(source)[1] == [("WKM503", '"loss"')]


def test_names():
    names = MetricNames(own=frozenset({"loss"}), compiled=frozenset({"mine"}))
    assert [names.new(name) for name in ("loss", "mine", "acc", "other", "a/b", "val_x", "best_acc")] == [
        None, "epoch/mine", "epoch/acc", None, None, "epoch/val_x", None,
    ]  # fmt: skip
    assert names.best("best_acc")
    assert not names.best("best_other")


SWEEP = '{"method": "grid", "metric": {"name": "val_loss", "goal": "minimize"}}'


@pytest.mark.parametrize(
    "source",
    [
        'history = model.fit(x)\nhistory.history["val_loss"]',
        'h = model.fit(x)\nframe = pd.DataFrame(h.history)\nframe["val_loss"]',
        'model.fit(x).history["val_loss"]',
        'history = model.fit(x)\nhistory.history["val_loss"]\nhistory = run.history()',
        'kt.Objective("val_loss", direction="min")',
        'tuner = {"objective": {"name": "val_loss", "direction": "min"}}',
        'stop = {"name": "val_loss", "goal": "min", "patience": 3}',
        'callbacks = {"early": {"metric": {"name": "val_loss", "mode": "min"}}}',
        'stopping = dict(metric=dict(name="val_loss", mode="min"), patience=3)',
        'EarlyStopping(monitor="val_loss")',
        'config["metric"] = {"name": "val_loss", "goal": 0.1}',
    ],
)
def test_names_in_other_tools_are_left(source):
    assert look(source, rename=True) == (source, [])


@pytest.mark.parametrize(
    "logs",
    [
        "wandb.log(dict(val_loss=1))",
        'wandb.log(data={"val_loss": 1})',
        "run.log(data=dict(val_loss=1))",
        'm = {"val_loss": 1}\nwandb.log(m)',
        'm = {}\nm["val_loss"] = 1\nwandb.log(m)',
        "m = dict()\nm.update(val_loss=1)\nrun.log(m)",
        'm = {}\nm.update({"val_loss": 1})\nwandb.log(m, step=1)',
        'run.summary.update({"val_loss": 1})',
        "run.summary.update(val_loss=1)",
        "wandb.run.summary.val_loss = 1",
        'wandb.summary["val_loss"] = 1',
        'self.log("val_loss", 1)',
    ],
)
@pytest.mark.parametrize("use", ['print(run.summary["val_loss"])', f"wandb.sweep({SWEEP})"])
def test_what_a_program_logs_itself_keeps_its_name(logs, use):
    source = f"{logs}\n{use}"
    assert look(source, rename=True) == (source, [])


@pytest.mark.parametrize(
    "logs",
    [
        "wandb.log(values)",
        "m = values()\nwandb.log(m)",
        'wandb.log({f"val_{k}": v})',
        "wandb.log({**values})",
        "run.log(dict(values))",
        "m = {}\nm[key] = 1\nwandb.log(m)",
        "wandb.log({k: v for k, v in values})",
        "run.summary.update(values)",
    ],
)
def test_where_a_program_logs_what_is_not_seen_names_are_told_and_not_rewritten(logs):
    source = f'{logs}\nprint(run.summary.get("val_loss"))'
    code, found = look(source, rename=True)
    assert code == source
    assert found == [("WKM503", '"val_loss"')]


@pytest.mark.parametrize("name", ["val_pictures", "val_split", "val_batch_size"])
def test_names_that_only_begin_like_a_metric_are_not_rewritten(name):
    source = f'run.summary.get("{name}")'
    assert look(source, rename=True)[0] == source


@pytest.mark.parametrize(
    "metrics",
    [
        '["dice"]',
        "[dice]",
        "[losses.dice]",
        '[keras.metrics.Mean(name="dice")]',
        "[Dice()]",
        '{"out": ["dice"]}',
        '[["dice"]]',
    ],
)
@pytest.mark.parametrize("name", ["dice", "val_dice"])
def test_a_metric_that_is_compiled_is_known(metrics, name):
    source = f'model.compile(metrics={metrics})\nrun.summary.get("{name}")'
    assert f'"epoch/{name}"' in look(source, rename=True)[0]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('keys = ["loss", "mine"]\nrun.history(keys=keys)', ['"loss"']),
        ('KEYS = ("loss",)\nrun.scan_history(KEYS)', ['"loss"']),
        ('keys = ["loss"]\nframe = run.history()\nframe[keys]', ['"loss"']),
        ("frame = run.history()\nframe.val_loss.min()", ["frame.val_loss"]),
        ('for row in run.scan_history():\n    row.get("val_loss")', ['"val_loss"']),
        ("for i, row in run.history().iterrows():\n    row.val_loss", ["row.val_loss"]),
        ('keys = run.summary\nkeys["val_loss"], keys.get("acc")', ['"val_loss"', '"acc"']),
        ('keys = dict(run.summary)\nkeys["best_loss"]', ['"best_loss"']),
        ('keys = run.summary._json_dict\nkeys["loss"]', ['"loss"']),
        ('summary = model.summary()\nsummary.keys["loss"]', []),
        ('keys = run.config\nkeys["loss"]', []),
        ("keys = run.summary.best_loss", ["run.summary.best_loss"]),
        ("keys = run.summary.val_loss", ["run.summary.val_loss"]),
        ("keys = run.summary.update", []),
    ],
)
def test_reads_through_a_variable_are_told(source, found):
    code, said = look(source, rename=True)
    renamed = {text for code, text in said if code == "WKM104"}
    assert [text for _, text in said] == found
    if "keys" in source.lower():
        assert code == source  # others may read the list, too
        assert not renamed


@pytest.mark.parametrize(
    "source",
    [
        f"wandb.sweep({SWEEP})",
        f"sweep_config = {SWEEP}",
        "wandb.sweep(dict(metric=dict(name='val_loss', goal='minimize'), method='grid'))",
        "config = {'method': 'grid'}\nconfig['metric'] = {'name': 'val_loss'}",
        "m = {'name': 'val_loss'}\nsweep = {'method': 'grid', 'metric': m}",
        "m = {'name': 'val_loss'}\nsweep = {'method': 'grid'}\nsweep['metric'] = m",
    ],
)
def test_sweeps_are_known_by_what_only_they_have(source):
    assert look(source, rename=True)[0] == source.replace("val_loss", "epoch/val_loss")


@pytest.mark.parametrize(
    ("program", "programs", "told", "renamed"),
    [
        ("mine.py", None, True, True),
        ("src/mine.py", None, True, True),
        ("other.py", None, True, False),
        ("other.py", {}, False, False),
        ("other.py", {"src/other.py": MetricNames()}, True, True),
        ("other.py", {"src/other.py": MetricNames(frozenset({"val_loss"}))}, False, False),
        ("other.py", {"src/other.py": MetricNames(unseen=True)}, True, False),
    ],
)
@pytest.mark.parametrize(
    "says", ['"program": "{}"', '"command": ["python", "{}"]', '"command": "python {} --a"']
)
def test_a_sweep_belongs_to_the_program_it_runs(program, programs, told, renamed, says):
    source = SWEEP.replace("{", "s = {" + says.replace("{}", program) + ", ", 1)
    module = Module(cst.parse_module(source), "src/mine.py")
    edits, findings = in_python(module, rename=True, programs=programs)
    assert (bool(findings), bool(edits)) == (told, renamed)
