"""A newsroom's program as they are: it fails, breaks off, and is restarted at times. It writes down what it took.

python3 -m tests.chaos.receiver PORT FILE SEED
"""

from __future__ import annotations

import json
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FAILS, BREAKS_OFF = 0.25, 0.05  # of all requests; breaking off comes after the event was written down


def serve(port: int, notes: Path, seed: int) -> None:
    die = random.Random(seed)  # noqa: S311 a seeded die, no secret

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            chance = die.random()
            if chance < FAILS:
                self.send_response(500)
                self.end_headers()
                return
            line = json.dumps({"id": self.headers["webhook-id"], "claim": body["data"].get("claim")})
            with notes.open("a") as file:  # one write, so that lines of two threads do not mix
                file.write(line + "\n")
            if chance < FAILS + BREAKS_OFF:
                self.connection.close()
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            pass

    Server(("127.0.0.1", port), Hook).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
