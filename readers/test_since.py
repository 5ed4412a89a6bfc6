"""An earlier export, with what changed since applied to it, equals the newer one: nobody fetches everything twice."""

import json

import pandas
import pytest


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]


def apply(earlier, changes):
    rows = {line["id"]: line for line in earlier}
    for change in changes:
        op = change.pop("op")
        if op == "delete":
            del rows[change["id"]]
        else:
            assert op == "upsert"
            rows[change["id"]] = change
    return [rows[key] for key in sorted(rows, key=lambda key: key.encode())]


@pytest.mark.parametrize(
    "which",
    [{}, {"split": "train"}, {"label.intent": "loan"}, {"label.intent": "loan", "split": "test"}, {"metadata": '{"talk": 7}'}],
)
def test_jsonl(server, tmp_path, which):
    earlier = lines(server.fetch(tmp_path, format="jsonl", version="1", include="provenance", **which))
    changes = lines(server.fetch(tmp_path, format="jsonl", version="2", since="1", include="provenance", **which))
    newer = lines(server.fetch(tmp_path, format="jsonl", version="2", include="provenance", **which))
    assert len(changes) < 600
    assert apply(earlier, changes) == newer


def test_parquet(server, tmp_path):
    read = lambda **query: pandas.read_parquet(server.fetch(tmp_path, format="parquet", **query)).set_index("id")
    earlier, changes = read(version="1"), read(version="2", since="1")
    upserts = changes[changes["op"] == "upsert"].drop(columns="op")
    kept = earlier.drop(index=earlier.index.intersection(changes.index))
    newer = pandas.concat([kept, upserts]).sort_index()
    pandas.testing.assert_frame_equal(newer, read(version="2").sort_index(), check_dtype=False)
    assert (changes["op"] == "delete").sum() > 10
