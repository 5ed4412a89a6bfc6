"""Every program reads every format, and sees the rows of the JSONL."""

import json

import datasets
import duckdb
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.feather
import pyarrow.json
import pyarrow.parquet
import pytest
from rows import INCLUDE, expected, plain, row_of, same

QUERIES = {
    "whole": {"version": "2", "include": INCLUDE},
    "changes": {"version": "2", "since": "1", "include": INCLUDE},
    "test split": {"version": "1", "split": "test", "include": INCLUDE},
}


@pytest.fixture(scope="module", params=QUERIES, name="query")
def fixture_query(request):
    return QUERIES[request.param]


@pytest.fixture(scope="module", name="wanted")
def fixture_wanted(server, query, tmp_path_factory):
    rows = expected(server.fetch(tmp_path_factory.mktemp("wanted"), format="jsonl", **query))
    assert len(rows) > 300
    return rows


def columns_of(wanted):
    return list(wanted[0])


# Parquet and Arrow: typed, nested, with nulls.


def test_pandas_reads_parquet_by_its_address(server, query, wanted):
    frame = pandas.read_parquet(server.export_url(format="parquet", **query), storage_options=server.headers)
    assert list(frame.columns) == columns_of(wanted)
    assert frame["version"].dtype == "int64"
    same(frame.to_dict("records"), wanted)


def test_pandas_reads_arrow_by_its_address(server, query, wanted):
    frame = pandas.read_feather(server.export_url(format="arrow", **query), storage_options=server.headers)
    same(frame.to_dict("records"), wanted)


def test_polars_reads_parquet_and_arrow(server, query, wanted, tmp_path):
    parquet = server.fetch(tmp_path, format="parquet", **query)
    same(polars.read_parquet(parquet).to_dicts(), wanted)
    same(polars.scan_parquet(parquet).collect().to_dicts(), wanted)
    arrow = server.fetch(tmp_path, format="arrow", **query)
    frame = polars.read_ipc(arrow)
    assert frame.schema["version"] == polars.Int64 and frame.schema["label.intent"] == polars.String
    same(frame.to_dicts(), wanted)


def test_pyarrow_reads_parquet_and_arrow(server, query, wanted, tmp_path):
    file = server.fetch(tmp_path, format="parquet", **query)
    same(pyarrow.parquet.read_table(file).to_pylist(), wanted)
    about = pyarrow.parquet.ParquetFile(file)
    assert about.schema_arrow.metadata[b"relabel.version"] == query["version"].encode()
    assert about.metadata.row_group(0).column(0).compression == "ZSTD"
    table = pyarrow.feather.read_table(server.fetch(tmp_path, format="arrow", **query))
    table.validate(full=True)
    same(table.to_pylist(), wanted)


def test_duckdb_reads_parquet_and_arrow(server, query, wanted, tmp_path):
    file = server.fetch(tmp_path, format="parquet", **query)
    same(records(duckdb.sql(f"SELECT * FROM read_parquet('{file}') ORDER BY id")), wanted)
    counted = duckdb.sql(f"SELECT count(*) FROM '{file}' WHERE \"label.intent\" = 'loan'").fetchall()
    assert counted == [(sum(row["label.intent"] == "loan" for row in wanted),)]
    table = pyarrow.feather.read_table(server.fetch(tmp_path, format="arrow", **query))
    same(records(duckdb.from_arrow(table).order("id")), wanted)


def test_hugging_face_reads_parquet_and_arrow(server, query, wanted, tmp_path):
    for kind in ("parquet", "arrow"):
        file = server.fetch(tmp_path, format=kind, **query)
        same(list(load(kind, file, tmp_path)), wanted)


# JSONL: as it is.


def test_programs_read_jsonl(server, query, wanted, tmp_path):
    file = server.fetch(tmp_path, format="jsonl", **query)
    url = server.export_url(format="jsonl", **query)
    frame = pandas.read_json(url, lines=True, dtype=False, storage_options=server.headers)
    same([row_of(drop_missing(row)) for row in frame.to_dict("records")], wanted)
    essence = [{key: row[key] for key in ("id", "text", "label.intent", "label.mood", "version")} for row in wanted]
    rows = polars.read_ndjson(file, infer_schema_length=None).to_dicts()
    same([essence_of(row) for row in rows], essence)
    same([essence_of(row) for row in pyarrow.json.read_json(file).to_pylist()], essence)
    rows = records(duckdb.sql(f"SELECT * FROM read_json('{file}', sample_size=-1) ORDER BY id"))
    same([essence_of(row) for row in rows], essence)
    same([essence_of(row) for row in load("json", file, tmp_path)], essence)


# CSV: everything is text, nothing is an empty text.


def test_programs_read_csv(server, query, wanted, tmp_path):
    file = server.fetch(tmp_path, format="csv", **query)
    wanted = [as_text(row) for row in wanted]
    url = server.export_url(format="csv", **query)
    frame = pandas.read_csv(url, dtype=str, keep_default_na=False, storage_options=server.headers)
    assert list(frame.columns) == columns_of(wanted)
    same([csv_row(row) for row in frame.to_dict("records")], wanted)
    frame = polars.read_csv(file, infer_schema=False)
    same([csv_row(row) for row in frame.to_dicts()], wanted)
    strings = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(wanted[0], pyarrow.string()))
    lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(file, convert_options=strings, parse_options=lines)
    same([csv_row(row) for row in table.to_pylist()], wanted)
    rows = records(duckdb.sql(f"SELECT * FROM read_csv('{file}', all_varchar=true, quote='\"', escape='\"')"))
    same([csv_row(row) for row in rows], wanted)
    strings = datasets.Features({column: datasets.Value("string") for column in wanted[0]})
    rows = list(load("csv", file, tmp_path, features=strings, keep_default_na=False))
    same([csv_row(row) for row in rows], wanted)


def load(kind, file, folder, **options):
    cache = str(folder / "cache")
    return datasets.load_dataset(kind, data_files=str(file), split="train", cache_dir=cache, **options)


def records(relation):
    return [dict(zip(relation.columns, row)) for row in relation.fetchall()]


def drop_missing(row):
    """pandas has every column in every row."""
    return {key: value for key, value in plain(row).items() if value is not None}


def essence_of(row):
    fields, label = row.get("fields") or {}, row.get("label") or {}
    answers = {f"label.{key}": label.get(key) for key in ("intent", "mood")}
    return {"id": row["id"], "text": fields.get("text"), **answers, "version": row["version"]}


def as_text(row):
    """What CSV can say of a row."""
    text = {key: "" if value is None else str(value) for key, value in row.items()}
    return text | {key: row[key] for key in ("provenance", "predictions")}


def csv_row(row):
    """JSON in cells is read as what it says."""
    row = {key: "" if value is None else value for key, value in row.items()}
    line = {key: json.loads(row[key]) if row[key] else None for key in ("provenance", "predictions")}
    line = {key: value for key, value in line.items() if value is not None}
    shaped = row_of({"id": row["id"], "version": 0, **line})
    return row | {key: shaped[key] for key in ("provenance", "predictions")}
