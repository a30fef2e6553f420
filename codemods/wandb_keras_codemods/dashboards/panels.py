"""Where panels and run sets name metrics: the table of their fields, by kind of panel."""

from __future__ import annotations

# How a field names metrics.
LIST = "list"  # several names: the new one is put behind the old one
ONE = "one"  # a name
SCALARS = "scalars"  # a list of which the chart shows one value
SCALAR_EXPRESSIONS = "scalar expressions"
EXPRESSIONS = "expressions"  # a list of expressions
EXPRESSION = "expression"
TEMPLATE = "template"  # a text with ${...}
PATTERN = "pattern"  # a regular expression over names
KEYS = "keys"  # an object whose keys are names, or <run id>:<name>
AXES = "axes"  # objects that name a metric as their accessor; a run needs a value on each
WORDS = {  # as a person calls a field
    "metrics": "metrics",
    "xAxis": "x axis",
    "yAxis": "y axis",
    "zAxis": "z axis",
    "expressions": "expressions",
    "xExpression": "x expression",
    "legendTemplate": "legend",
    "legendFields": "legend fields",
    "metricRegex": "pattern of metrics",
    "groupBy": "grouping",
    "columns": "columns",
    "columnOrder": "order of columns",
    "columnVisible": "columns shown",
    "columnPinned": "columns pinned",
    "columnWidths": "widths of columns",
    "targetKey": "target",
    "mediaKeys": "media",
    "overrideColors": "colours",
    "overrideLineWidths": "line widths",
    "overrideMarks": "marks",
    "overrideSeriesTitles": "titles of lines",
}

_OVERRIDES = {
    "overrideColors": KEYS,
    "overrideLineWidths": KEYS,
    "overrideMarks": KEYS,
    "overrideSeriesTitles": KEYS,
}
_SERIES = {
    "metrics": LIST,
    "expressions": EXPRESSIONS,
    "legendTemplate": TEMPLATE,
    "groupBy": ONE,
    **_OVERRIDES,
}
# The kinds of panels that wandb-workspaces models, as a specification calls them. A kind that is
# not here is searched as text.
LINE_PLOT = "Run History Line Plot"
PANELS: dict[str, dict[str, str]] = {
    LINE_PLOT: {
        **_SERIES,
        "xAxis": ONE,
        "xExpression": EXPRESSION,
        "legendFields": LIST,
        "metricRegex": PATTERN,
    },
    "Bar Chart": _SERIES,
    "Scalar Chart": {**_SERIES, "metrics": SCALARS, "expressions": SCALAR_EXPRESSIONS},
    "Scatter Plot": {"xAxis": ONE, "yAxis": ONE, "zAxis": ONE, "legendTemplate": TEMPLATE},
    "Parallel Coordinates Plot": {"columns": AXES},
    "Parameter Importance": {"targetKey": ONE},
    "Media Browser": {"mediaKeys": LIST},
    "Code Comparer": {},
    "Markdown Panel": {},
    "Run Comparer": {},
}
# What stands outside panels: settings of a view or section, the columns of a table of runs.
OUTSIDE = {
    "xAxis": ONE,
    "columnOrder": LIST,
    "columnVisible": KEYS,
    "columnPinned": KEYS,
    "columnWidths": KEYS,
}
# Texts for people, which are no readers whatever they say.
PROSE = frozenset(
    {
        "chartTitle", "xAxisTitle", "yAxisTitle", "zAxisTitle", "title", "name", "displayName",
        "defaultName", "description", "value", "text", "content", "query", "searchQuery",
        "searchHistory", "viewType", "type", "__id__", "id",
    }
)  # fmt: skip
