"""Property tests: the same cases on every run, and no deadline, as machines are shared."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
