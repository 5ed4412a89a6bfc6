"""What an export must say, and what a program says of it, in one shape: a list of plain dicts, columns by name."""

import json
import math
from pathlib import Path

import numpy

INCLUDE = "provenance,predictions"


def expected(jsonl: Path) -> list[dict]:
    """The rows of the typed formats, made of JSONL by Python's own reader."""
    return [row_of(json.loads(line)) for line in jsonl.read_text("utf-8").split("\n") if line]


def row_of(line: dict) -> dict:
    fields, label, provenance = line.get("fields") or {}, line.get("label") or {}, line.get("provenance")
    row = {"op": line["op"]} if "op" in line else {}
    row |= {
        "id": line["id"],
        "text": fields.get("text"),
        "fields.version": fields.get("version"),
        "label.intent": label.get("intent"),
        "label.mood": label.get("mood"),
        "version": line["version"],
        "split": line.get("split"),
        "provenance": provenance and struct(provenance),
        "predictions": None,
    }
    if "predictions" in line:
        row["predictions"] = [
            {**one, "probs": [{"value": value, "probability": p} for value, p in one["probs"].items()]}
            for one in line["predictions"]
        ]
    return row


def struct(provenance: dict) -> dict:
    by_question = lambda given: given and {question: given.get(question) for question in ("intent", "mood")}
    return provenance | {key: by_question(provenance[key]) for key in ("posterior", "previous")}


def plain(value: object) -> object:
    """Without the types of the program that read it: its nulls are None, its arrays are lists."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if isinstance(value, numpy.generic) else value


def same(rows: list[dict], wanted: list[dict]) -> None:
    """Compares row by row, so that a failure names the first that differs."""
    for row, one in zip(rows, wanted):
        assert normal(plain(row)) == normal(one)
    assert len(rows) == len(wanted)


def normal(row: dict) -> dict:
    """A struct whose parts are all null is null to some programs."""
    nothing = lambda value: isinstance(value, dict) and all(nothing(one) or one is None for one in value.values())
    tidy = lambda value: None if nothing(value) else {k: tidy(v) for k, v in value.items()} if isinstance(value, dict) else value
    return {key: tidy(value) for key, value in row.items()}
