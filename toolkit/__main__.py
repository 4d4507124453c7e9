"""``python -m toolkit``: see `toolkit.updates.command`."""

from __future__ import annotations

import sys

from toolkit.updates.command import main

if __name__ == "__main__":
    sys.exit(main())
