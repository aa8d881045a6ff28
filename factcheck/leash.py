"""The leash: takes a crew's processes down when the process that runs the crew was killed.

It reads from a pipe which process groups there are (`+12`) and no longer are (`-12`). The pipe ends when the
crew's process does, however that happened; whatever is still listed then is asked to stop, and soon killed.
Run by `factcheck.processes` as a script, standard library only, so that it starts at once and stays small.
"""

import contextlib
import os
import signal
import sys
import time

PATIENCE = 4.0


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with the pipe and not before
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    deadline = time.monotonic() + PATIENCE
    tell(groups, signal.SIGTERM)
    tell(groups, signal.SIGCONT)
    while groups and time.monotonic() < deadline:
        groups = {group for group in groups if is_there(group)}
        time.sleep(0.05)
    tell(groups, signal.SIGKILL)
    return 0


def tell(groups: set[int], number: int) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(main())
