"""A loopback server for the load: answers every request after 200 ms with one page, thousands of them at once.

Run as a program it prints its port: `python3 -m tests.load.pages BYTES`. A page of 0 bytes is a bare sentence.
"""

from __future__ import annotations

import asyncio
import sys

DELAY = 0.2
HOSTS = 50  # 127.0.1.1 and on, all this machine


def page(size: int) -> bytes:
    """A news page of about `size` bytes: navigation, teasers and scripts around an article, as sites are built."""
    if not size:
        return b"<!doctype html><html><head><title>T</title></head><body><p>The town planted trees.</p></body></html>"
    story = "".join(
        f"<p>The town of Eulenburg planted {number * 130:,} trees in its {number}th year, the mayor's office said on "
        f"Monday, {number} years after the storm. <a href='/story/{number}'>The council</a> had asked for a report, "
        f"which names the costs of the work and the places where the next trees are to stand.</p>"
        for number in range(2, 22)
    )
    start = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Eulenburg plants trees</title>"
        "<meta property='og:site_name' content='Courier'><meta property='article:published_time' "
        "content='2024-03-01T08:00:00+01:00'><link rel='canonical' href='https://courier.example/trees'></head><body>"
    )
    article = f"<main><article><h1>Eulenburg plants trees</h1>{story}</article></main>"
    around, number = "", 0
    while len(start) + len(article) + len(around) < size:
        number += 1
        around += (
            f"<div class='teaser' id='t{number}'><a class='teaser__link' href='/news/{number}/some-other-story'>"
            f"<span class='kicker'>Region</span><span class='title'>Another story with number {number}</span></a></div>"
            f"<script>window.slots=window.slots||[];window.slots.push({{id:{number},kind:'banner'}});</script>"
        )
    nav = "<nav><ul><li><a href='/'>Home</a></li></ul></nav>"
    return f"{start}{nav}{article}<aside>{around}</aside></body></html>".encode()


async def serve(size: int) -> None:
    body = page(size)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    nothing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if request.startswith(b"GET /robots.txt"):
                    writer.write(nothing)
                else:
                    await asyncio.sleep(DELAY)
                    writer.write(head.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    first, *others = (f"127.0.1.{number}" for number in range(1, HOSTS + 1))
    server = await asyncio.start_server(answer, first, 0, backlog=2000)
    port = server.sockets[0].getsockname()[1]
    servers = [await asyncio.start_server(answer, host, port, backlog=2000) for host in others]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.gather(*(one.serve_forever() for one in (server, *servers)))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
