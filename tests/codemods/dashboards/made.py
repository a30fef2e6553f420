"""Specifications for the tests: built by wandb-workspaces itself, and one with what it does not know."""

from __future__ import annotations

import json

import wandb_workspaces.reports.v2 as wr
import wandb_workspaces.workspaces as ws
from wandb_workspaces import expr


def workspace(*panels, settings=None, **runs):
    """Return what the library would save for a workspace of one section."""
    made = ws.Workspace(
        entity="team",
        project="p",
        sections=[ws.Section(name="Charts", panels=list(panels))],
        settings=settings or ws.WorkspaceSettings(),
        runset_settings=ws.RunsetSettings(**runs),
    )
    return made._to_model().spec.model_dump_json(by_alias=True, exclude_none=True)


def lines():
    return workspace(
        wr.LinePlot(title="Loss", x="Step", y=["loss", "val_loss"]),
        wr.LinePlot(x="epoch", y=["lr", "gpu"], custom_expressions=["val_loss - loss", "gpu"]),
    )


def bars():
    return workspace(
        wr.BarPlot(
            title="Accuracy", metrics=["val_accuracy", "test/f1"], line_titles={"acc": "train"}
        )
    )


def scalars():
    return workspace(
        wr.ScalarChart(title="Best", metric="val_loss", legend_template="${summary:loss}"),
        wr.ScatterPlot(x="loss", y=wr.Config("lr")),
        wr.ParallelCoordinatesPlot(
            columns=[wr.ParallelCoordinatesPlotColumn(wr.SummaryMetric("val_loss"))]
        ),
        wr.ParameterImportancePlot(with_respect_to="val_loss"),
    )


def runs():
    return workspace(
        filters="Summary('val_loss') <= 0.5 and Config('lr') == 0.01",
        order=[expr.Ordering(expr.Summary("val_loss"), ascending=True)],
        groupby=[expr.Config("optimizer")],
        pinned_columns=["summary:val_loss", "run:displayName", "config:lr.value"],
    )


VIEWS = {"Lines": lines, "Bars": bars, "Scalars": scalars, "Runs": runs}

# As the web app may write it: fields, panels and sections that wandb-workspaces does not model.
UNKNOWN = {
    "section": {
        "panelBankConfig": {
            "state": 1,
            "futureSetting": {"deep": [1, 2.5, None, True, "ü\u2028"]},
            "sections": [
                {
                    "name": "Charts",
                    "panels": [
                        {
                            "__id__": "a1",
                            "viewType": "Run History Line Plot",
                            "config": {
                                "metrics": ["val_loss"],
                                "brandNewOption": {"on": True},
                                "startingMetric": "val_loss",
                                "chartTitle": "val_loss",
                                "overrideColors": {"abc123:val_loss": {"color": "#fff"}},
                                "metricRegex": "^val_",
                                "useMetricRegex": True,
                            },
                            "layout": {"x": 0, "y": 0, "w": 8, "h": 6, "pinned": "left"},
                        },
                        {
                            "__id__": "a2",
                            "viewType": "Vega2",
                            "config": {
                                "userQuery": {"queryFields": [{"name": "summary", "value": "x"}]},
                                "fieldSettings": {"y": "val_loss"},
                            },
                        },
                        {"__id__": "a3", "viewType": "Hologram 3000", "config": {"of": "acc"}},
                        {"__id__": "a4", "viewType": "Media Browser", "config": {"mediaKeys": ["examples", "other"]}},
                    ],
                }
            ],
            "panelConfigOverrides": {
                "__custom_panel__:a1": {"metrics": ["loss"], "newToggle": False},
                "auto:val_acc": {"smoothing": 1},
            },
        },
        "panelBankSectionConfig": {"panels": [], "name": "Report Panels"},
        "settings": {"xAxis": "epoch", "smoothingWeight": 0},
        "ref": {"type": "section", "viewID": "old-view", "id": "r1"},
        "runSets": [
            {
                "id": "rs1",
                "name": "Run set",
                "runFeed": {"columnOrder": ["summary:best_val_loss", "summary:val_loss"]},
                "filters": {
                    "filterFormat": "filterV2",
                    "filters": [
                        {
                            "key": {"section": "summary", "name": "val_loss"},
                            "op": "<",
                            "value": 1,
                            "unheardOf": [],
                        }
                    ],
                },
                "sort": {"keys": [{"key": {"section": "summary", "name": "acc"}, "ascending": True}]},
                "grouping": [{"section": "summary", "name": "val_iou"}],
            }
        ],
    },
    "libraryExpanded": True,
}  # fmt: skip


def unknown():
    return json.dumps(UNKNOWN, ensure_ascii=False)


def report(*blocks):
    """Return what the library would save for a report."""
    made = wr.Report(entity="team", project="p", title="Report", blocks=list(blocks))
    return made._to_model().spec.model_dump_json(by_alias=True, exclude_none=True)


def panel_report():
    return report(
        wr.H1("What val_loss says"),
        wr.P("val_loss goes down."),
        wr.PanelGrid(
            runsets=[
                wr.Runset(
                    "team",
                    "p",
                    filters="SummaryMetric('val_loss') <= 0.5",
                    order=[wr.OrderBy(wr.SummaryMetric("val_accuracy"))],
                )
            ],
            panels=[wr.LinePlot(title="Loss", y=["val_loss"]), wr.BarPlot(metrics=["acc"])],
        ),
    )


def report_of_two():
    """A report over two projects."""
    sets = [
        wr.Runset("team", project, name=project, filters="SummaryMetric('val_loss') <= 0.5")
        for project in ("p", "other")
    ]
    return report(wr.PanelGrid(runsets=sets, panels=[wr.LinePlot(y=["val_loss"])]))


def text_report():
    return report(wr.MarkdownBlock("No panel: val_loss is only a word here."))


def panels(spec):
    """Return the configurations of the panels of a specification, in order."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "viewType" in node:
                found.append(node["config"])
                return
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(json.loads(spec) if isinstance(spec, str) else spec)
    return found
