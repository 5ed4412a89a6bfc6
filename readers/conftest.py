"""A server of its own on a free port, with versions to export."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

TEXTS = [
    "카드가 아직 안 왔어요.",
    "Where is my card? 🙋🏽‍♀️",
    'He said "now", twice\nand then, again',
    "=1+1",
    "  spaces  ",
    "널 null NULL NaN",
    "\\ back\tslash 한 \u2028",
]
SCHEMA = {
    "fields": [{"name": "text", "kind": "text"}, {"name": "version", "kind": "text"}],
    "questions": [
        {"name": "intent", "kind": "choice", "options": [{"value": value} for value in ("카드", "loan", "07")]},
        {"name": "mood", "kind": "choice", "required": False, "options": [{"value": "good"}, {"value": "😠"}]},
    ],
}


@dataclass(frozen=True)
class Server:
    url: str
    token: str

    def export_url(self, **query: str) -> str:
        return f"{self.url}/api/v1/projects/p/export?{urllib.parse.urlencode(query)}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def fetch(self, folder: Path, **query: str) -> Path:
        """The export as a file."""
        file = folder / f"labels.{query['format']}"
        request = urllib.request.Request(self.export_url(**query), headers=self.headers)
        with urllib.request.urlopen(request) as answer:
            file.write_bytes(answer.read())
        return file

    def send(self, method: str, path: str, body: object = None, kind: str = "application/json") -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        url = f"{self.url}/api/v1/projects/p{path}"
        request = urllib.request.Request(url, data, {**self.headers, "Content-Type": kind}, method=method)
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as refused:
            raise AssertionError(refused.read().decode()) from refused

    def send_samples(self, samples: list[dict]) -> None:
        lines = "".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples)
        self.send("POST", "/samples", lines.encode(), "application/x-ndjson")


def sample(number: int) -> dict:
    label = {"intent": ["카드", "loan", "07"][number % 3]}
    if number % 4 == 0:
        label["mood"] = "😠"
    probs = {"카드": 0.25, "loan": 0.5}
    return {
        "id": f"s{number:04}-한",
        "fields": {"text": TEXTS[number % len(TEXTS)], "version": f"v{number}"},
        "label": label,
        "metadata": {"talk": number // 3},
        "predictions": [{"model": "m@1", "question": "intent", "probs": probs}] if number % 2 == 0 else [],
    }


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory):
    """Version 1 has 2,500 labels; version 2 changes, removes and adds some; a sample of both is erased."""
    relabel = os.environ["RELABEL_BIN"]
    folder = tmp_path_factory.mktemp("data")

    def run(*args: str, stdin: str = "") -> str:
        command = [relabel, *args, "--data-dir", str(folder)]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout.strip()

    project = {"slug": "p", "name": "P", "schema": SCHEMA, "settings": {"split": {"test": 0.2, "by": "talk"}}}
    run("project", "create", "-", stdin=json.dumps(project))
    run("user", "add", "--email", "m@example.org", "--name", "M", "--password-stdin", stdin="a long password")
    run("member", "set", "--project", "p", "--email", "m@example.org", "--role", "manager")
    token = run("token", "create", "--email", "m@example.org", "--name", "t", "--scopes", "read,ingest,manage")
    command = [relabel, "serve", "--data-dir", str(folder), "--addr", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            url = re.fullmatch(r"listening on (\S+)\n", process.stdout.readline())[1]
            served = Server(url, token)
            served.send_samples([sample(number) for number in range(2500)])
            changed = [{**sample(number), "label": {"intent": "loan"}} for number in range(0, 2500, 7)]
            removed = [{**sample(number), "label": None} for number in range(3, 2500, 70)]
            added = [sample(number) for number in range(2500, 2600)]
            changed = [one for one in changed if one["id"] not in {gone["id"] for gone in removed}]
            served.send_samples(changed + removed + added)
            served.send("DELETE", "/samples/s0005-%ED%95%9C")
            yield served
        finally:
            process.terminate()
