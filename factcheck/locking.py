"""`python3 manage.py lock`: write the hash-locked requirements files anew from pyproject.toml. Needs uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SAME = ["-c", "requirements/dev.txt"]  # one version of a package in all three files
FILES = {
    "dev": ["--extra", "local", "--group", "dev"],
    "local": ["--extra", "local", *SAME],
    "base": SAME,
}
OPTIONS = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]


def lock(root: Path) -> int:
    """Resolve every set for all supported Pythons and platforms at once. Versions change only with --upgrade."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        sys.stderr.write("Locking needs uv: install it (pip install uv) or set UV to its path.\n")
        return 2
    for name, chosen in FILES.items():
        target = Path("requirements") / f"{name}.txt"
        words = ["pip", "compile", "pyproject.toml", *chosen, *OPTIONS, "-o", str(target)]
        upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
        made = subprocess.run([uv, *words, *upgrade], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
        if made.returncode:
            sys.stderr.write(f"uv could not lock {name}.txt:\n{made.stderr}")
            return 1
        file = root / target
        pins = "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("#"))
        file.write_text(f"# Made by `python3 manage.py lock`, which runs: uv {' '.join(words)}\n{pins}")
        sys.stderr.write(f"{target}: {pins.count('==')} packages\n")
    return 0
