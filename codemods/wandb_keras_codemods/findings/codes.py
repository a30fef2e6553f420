"""The table of all codes a finding can have: kind, title, explanation."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("migrated", "changed", "lost", "manual", "metric", "requirement", "error")


@dataclass(frozen=True)
class Code:
    """One stable kind of finding.

    Args:
        code: Its stable name, such as ``"WKM101"``.
        kind: One of ``KINDS``.
        title: A few words for tables.
        explanation: What it means and what to do, in full sentences.
        before: Code that it is said of; empty where no example is needed.
        after: What to make of it.
    """

    code: str
    kind: str
    title: str
    explanation: str
    before: str = ""
    after: str = ""


_TABLE = {
    "migrated": {
        "WKM101": (
            "call migrated",
            "A construction of the legacy callback was replaced by the callbacks that do its work.",
        ),
        "WKM102": (
            "import migrated",
            "An import of the legacy callback, or of the trio from its old home wandb.keras, now "
            "names the place where the class lives.",
        ),
        "WKM103": (
            "name holds a list",
            "A name that held one callback now holds a list of them; its uses were adapted.",
        ),
        "WKM104": (
            "metric name rewritten",
            "A literal metric name was given the prefix under which WandbMetricsLogger logs it.",
        ),
    },
    "changed": {
        "WKM201": (
            "metric keys get a prefix",
            "WandbMetricsLogger logs epoch/loss where the legacy callback logged loss. Dashboards, "
            "sweeps and scripts that read the old keys need the new ones. Target compat keeps the "
            "old keys.",
        ),
        "WKM202": (
            "model file and artifact differ",
            "WandbModelCheckpoint writes the best model to the path it is given and logs it as "
            "run_<id>_model; the legacy callback wrote model-best.h5 into the run's folder and "
            "logged model-<run name>. On an epoch without improvement upstream's checkpoint logs "
            "the unchanged file once more, and it fails when there is no file yet, as in a fit "
            "without validation data. On TensorFlow 2.13 and 2.14 Keras' own ModelCheckpoint, "
            "which upstream's extends, fails when it saves the best model as .keras: end the path "
            "in .h5 there. Target compat does none of this.",
        ),
        "WKM203": (
            "metric is minimised, as before",
            "The legacy rule maximises only metrics with 'acc' in their name or that start with "
            "'fmeasure'; every other one is minimised. The rule is carried over literally. If the "
            "metric should grow (auc, precision, recall, f1, ...), change mode to 'max': the old "
            "code kept its worst model.",
        ),
        "WKM204": (
            "argument had no effect",
            "The legacy callback accepted and ignored unknown keyword arguments; this one is gone.",
        ),
        "WKM205": (
            "text taken for true",
            "A non-empty string such as 'false' counts as true, for the legacy callback as well. "
            "It was carried over with that meaning; write False if that is meant.",
        ),
        "WKM206": (
            "failed import was silent",
            "The import stands in a try whose handler only passes over a failure. The module "
            "wandb.keras is gone since wandb 0.17.0 and the class itself since 0.27.1: since then "
            "training went on without logging. It logs again now.",
        ),
        "WKM207": (
            "unused import removed",
            "The legacy callback was imported here and never used.",
        ),
        "WKM208": (
            "argument takes effect now",
            "output_row_processor stands in the public documentation but the parameter is called "
            "prediction_row_processor, so the value was ignored. It is used now.",
        ),
        "WKM209": (
            "no validation data in this fit",
            "The monitored metric comes from validation data and this fit has none. The legacy "
            "callback then saved nothing and said nothing; upstream's WandbModelCheckpoint fails "
            "at the end of the first epoch (Keras 2) or takes every epoch for the best (Keras 3). "
            "So no checkpoint is written where the fit is seen to be Keras' own. Give validation "
            "data, or monitor a training metric.",
        ),
        "WKM210": (
            "evaluation table is generated",
            "A small subclass of WandbEvalCallback was written into the file. It logs its table "
            "when the legacy callback logged its own; the data table is shared through an "
            "artifact, which needs a run that is online, and is kept local in any other run.",
        ),
        "WKM211": (
            "another logger beside it",
            "A WandbMetricsLogger goes to the same fit. Where it logs the same rows, no second one "
            "is written; where it logs them otherwise, the metrics are logged twice: keep one.",
        ),
        "WKM213": (
            "batch rows have other keys",
            "With log_batch_frequency the legacy callback logged plain names at batches; "
            "WandbMetricsLogger logs batch/<name> then, and epoch/<name> after each epoch.",
        ),
        "WKM214": (
            "old name of the callback",
            "WandbKerasCallback and WandBKerasCallback are names of 2018; the class was the same.",
        ),
        "WKM215": (
            "pragma without effect",
            "A comment wandb-keras: ignore stands on a line where nothing is found. Remove it.",
        ),
        "WKM217": (
            "checkpoint that cannot be written",
            "This WandbModelCheckpoint was there before, and W&B's class ends a training with it: "
            "on Keras 3 the path has to end in .keras, .h5 or, for weights, .weights.h5; with "
            "save_best_only and placeholders such as {epoch} in the path it fails at the first "
            "epoch that is not the best, on every Keras. wandb-keras-compat doctor tells what "
            "holds on the Keras that is installed.",
        ),
        "WKM216": (
            "cell left out",
            "A notebook cell is no Python, so it was left out. It does not name the legacy "
            "callback; the other cells were migrated without it.",
        ),
    },
    "lost": {
        "WKM301": (
            "weight histograms lost",
            "The trio has no word for log_weights. Target compat has WandbParameterHistograms.",
        ),
        "WKM302": (
            "gradient histograms lost",
            "The trio has no word for log_gradients. Target compat has WandbGradientHistograms.",
        ),
        "WKM303": (
            "model graph lost",
            "The trio does not log the model's graph. Target compat has WandbModelGraph.",
        ),
        "WKM304": (
            "FLOPs lost",
            "The trio has no word for compute_flops. Target compat has WandbModelFlops.",
        ),
        "WKM305": (
            "best value in the summary lost",
            "The legacy callback kept the best value and its epoch in the run's summary as "
            "best_<monitor> and best_epoch. With the trio, "
            'run.define_metric("epoch/val_loss", summary="min") after wandb.init() keeps the best '
            'value as run.summary["epoch/val_loss"]["min"]; of its epoch nothing is kept. Target '
            "compat has WandbBestMetric, which keeps both.",
        ),
        "WKM306": (
            "examples lost",
            "The legacy callback logged pictures and predictions as examples, in the row of each "
            "epoch. The trio has no word for it; the generated table shows the first of them. "
            "Target compat has WandbPredictionImages.",
        ),
    },
    "manual": {
        "WKM401": (
            "arguments from a dictionary",
            "The call takes its arguments from **mapping, so they cannot be read here. Spell them "
            "out and run the migration again.",
        ),
        "WKM402": (
            "arguments from a sequence",
            "The call takes its arguments from *sequence, so they cannot be read here.",
        ),
        "WKM403": (
            "value is not known",
            "The meaning of the call hangs on a value that is only known when it runs, and as an "
            "expression it would not mean the same.",
        ),
        "WKM404": (
            "subclass",
            "A class is derived from the legacy callback. What it overrides decides what it needs: "
            "derive it from the part that does the work.",
        ),
        "WKM405": (
            "class used as a value",
            "The class itself is passed on or stored, so where it is called is not known.",
        ),
        "WKM406": (
            "class used in a type check",
            "isinstance, issubclass or a comparison asks for the legacy class. After the migration "
            "callbacks are instances of several classes.",
        ),
        "WKM407": (
            "no room for several callbacks",
            "One callback becomes several, and this place holds exactly one.",
        ),
        "WKM408": (
            "name is used in other ways",
            "The callback is kept under a name, and not all uses of the name can take a list.",
        ),
        "WKM409": (
            "name means several things",
            "The name is the legacy callback only on some ways through the program.",
        ),
        "WKM410": (
            "name is taken",
            "A name that the replacement needs already means something else here.",
        ),
        "WKM411": (
            "evaluation cannot be carried over",
            "The trio's WandbEvalCallback needs the validation data when it is constructed. Of "
            "pictures it shows input_type='image', with the output as it is or as 'label'; it has "
            "no generators, indexes, masks or row processors. Give the data and what it knows, or "
            "use target compat, which has WandbPredictionTable and WandbPredictionImages.",
        ),
        "WKM412": (
            "call always failed",
            "The legacy callback raises for these arguments.",
        ),
        "WKM413": (
            "looks like the legacy callback",
            "It is called like the legacy callback, but where it comes from is not known here. If "
            "it is W&B's, import it from W&B and run the migration again.",
        ),
        "WKM414": (
            "dotted path in a string",
            "A string holds the path of a class that is gone. Whatever imports it will fail.",
        ),
        "WKM415": (
            "inside an f-string",
            "Code inside f-strings is not rewritten.",
        ),
        "WKM416": (
            "class used as a type",
            "An annotation names the legacy class.",
        ),
        "WKM417": (
            "returned to unknown callers",
            "A function returns the callback and not all of its callers can be seen to take "
            "several. Return a list and splat it where it is used.",
        ),
        "WKM418": (
            "unknown name from wandb.keras",
            "The module wandb.keras is gone since wandb 0.17.0; this name has no known new home.",
        ),
        "WKM419": (
            "functools.partial",
            "The call's arguments are collected by functools.partial.",
        ),
        "WKM420": (
            "module used as a value",
            "The module that held the legacy callback is passed on or stored.",
        ),
        "WKM421": (
            "driven by hand",
            "The program calls the callback's hooks itself. W&B's WandbMetricsLogger needs a model "
            "that was compiled and that fit trains, and fails without. Target compat has callbacks "
            "that can be driven so.",
        ),
        "WKM422": (
            "legacy callback in a text",
            "A Markdown cell or file, a cell of another language, or code in a string names W&B's "
            "Keras callback. Texts are reported, once a block, and never changed. A pragma on any "
            "line of the block silences it.",
        ),
        "WKM424": (
            "checkpoint would fail",
            "Without the monitored metric in a fit or an epoch W&B's WandbModelCheckpoint ends "
            "the training (Keras 2) or takes the epoch for the best (Keras 3); the legacy callback "
            "saved nothing then. Give each fit validation data in each epoch, monitor a training "
            "metric, or use save_model=False. Target compat needs none of this.",
        ),
        "WKM423": (
            "cell does not parse",
            "A notebook cell that names the legacy callback is no Python, so it was left as it "
            "is. The other cells were migrated.",
        ),
    },
    "metric": {
        "WKM501": (
            "sweep metric",
            "A sweep optimises a metric that is now logged under another name; as it stands the "
            "sweep finds no value.",
        ),
        "WKM502": (
            "define_metric",
            "define_metric names a metric that is now logged under another name.",
        ),
        "WKM503": (
            "summary value",
            "A run's summary is read or written under a name that is now another. Of runs of the "
            "migrated code, summary[...] with the old name raises KeyError.",
        ),
        "WKM504": (
            "query by metric",
            "A query of the public API orders or filters by a metric that is now logged under "
            "another name.",
        ),
        "WKM505": (
            "history keys",
            "A run's history is read under names that are now others.",
        ),
        "WKM506": (
            "model file",
            "The file model-best.h5 is no longer written; the best model is the artifact "
            "run_<id>_model and the file model-best.keras in the working directory.",
        ),
        "WKM507": (
            "best value",
            "best_<monitor> and best_epoch are no longer written into the summary: of runs of the "
            "migrated code, summary[...] with these names raises KeyError. define_metric keeps the "
            "best value; best_epoch has no counterpart: take the epoch from the run's history.",
        ),
    },
    "requirement": {
        "WKM601": (
            "wandb held below 0.17.0",
            "0.17.0 took the module wandb.keras away; after the migration the bound can go.",
        ),
        "WKM602": (
            "wandb held below 0.27.1",
            "0.27.1 took WandbCallback away; after the migration the bound can go.",
        ),
    },
    "error": {
        "WKM901": (
            "cannot be parsed",
            "The source is no Python that this interpreter can parse; the file is left as it is.",
        ),
        "WKM902": (
            "migration would break the file",
            "The rewritten source would not parse, so nothing was changed. Please report it.",
        ),
        "WKM903": (
            "cannot be read",
            "The file cannot be opened, or is not text in the encoding it declares.",
        ),
        "WKM904": (
            "cannot be written",
            "The file could not be replaced: it is write-protected, it has further hard links, the "
            "disk is full, or it was changed in the meantime. Its old content is intact.",
        ),
        "WKM905": (
            "has uncommitted changes",
            "Git has no copy of the file as it is now, or does not answer, so a migration could "
            "not be taken back: with one such file none is written. "
            "Commit it first, or run again with --allow-dirty.",
        ),
        "WKM906": (
            "notebook cannot be read",
            "The file is no notebook in format 4: its JSON is damaged, or its format is older; or "
            "a cell holds a text that stands for hidden lines while a notebook is migrated.",
        ),
        "WKM907": (
            "unexpected failure",
            "The migration of this file failed in a way it should not. Please report it.",
        ),
    },
}

_IMPORT = "from wandb.keras import WandbCallback\n\n"
_EXAMPLES = {  # what to make of code; a test migrates both
    "WKM401": (
        f"{_IMPORT}model.fit(x, y, callbacks=[WandbCallback(**options)])\n",
        f"{_IMPORT}model.fit(\n    x,\n    y,\n"
        '    callbacks=[WandbCallback(monitor=options["monitor"], mode="min")],\n)\n',
    ),
    "WKM402": (
        f"{_IMPORT}model.fit(x, y, callbacks=[WandbCallback(*options)])\n",
        f'{_IMPORT}model.fit(x, y, callbacks=[WandbCallback("val_loss", 1, "min")])\n',
    ),
    "WKM403": (
        f"{_IMPORT}model.fit(x, y, validation_split=0.1, callbacks=[WandbCallback(mode=mode)])\n",
        f'{_IMPORT}model.fit(x, y, validation_split=0.1, callbacks=[WandbCallback(mode="max")])\n',
    ),
    "WKM411": (
        f"{_IMPORT}model.fit(x, y, callbacks=[WandbCallback(log_evaluation=True)])\n",
        f"{_IMPORT}model.fit(\n    x,\n    y,\n"
        "    callbacks=[WandbCallback(log_evaluation=True, validation_data=(xv, yv))],\n)\n",
    ),
    "WKM413": (
        "import wandb\nimport tracking\n\n"
        "model.fit(x, y, callbacks=[tracking.wandb.keras.WandbCallback()])\n",
        f"{_IMPORT}model.fit(x, y, callbacks=[WandbCallback()])\n",
    ),
    "WKM507": (
        f"{_IMPORT}run = wandb.init()\nmodel.fit(x, y, callbacks=[WandbCallback()])\n"
        'print(run.summary["best_val_loss"])\n',
        f"{_IMPORT}run = wandb.init()\n"
        'run.define_metric("epoch/val_loss", summary="min")\n'
        "model.fit(x, y, callbacks=[WandbCallback()])\n"
        'print(run.summary["epoch/val_loss"]["min"])\n',
    ),
}

CODES: dict[str, Code] = {
    code: Code(code, kind, title, explanation, *_EXAMPLES.get(code, ()))
    for kind, rows in _TABLE.items()
    for code, (title, explanation) in rows.items()
}
