"""What the export page offers to copy into a script works as it stands."""

import html
import http.cookiejar
import re
import urllib.parse
import urllib.request

import pytest
from rows import expected


@pytest.fixture(scope="module", name="browser")
def fixture_browser(server):
    """Signed in as the manager."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = urllib.parse.urlencode({"email": "m@example.org", "password": "a long password"}).encode()
    headers = {"Referer": f"{server.url}/sign-in", "Accept": "text/html"}
    browser.open(urllib.request.Request(f"{server.url}/api/sign_in", form, headers)).close()
    return browser


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "arrow"])
def test_python(server, browser, kind, tmp_path, monkeypatch):
    wanted = len(expected(server.fetch(tmp_path, format="jsonl", version="1", split="train")))
    with browser.open(f"{server.url}/projects/p/export?version=1&format={kind}&split=train") as answer:
        page = answer.read().decode()
    commands = [html.unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]
    commands = [re.sub(r"<[^>]+>", "", text) for text in commands if "import" in text]
    assert len(commands) == 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELABEL_TOKEN", server.token)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    for command in commands:
        found = {}
        exec(command, found)
        assert len(found["labels"]) == wanted, command
