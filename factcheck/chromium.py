"""A Chromium for the browser tests: the one on the machine, or else one installed now."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ANSWER_SECONDS = 60


class NoBrowser(Exception):
    """There is no Chromium and none could be installed; the message is one sentence."""


def ensure() -> str:
    """The path of a Chromium that runs. FACTCHECK_CHROMIUM names one; otherwise it is looked for, then installed."""
    named = os.environ.get("FACTCHECK_CHROMIUM")
    if named:
        if not _runs(named):
            raise NoBrowser(f"FACTCHECK_CHROMIUM names {named}, which does not run: correct it or unset it.")
        return named
    found = _found()
    if found is None:
        sys.stderr.write("Installing Chromium for the browser tests (once) ...\n")
        _install()
        found = _found()
    if found is None:
        raise NoBrowser(
            "The browser tests need Chromium and it could not be installed: install it (package `chromium`), "
            "or set FACTCHECK_CHROMIUM to the path of a Chrome or Chromium."
        )
    return found


def _found() -> str | None:
    candidates = [path for name in NAMES if (path := shutil.which(name))]
    for path in (*candidates, MAC, *_of_playwright()):
        if Path(path).exists() and _runs(path):
            return path
    return None


def _of_playwright() -> list[str]:
    folders = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or ""]
    folders += [
        str(Path.home() / ".cache" / "ms-playwright"),
        str(Path.home() / "Library" / "Caches" / "ms-playwright"),
    ]
    patterns = (
        "chromium-*/chrome-linux*/chrome",
        "chromium_headless_shell-*/*/*headless*shell",
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    )
    return [
        str(path)
        for folder in folders
        if folder
        for each in patterns
        for path in sorted(Path(folder).glob(each), reverse=True)
    ]


def _runs(path: str) -> bool:
    """Some distributions put a script of the same name that only says where to get it: so ask for a page."""
    command = [path, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "<html" in shown.stdout


def _install() -> None:
    """Root on Debian or Ubuntu: the distribution's package. Everyone else: the build Playwright keeps."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _call([apt, "update", "-qq"], quiet)
        _call([apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet)
        if _found():
            return
    _call([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _call(command: list[str], settings: dict[str, str]) -> None:
    subprocess.run(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603
