"""Infant mortality and home visiting, side by side, for St. Louis and the Missouri Bootheel.

Rooms, from the files that come in to the pages that go out; imports run only downwards in this list:
``ui`` > ``views`` > ``release`` > ``measures``; ``release`` and ``intake`` > ``store``.
``words`` and ``registry`` hold every word a person reads; ``config`` holds every setting.
"""
