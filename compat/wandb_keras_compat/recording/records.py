"""The records of W&B's transaction log: which of their fields are read, by number."""

from __future__ import annotations

from .wire import DOUBLE, NUMBER, RAW, SIGNED, TEXT, Fields

# Numbers never change in protobuf: https://protobuf.dev/programming-guides/proto3/#updating
# A test holds them against the messages of the installed wandb.
RECORDS: dict[int, str] = {
    2: "history",
    3: "summary",
    5: "config",
    6: "files",
    8: "artifact",
    11: "telemetry",
    12: "metric",
    17: "run",
    18: "exit",
    21: "header",
}
# A key and its value, of a history row, a summary or a configuration.
ITEM: Fields = {
    1: ("key", TEXT),
    2: ("nested_key", (TEXT,)),
    16: ("value_json", TEXT),
}
# A row's may say its value without JSON, since wandb 0.29.
HISTORY_ITEM: Fields = {
    **ITEM,
    3: ("none", NUMBER),
    4: ("boolean", NUMBER),
    5: ("integer", SIGNED),
    6: ("number", DOUBLE),
    7: ("text", TEXT),
    8: ("json", TEXT),
}
HISTORY: Fields = {1: ("item", (RAW,)), 2: ("step", {1: ("num", NUMBER)})}
UPDATE: Fields = {1: ("update", (RAW,)), 2: ("remove", (ITEM,))}  # of a summary
CONFIG: Fields = {1: ("update", (RAW,)), 2: ("remove", (ITEM,))}
TELEMETRY: Fields = {5: ("cli_version", TEXT)}
RUN: Fields = {
    1: ("run_id", TEXT),
    3: ("project", TEXT),
    4: ("config", RAW),
    8: ("display_name", TEXT),
    19: ("telemetry", TELEMETRY),
}
FILES: Fields = {1: ("files", ({1: ("path", TEXT), 2: ("policy", NUMBER)},))}
METRIC: Fields = {
    1: ("name", TEXT),
    2: ("glob_name", TEXT),
    4: ("step_metric", TEXT),
    7: ("summary", RAW),
    10: ("expanded_from_glob", NUMBER),
}
SUMMARIES: dict[int, str] = {
    1: "min", 2: "max", 3: "mean", 4: "best", 5: "last", 6: "none", 7: "copy", 8: "first",
}  # fmt: skip
ARTIFACT: Fields = {
    4: ("type", TEXT),
    5: ("name", TEXT),
    8: ("metadata", TEXT),
    11: ("aliases", (TEXT,)),
    12: (
        "manifest",
        {
            4: (
                "contents",
                (
                    {
                        1: ("path", TEXT),
                        2: ("digest", TEXT),
                        4: ("size", NUMBER),
                        6: ("local_path", TEXT),
                    },
                ),
            ),
            5: ("manifest_file_path", TEXT),
        },
    ),
}
HEADER: Fields = {1: ("version_info", {1: ("producer", TEXT)})}  # since wandb 0.13.5
