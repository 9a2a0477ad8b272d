"""``python -m equity``: see ``equity/cli.py``."""

import sys

from equity.cli import main

if __name__ == "__main__":
    sys.exit(main())
