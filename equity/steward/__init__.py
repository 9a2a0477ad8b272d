"""The desk of the data steward: what a submission would change, before and while it is taken in.

It joins the intake with the release, which do not know each other; the command line, the pages and the
API all work through it.
"""
