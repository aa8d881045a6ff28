"""Typed readers of the environment. A wrong value stops the process with one sentence.

`NAME_FILE` may be set instead of `NAME` for secrets: the value is then the content of that file
(Docker and Kubernetes secrets). Every name read is remembered in `READ`, which the docs are tested against.
"""

import ipaddress
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

READ: dict[str, str] = {}  # name -> what it is for
_UNSET = object()


def _stop(name: str, problem: str) -> NoReturn:
    raise SystemExit(f"Setting {name} {problem}.")


def _raw(name: str, about: str) -> str | None:
    READ[name] = about
    value = os.environ.get(name)
    return value if value else None


def text(name: str, *, default: str = "", about: str) -> str:
    return _raw(name, about) or default


def integer(name: str, *, default: int, about: str, low: int = 0, high: int | None = None) -> int:
    raw = _raw(name, about)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        _stop(name, f"must be a whole number, not {raw!r}")
    if value < low or (high is not None and value > high):
        _stop(name, f"must be {low} or more" + (f" and at most {high}" if high is not None else "") + f", not {value}")
    return value


def amount(name: str, *, about: str) -> Decimal:
    """A sum of money; 0 where nothing is set."""
    raw = _raw(name, about)
    if raw is None:
        return Decimal(0)
    try:
        value = Decimal(raw)
    except InvalidOperation:
        _stop(name, f"must be an amount such as 0.15, not {raw!r}")
    if not value.is_finite() or not 0 <= value <= 1_000_000:
        _stop(name, f"must be an amount of 0 or more, not {raw!r}")
    return value


def boolean(name: str, *, default: bool, about: str) -> bool:
    raw = _raw(name, about)
    if raw is None:
        return default
    match raw.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            _stop(name, f"must be yes or no (1/0, true/false, on/off), not {raw!r}")


def words(name: str, *, default: tuple[str, ...] = (), about: str) -> list[str]:
    """A list separated by commas."""
    raw = _raw(name, about)
    return list(default) if raw is None else [word.strip() for word in raw.split(",") if word.strip()]


def days(name: str, *, about: str) -> dict[str, int]:
    """Days by name, such as `deliveries=30,sign_ins=60`."""
    found = {}
    for word in words(name, about=about):
        key, _, value = word.partition("=")
        if not key or not value.isdigit():
            _stop(name, f"must be names and days such as deliveries=30, not {word!r}")
        found[key] = int(value)
    return found


def choice(name: str, *, default: str, among: tuple[str, ...], about: str) -> str:
    value = _raw(name, about) or default
    if value not in among:
        _stop(name, f"must be one of {', '.join(among)}, not {value!r}")
    return value


def networks(name: str, *, about: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for word in words(name, about=about):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError:
            _stop(name, f"must hold networks such as 10.0.0.0/8, not {word!r}")
    return found


def secret(name: str, *, debug: bool, about: str) -> str:
    """A secret from NAME or the file NAME_FILE. There is a default in debug mode only."""
    value = _raw(name, about)
    path = os.environ.get(f"{name}_FILE")
    if value is None and path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as exc:
            _stop(f"{name}_FILE", f"names a file that cannot be read ({exc.strerror})")
    if not value:
        if debug:
            return "debug-only-" + name.lower() * 4
        _stop(name, "is missing: set it (or NAME_FILE) to a long random text; it has a default only with DEBUG=1")
    return value


def database(name: str, *, default: str, about: str) -> dict[str, Any]:
    """A PostgreSQL URL as Django's settings. The host may be a socket folder, as in `postgres://me@/db?host=/run/pg`."""
    raw = _raw(name, about) or default
    url = urlsplit(raw)
    if url.scheme not in ("postgres", "postgresql"):
        _stop(name, f"must begin with postgres:// or postgresql://, not {raw.split(':')[0]!r}")
    try:
        port = url.port
    except ValueError:
        _stop(name, "holds a port that is not a number")
    options = dict(parse_qsl(url.query))
    host = options.pop("host", None) or unquote(url.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "factcheck",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def redis(name: str, *, default: str, about: str) -> str:
    raw = _raw(name, about) or default
    if urlsplit(raw).scheme not in ("redis", "rediss", "unix", "redis+socket"):
        _stop(name, "must begin with redis://, rediss:// or unix://")
    return raw
