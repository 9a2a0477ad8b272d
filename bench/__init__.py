"""Speed and size of this software, each measured beside a plain alternative in the same run."""

import os

# one thread of arithmetic, as where it is served; set before NumPy is loaded, and handed on to servers
os.environ.setdefault("OMP_NUM_THREADS", "1")
