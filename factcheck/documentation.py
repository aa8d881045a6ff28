"""Parts of the docs that are made from the code, between two marks in a page. A test compares them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from claims import workflow
from claims.roles import PERMISSIONS, Role
from claims.workflow import Permission
from factcheck import capacity, env

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Part:
    """A generated stretch of a page: `<!-- made from NAME -->` to `<!-- end of NAME -->`."""

    file: str
    name: str
    make: Callable[[], str]

    def text(self) -> str:
        return (ROOT / self.file).read_text(encoding="utf-8")

    def updated(self) -> str:
        begin, end = f"<!-- made from {self.name} -->\n", f"<!-- end of {self.name} -->"
        before, found, rest = self.text().partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"{self.file} lacks the marks of {self.name}")
        return f"{before}{begin}\n{self.make()}\n{end}{after}"

    def is_stale(self) -> bool:
        return self.text() != self.updated()

    def write(self) -> None:
        (ROOT / self.file).write_text(self.updated(), encoding="utf-8")


def diagram() -> str:
    return f"```mermaid\n{workflow.diagram()}```\n"


def moves() -> str:
    lines = ["| move | from | to | who |", "| --- | --- | --- | --- |"]
    for move in workflow.MOVES.values():
        sources = ", ".join(status.value for status in workflow.Status if status in move.sources)
        who = move.permission.value if move.permission else "the system"
        target = move.target.value + (" (next cycle)" if move.opens_cycle else "")
        lines.append(f"| {move.name} | {sources} | {target} | {who} |")
    return "\n".join(lines) + "\n"


def roles() -> str:
    lines = [f"| may | {' | '.join(role.value for role in Role)} |", "| --- |" + " --- |" * len(Role)]
    for permission in Permission:
        marks = " | ".join("yes" if permission in PERMISSIONS[role] else "" for role in Role)
        lines.append(f"| {permission.value} | {marks} |")
    return "\n".join(lines) + "\n"


def settings() -> str:
    lines = ["| name | what it is for |", "| --- | --- |"]
    lines += [f"| `{name}` | {about} |" for name, about in sorted(env.READ.items())]
    return "\n".join(lines) + "\n"


PARTS = (
    Part("docs/workflow.md", "claims/workflow.py: the diagram", diagram),
    Part("docs/workflow.md", "claims/workflow.py: the moves", moves),
    Part("docs/workflow.md", "claims/roles.py", roles),
    Part("docs/settings.md", "factcheck/settings.py", settings),
    Part("docs/scaling.md", "factcheck/capacity.py", capacity.table),
)
