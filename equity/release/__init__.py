"""The release: store joined, measured and disclosure-protected as a whole, then frozen.

``build`` makes the table of figures, ``disclose`` decides what may be seen, ``publish`` freezes the
result under a content hash, ``load`` hands it to the pages.
"""
