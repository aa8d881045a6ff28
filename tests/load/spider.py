"""A bare Scrapy crawl of the load's addresses: fetches, stores nothing, prints its seconds.

`python3 -m tests.load.spider PORT URLS HOSTS`; needs `uv sync --group load`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess


class Bare(scrapy.Spider):
    name = "bare"
    urls: list[str] = []

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Any) -> None:
        self.crawler.stats.inc_value("pages")  # type: ignore[union-attr]


def main(port: int, urls: int, hosts: int) -> None:
    Bare.urls = [f"http://127.0.1.{1 + number % hosts}:{port}/{number}" for number in range(urls)]
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS": 200,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "RETRY_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    crawler = process.create_crawler(Bare)
    started = time.monotonic()
    process.crawl(crawler)
    process.start()
    took = time.monotonic() - started
    pages = crawler.stats.get_value("pages", 0)  # type: ignore[union-attr]
    sys.stdout.write(f"{pages} {took:.3f}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
