#!/usr/bin/env python3
"""Makes samples.jsonl, truth.csv and flips.csv of each demo project from its texts.csv and training.csv.

The texts and their true labels are the source; everything written here follows from them and from the
seeds below, so a second run writes the same bytes. Predictions are out-of-sample: a text is always
judged by a model that did not see it. This script must not invent or change a text.

    python train.py          write the files and print the figures
    python train.py --check  write nothing; fail if a file is not what would be written
"""

import csv
import io
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

HERE = Path(__file__).resolve().parent
MODEL = "tfidf-lr@1"
FOLDS = 10
TOP_K = 6
TRAINING_NOISE = 0.15  # wrong training labels, so that the model is wrong the way a real one is
STORED_SHARE = 0.5  # rows that carry a stored label
STORED_NOISE = 0.08  # of those, wrong on purpose
PARTS = 10_000  # probabilities are written with four decimals


@dataclass(frozen=True)
class DemoSet:
    """One demo project: its folder, how its texts are cut into features, and what is mixed up with what."""

    folder: str
    seed: int
    analyzer: str
    ngrams: tuple[int, int]
    regularisation: float  # scikit-learn's C
    confused: dict[str, list[str]]


SETS = [
    DemoSet(
        "bank-messages",
        seed=11,
        analyzer="word",
        ngrams=(1, 2),
        regularisation=100.0,
        confused={
            "transfer_late": ["transfer_failed", "refund_missing"],
            "transfer_failed": ["transfer_late", "payment_declined"],
            "transfer_recall": ["transfer_failed", "transfer_late"],
            "transfer_fee": ["card_fee"],
            "card_fee": ["transfer_fee", "payment_unknown"],
            "payment_declined": ["transfer_failed", "limit_question"],
            "payment_unknown": ["payment_duplicate", "card_fee"],
            "payment_duplicate": ["payment_unknown", "refund_missing"],
            "refund_missing": ["transfer_late", "payment_duplicate"],
            "limit_question": ["payment_declined", "identity_stuck"],
            "identity_documents": ["identity_stuck"],
            "identity_stuck": ["identity_documents", "limit_question"],
        },
    ),
    DemoSet(
        "film-reviews",
        seed=12,
        analyzer="char",
        ngrams=(1, 3),
        regularisation=20.0,
        confused={"positive": ["negative"], "negative": ["positive"]},
    ),
]


@dataclass(frozen=True)
class Example:
    """A text and what it means; `also` is the second reading of a text that has two."""

    text: str
    label: str
    also: str = ""


@dataclass(frozen=True)
class Row(Example):
    """One line of texts.csv, which becomes a sample."""

    id: str = ""
    channel: str = ""


def read(path: Path, kind: type[Example]) -> list[Example]:
    """Reads a CSV file whose columns are the fields of `kind`."""
    with open(path, encoding="utf-8", newline="") as file:
        return [kind(**line) for line in csv.DictReader(file)]


def checked(folder: str, rows: list[Row], phrases: list[Example], options: list[str]) -> list[Row]:
    """The rows by id. Ids are a shuffled numbering, so that their order tells nothing of the label."""
    for example in [*rows, *phrases]:
        labels = {example.label, example.also or example.label}
        if not labels <= set(options) or example.also == example.label:
            raise SystemExit(f"{folder}: unknown label: {example}")
    if any(not row.id or not row.channel for row in rows) or len({row.id for row in rows}) != len(rows):
        raise SystemExit(f"{folder}: an id or a channel is missing, or an id occurs twice")
    letters = ["".join(filter(str.isalnum, example.text.casefold())) for example in [*rows, *phrases]]
    if "" in letters or len(set(letters)) != len(letters):
        raise SystemExit(f"{folder}: a text is empty or occurs twice")
    return sorted(rows, key=lambda row: row.id)


def flipped(
    demo: DemoSet, examples: list[Example], candidates: list[int], count: int, rng: random.Random
) -> dict[int, str]:
    """Chooses `count` of the candidates and gives each a wrong label that it is easily taken for."""
    chosen = rng.sample(candidates, count)
    return {i: examples[i].also or rng.choice(demo.confused[examples[i].label]) for i in sorted(chosen)}


