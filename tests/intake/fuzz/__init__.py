"""Files as an enemy, a careless hand or a broken disk would make them, from the real ones.

``bases`` holds the files that are spoilt, ``cells``, ``raw`` and ``workbooks`` the ways of spoiling them,
``plain`` a second reading of the same rows by other means, ``judge`` what must be true of every case.
"""
