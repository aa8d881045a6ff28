#!/usr/bin/env python3
"""Every command starts here: `python3 manage.py demo`, `python3 manage.py test`, `python3 manage.py help`.

Needs nothing but Python: what is missing is set up first (see `factcheck/bootstrap.py`). This file is kept
readable for old Pythons too, so that they can say what they lack.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def main():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.stderr.write(
            "Factcheck needs Python 3.11, 3.12 or 3.13, and this is {}.{}: install one of them and run "
            "`python3.12 manage.py` with the same words.\n".format(*sys.version_info)
        )
        return 2
    from factcheck import bootstrap

    return bootstrap.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
