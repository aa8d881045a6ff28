"""Health checks of the containers: `python -m factcheck.probe web`, `... worker NAME`, `... beat`.

Ends with 0 if the process in this container does its work and with 1 and a sentence if not. Loads no Django: a
check that runs every minute in every container has to be light.
"""

import http.client
import os
import socket
import sys

from factcheck import processes

BEAT_MINUTES = 10  # beat writes down what it sent every three minutes
PING_SECONDS = 5.0
USAGE = "say one of: web, worker NAME, beat"


def web(port: int = 8000) -> str:
    """Whether the web process answers at all. A redirect to https or a refused host name is an answer too."""
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or port), timeout=5)
    try:
        line.request("GET", "/healthz/")
        status = line.getresponse().status
    except (OSError, http.client.HTTPException) as exc:
        return f"The web process does not answer ({exc})."
    finally:
        line.close()
    return "" if status < http.HTTPStatus.INTERNAL_SERVER_ERROR else f"The web process answers with {status}."


def worker(name: str) -> str:
    """Whether the worker called NAME on this host answers a ping through the broker."""
    broker = os.environ.get("BROKER_URL") or os.environ.get("REDIS_URL", "").replace("unix://", "redis+socket://")
    node = f"{name}@{socket.gethostname()}"
    heard = processes.ping([node], broker=broker, prefix=os.environ.get("BROKER_PREFIX", ""), timeout=PING_SECONDS)
    return "" if node in heard else f"The worker {node} does not answer."


def beat() -> str:
    """Whether beat has sent something lately."""
    import psycopg

    question = (
        "SELECT max(last_run_at) > now() - make_interval(mins => %s) FROM django_celery_beat_periodictask WHERE enabled"
    )
    try:
        with psycopg.connect(os.environ.get("DATABASE_URL", ""), connect_timeout=5) as line:
            row = line.execute(question, [BEAT_MINUTES]).fetchone()
    except psycopg.Error as exc:
        return f"The database does not answer ({type(exc).__name__})."
    return "" if row and row[0] else f"Beat has sent nothing for {BEAT_MINUTES} minutes."


def main(words: list[str]) -> int:
    match words:
        case ["web"]:
            problem = web()
        case ["worker", name]:
            problem = worker(name)
        case ["beat"]:
            problem = beat()
        case _:
            problem = USAGE
    if problem:
        sys.stderr.write(problem + "\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
