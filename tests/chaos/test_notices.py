"""What people are told leaves the house by a real worker: once, and once more where it is killed amid sending."""

from __future__ import annotations

import asyncio
import email
import ipaddress
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import Connection

from claims.models import ChatPost, Mail, Publication, User
from claims.operations import chatting, complaining
from claims.roles import Role
from factcheck import processes
from tests import make
from tests.chaos.conftest import environment, until
from tests.workers.mailserver import MailServer, running
from workers.tasks import noticing as tasks

pytestmark = pytest.mark.django_db(transaction=True)


class SlowMail(MailServer):
    """Counts every mail it is given by its Message-ID, also when it could not say "taken" any more."""

    def __init__(self) -> None:
        super().__init__()
        self.given: Counter[str] = Counter()
        self.opened = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.given[str(email.message_from_bytes(envelope.content)["Message-ID"])] += 1
        while not self.opened.is_set():  # ended by aiosmtpd when who sends is gone
            await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)


class SlowRoom:
    """A chat that counts what it is given."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()
        self.opened = threading.Event()
        room = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                room.given[body["subject"]] += 1
                room.opened.wait(10)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # who asked is gone

        self.server = Server(("127.0.0.1", 0), Hook)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def post() -> Iterator[SlowMail]:
    server = SlowMail()
    with running(server):
        yield server


@pytest.fixture
def room() -> Iterator[SlowRoom]:
    room = SlowRoom()
    yield room
    room.opened.set()
    room.server.shutdown()
    room.server.server_close()


@pytest.fixture
def crew(
    transactional_db: None, tmp_path: Path, post: SlowMail, room: SlowRoom, broker: redis.Redis
) -> Iterator[processes.Crew]:
    extra = {
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(post.port),
        "MAIL_TLS": "0",
        "PUBLIC_URL": "https://desk.example",
        "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "FETCH_PORTS": str(room.port),
        "FETCH_PACE_PERCENT": "100000",
    }
    sender = processes.worker("gathering", queues="gathering", pool="threads", concurrency=2)
    crew = processes.Crew([sender], logs=tmp_path / "logs", settings=environment(tmp_path, **extra))
    yield crew
    room.opened.set()
    post.opened.set()
    crew.stop()


@pytest.fixture(autouse=True)
def hints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, room: SlowRoom) -> None:
    """What is told here is hinted to the broker of the crew."""
    settings.EMAIL_HOST = "127.0.0.1"
    settings.PUBLIC_URL = "https://desk.example"
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.FETCH_PORTS = [room.port]
    url = f"redis+socket://{tmp_path / 'valkey.sock'}?virtual_host=0"
    for task in (tasks.carry_mail, tasks.carry_post):

        def hint(pk: int, task: Any = task) -> None:
            with Connection(url) as broker:
                task.apply_async((pk,), connection=broker, queue="gathering", retry=False)

        monkeypatch.setattr(task, "delay", hint)


def desk(room: SlowRoom) -> tuple[Publication, User]:
    """A published check, somebody who publishes and reads mail, and a chat that is told of complaints."""
    publication = make.publication()
    user = make.editor(publication.newsroom)
    user.email = "editor@mail.example"
    user.save()
    chatting.register(
        publication.newsroom, by=make.person(publication.newsroom, Role.ADMIN), label="Desk", style="generic",
        url=f"http://127.0.0.1:{room.port}/hook", kinds=["complaint"], language="en",
    )  # fmt: skip
    return publication, user


def complain(publication: Publication) -> None:
    complaining.receive(publication, by=None, text="The year is wrong.", door="page", complainant="Ada")


def all_sent() -> bool:
    return not any(model.objects.exclude(state="done").exists() for model in (Mail, ChatPost))


def test_a_complaint_is_mailed_and_posted_once_and_by_a_worker_killed_amid_it_once_more_at_most(
    crew: processes.Crew, post: SlowMail, room: SlowRoom
):
    publication, user = desk(room)
    crew.start()
    last = 0.0

    def again() -> None:
        nonlocal last
        crew.tend()
        if time.monotonic() - last > 1:
            last = time.monotonic()
            tasks.carry_due.run()  # as the clock does

    post.opened.set()
    room.opened.set()
    complain(publication)
    until(all_sent, "the complaint is told", each=again)
    mine = Mail.objects.get(person=user)
    assert len(post.mails) == Mail.objects.count()
    assert [mail["To"] for mail in post.mails].count(user.email) == 1
    assert set(post.given.values()) == {1} and list(room.given.values()) == [1]

    post.opened.clear()
    room.opened.clear()
    before = len(post.given)
    complain(publication)
    until(lambda: len(post.given) > before and len(room.given) == 2, "both are being sent", each=again)
    os.kill(crew.pid("gathering"), signal.SIGKILL)
    post.opened.set()
    room.opened.set()
    until(all_sent, "the second is told as well", each=again)
    assert set(Mail.objects.values_list("outcome", flat=True)) == {"sent"}
    assert post.given[f"<{mine.reference.hex}@desk.example>"] == 1
    assert max(post.given.values()) == 2 and list(room.given.values()) == [1, 2]
    assert len({mail["Message-ID"] for mail in post.mails}) == len(post.given) == Mail.objects.count()