def predict(
    demo: DemoSet, rows: list[Row], phrases: list[Example], rng: random.Random
) -> list[dict[str, float]]:
    """The probabilities of each row by a model trained, on partly wrong labels, without that row."""
    examples = [*rows, *phrases]
    noise = flipped(demo, examples, list(range(len(examples))), round(len(examples) * TRAINING_NOISE), rng)
    texts = [example.text for example in examples]
    learnt = [noise.get(i, example.label) for i, example in enumerate(examples)]
    always = range(len(rows), len(examples))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=demo.seed)
    result: list[dict[str, float]] = [{} for _ in rows]
    for train, test in folds.split(rows, [row.label for row in rows]):
        seen = [*train, *always]
        model = make_pipeline(
            TfidfVectorizer(analyzer=demo.analyzer, ngram_range=demo.ngrams, sublinear_tf=True),
            LogisticRegression(C=demo.regularisation, max_iter=2000),
        )
        model.fit([texts[i] for i in seen], [learnt[i] for i in seen])
        for i, probs in zip(test, model.predict_proba([texts[i] for i in test])):
            result[i] = top_k(dict(zip(model.classes_, probs)))
    return result


def top_k(probs: dict[str, float]) -> dict[str, float]:
    """The most probable options, rounded; where rounding lifts the sum over 1, the largest gives way."""
    best = sorted(probs.items(), key=lambda item: (-item[1], item[0]))[:TOP_K]
    parts = {str(option): round(float(p) * PARTS) for option, p in best}
    parts[str(best[0][0])] -= max(0, sum(parts.values()) - PARTS)
    return {option: n / PARTS for option, n in parts.items()}


def as_csv(header: list[str], lines: list[list[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([header, *lines])
    return buffer.getvalue()


def build(demo: DemoSet) -> dict[str, str]:
    """The content of the three files, by name; prints the figures that the README quotes."""
    folder = HERE / demo.folder
    question = json.loads((folder / "project.json").read_text(encoding="utf-8"))["schema"]["questions"][0]
    phrases = read(folder / "training.csv", Example)
    options = [option["value"] for option in question["options"]]
    rows = checked(demo.folder, read(folder / "texts.csv", Row), phrases, options)
    rng = random.Random(demo.seed)
    predictions = predict(demo, rows, phrases, rng)
    stored_rows = sorted(rng.sample(range(len(rows)), round(len(rows) * STORED_SHARE)))
    clear = [i for i in stored_rows if not rows[i].also]  # of two readings neither would be plainly wrong
    flips = flipped(demo, rows, clear, round(len(stored_rows) * STORED_NOISE), rng)
    stored = {i: flips.get(i, rows[i].label) for i in stored_rows}

    samples = []
    for i, row in enumerate(rows):
        sample: dict[str, object] = {"id": row.id, "fields": {"text": row.text}}
        if i in stored:
            sample["label"] = {question["name"]: stored[i]}
        sample["predictions"] = [{"model": MODEL, "question": question["name"], "probs": predictions[i]}]
        sample["metadata"] = {"channel": row.channel}
        samples.append(json.dumps(sample, ensure_ascii=False) + "\n")

    right = sum(max(probs, key=probs.__getitem__) == row.label for probs, row in zip(predictions, rows))
    two_readings = sum(bool(row.also) for row in rows)
    print(f"{demo.folder}: {len(rows)} rows, {two_readings} with two readings; {len(phrases)} phrases")
    print(f"  model right on {right} ({right / len(rows):.3f}); {len(stored)} stored, {len(flips)} wrong")
    truth = [[row.id, row.label] for row in rows]
    wrong = [[rows[i].id, label, rows[i].label] for i, label in flips.items()]
    return {
        "samples.jsonl": "".join(samples),
        "truth.csv": as_csv(["id", "label"], truth),
        "flips.csv": as_csv(["id", "stored", "label"], wrong),
    }


def main() -> None:
    check = sys.argv[1:] == ["--check"]
    stale = []
    for demo in SETS:
        for name, content in build(demo).items():
            path = HERE / demo.folder / name
            if not check:
                path.write_text(content, encoding="utf-8", newline="\n")
            elif not path.exists() or path.read_bytes() != content.encode():
                stale.append(f"{demo.folder}/{name}")
    if stale:
        raise SystemExit("not up to date: " + ", ".join(stale))


if __name__ == "__main__":
    main()
