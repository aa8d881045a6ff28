"""The recipes for clients in docs/clients.md work as they stand there, against a running server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from claims import signing
from claims.models import Article, Claim
from claims.operations import calling_back, gathering, intake, keying, telling
from tests import make
from workers import messenger

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
SECONDS = 60  # until a client that hangs is ended
SECRET = signing.new_secret()
BODY = '{"type": "claim.moved", "data": {"text": "Bäume"}}'.encode()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)


@pytest.fixture
def claim() -> Claim:
    return make.claim_published()


@pytest.fixture
def world(transactional_db: None, live_server: Any, claim: Claim, tmp_path: Path) -> dict[str, str]:
    """What a client is given: the server and a key."""
    person = make.researcher(claim.newsroom)
    _, secret = keying.issue(claim.newsroom, user=person, by=None, label="client", scopes=["read", "submit"])
    return {"PATH": os.environ["PATH"], "FACTCHECK": live_server.url, "FACTCHECK_KEY": secret}


def run(command: list[str], at: Path, environment: dict[str, str]) -> str:
    """What the client prints. Its article is read meanwhile, as a worker would."""
    client = subprocess.Popen(command, cwd=at, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + SECONDS
    try:
        while True:
            _read_what_waits()
            try:
                out, problems = client.communicate(timeout=0.1)
                break
            except subprocess.TimeoutExpired:
                assert time.monotonic() < until, "the client does not end"
    finally:
        client.kill()
    assert client.returncode == 0, problems.decode() + out.decode()
    return out.decode()


def _read_what_waits() -> None:
    for article in Article.objects.filter(state="open"):
        held = Article.objects.take(article.pk)
        if held is not None:
            intake.record_claims(held, intake.read(held))


def test_the_curl_recipe_hands_in_follows_and_reads_the_verdict(
    world: dict[str, str], claim: Claim, tmp_path: Path
) -> None:
    if not shutil.which("curl"):
        pytest.skip("needs curl, which is not installed here")
    hand_in, read, claims, events, verdict = blocks("sh")

    article = json.loads(run(["sh", "-c", hand_in], tmp_path, world))
    assert article["external_id"] == "cms-4711"
    given = {**world, "ARTICLE": str(article["id"]), "CLAIM": str(claim.pk)}
    assert json.loads(run(["sh", "-c", hand_in], tmp_path, world))["id"] == article["id"]
    assert json.loads(run(["sh", "-c", read], tmp_path, given))["state"] == "done"
    assert run(["sh", "-c", read], tmp_path, given) == "", "not modified"
    assert "1,250 trees" in json.loads(run(["sh", "-c", claims], tmp_path, given))["results"][0]["text"]
    kinds = [one["type"] for one in json.loads(run(["sh", "-c", events], tmp_path, given))["results"]]
    assert "publication.published" in kinds
    found = json.loads(run(["sh", "-c", verdict], tmp_path, given))
    assert found["verdict"]["rating"] == "false"
    assert "/checks/" in found["publication"]


def test_the_python_recipe_hands_in_follows_and_reads_the_verdict(
    world: dict[str, str], claim: Claim, tmp_path: Path
) -> None:
    client, hand_in, verdicts, _ = blocks("python")
    (tmp_path / "factcheck_client.py").write_text(client, encoding="utf-8")

    found = run([sys.executable, "-c", hand_in], tmp_path, {**world, "PYTHONPATH": str(tmp_path)})
    told = run([sys.executable, "-c", verdicts], tmp_path, {**world, "PYTHONPATH": str(tmp_path)})

    assert re.search(r"^\d+ submitted The city of Eulenburg planted 1,250 trees", found, re.M)
    assert f"{claim.pk} Verdict(rating='false', headline='Eulenburg planted fewer trees than claimed'" in told
    assert re.search(r"^next time: \d+$", told, re.M)


def test_the_python_recipe_is_typed(tmp_path: Path) -> None:
    client, *uses = blocks("python")
    (tmp_path / "factcheck_client.py").write_text(client, encoding="utf-8")
    names = []
    for number, use in enumerate(uses):
        (tmp_path / f"use_{number}.py").write_text(use, encoding="utf-8")
        names.append(f"use_{number}.py")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\n", encoding="utf-8")

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(config), "--cache-dir", str(tmp_path), *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("secret", "body", "age", "answer"),
    [
        (SECRET, BODY, 0, True),
        (signing.new_secret(), BODY, 0, False),
        (SECRET, BODY + b" ", 0, False),
        (SECRET, BODY, 301, False),
    ],
    ids=["ours", "another secret", "another body", "old"],
)
def test_the_recipes_tell_our_signatures_from_others(
    secret: str, body: bytes, age: int, answer: bool, tmp_path: Path
) -> None:
    headers = signing.headers([SECRET], id="evt_1", timestamp=int(time.time()) - age, body=BODY)
    client, _, _, view = blocks("python")
    (tmp_path / "factcheck_client.py").write_text(client, encoding="utf-8")
    ask = f"{view}\nprint(take({secret!r}, {headers!r}, {body!r}))"

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert asked.stdout.strip() == ("204" if answer else "401")

    if shutil.which("node"):
        (tmp_path / "factcheck.mjs").write_text(blocks("js")[0], encoding="utf-8")
        (tmp_path / "ask.mjs").write_text(
            'import { isOurs } from "./factcheck.mjs";\n'
            f"const body = Buffer.from({json.dumps(body.hex())}, 'hex');\n"
            f"console.log(isOurs({json.dumps(secret)}, {json.dumps(headers)}, body));\n",
            encoding="utf-8",
        )
        asked = subprocess.run(
            ["node", "ask.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=True
        )
        assert asked.stdout.strip() == str(answer).lower()


def test_the_javascript_recipe_hands_in_follows_and_reads_the_verdict(
    world: dict[str, str], claim: Claim, tmp_path: Path
) -> None:
    if not shutil.which("node"):
        pytest.skip("needs Node.js, which is not installed here")
    client, use = blocks("js")
    (tmp_path / "factcheck.mjs").write_text(client, encoding="utf-8")
    (tmp_path / "use.mjs").write_text(use, encoding="utf-8")

    told = run(["node", "use.mjs"], tmp_path, world)

    assert re.search(r"^\d+ submitted The city of Eulenburg planted 1,250 trees", told, re.M)
    assert f"{claim.pk} false" in told


def test_the_typed_client_is_made_from_the_schema_and_works(world: dict[str, str], tmp_path: Path) -> None:
    beside = Path(sys.executable).parent
    if not (beside / "openapi-python-client").exists() or not shutil.which("curl"):
        pytest.skip("needs curl and openapi-python-client, which is in the dependency group `load`")
    given = {**world, "PATH": f"{beside}:{world['PATH']}"}
    [made] = blocks("bash")
    run(["sh", "-ec", made], tmp_path, given)
    use, _cms = blocks("py")

    out = run([sys.executable, "-c", use], tmp_path, {**given, "PYTHONPATH": str(tmp_path)})

    assert Article.objects.filter(text__startswith="The city of Eulenburg planted").exists()
    assert "Traceback" not in out


def test_the_plug_in_of_a_cms_hands_over_and_shows_what_was_published(
    world: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "factcheck_client.py").write_text(blocks("python")[0])
    monkeypatch.syspath_prepend(tmp_path)
    given = {**world, "CALLBACK": "https://cms.example/factcheck/", "CALLBACK_SECRET": SECRET}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    cms: dict[str, Any] = {}
    exec(blocks("py")[1], cms)  # noqa: S102  our own page
    article = cms["hand_over"](4711, make.ARTICLE, "https://paper.example/trees", "2024-04-02")
    [callback] = Article.objects.get(pk=article).callbacks.all()
    assert telling.secrets_of(callback) == [SECRET]
    _read_what_waits()
    claim = Claim.objects.filter(article=article)[0]
    gathering.open_lookups(claim, by=None)
    make.walk_to_publication(claim)

    while calling_back.spread(claim.newsroom_id):
        pass
    seen: set[str] = set()
    checks: dict[int, str] = {}
    for delivery in callback.deliveries.order_by("entry"):
        body, headers = messenger.signed(delivery)
        assert cms["called_back"](headers, body, seen, checks) == 204
        assert cms["called_back"](headers, body, seen, checks) == 204
    assert cms["called_back"]({**headers, "webhook-id": "other"}, body, seen, checks) == 401
    assert "/checks/" in checks[4711]
