"""``python -m geo``: boundaries on the command line."""

import sys

from geo.cli import main

sys.exit(main())
