"""The demonstration data: made up, seeded, and calibrated to the county totals that publishers print.

``generate(load_plan())`` gives what ``data/demo`` ships; ``generate(scale_plan("nation"))`` the same
for 33,000 ZIPs and 3,144 counties. Everything it makes has basis *demonstration* and describes no
real agency and no real ZIP. The files hold the groups black, white, hispanic, other and unknown;
``all`` is their sum and has no rows of its own.
"""

from equity.demonstration.generate import DemoData, generate
from equity.demonstration.plan import SEED, Plan, load_plan
from equity.demonstration.scale import scale_plan

__all__ = ["SEED", "DemoData", "Plan", "generate", "load_plan", "scale_plan"]
