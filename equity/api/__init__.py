"""The HTTP API: the figures that pages show for other programs to read, and a door for agencies' files.

``app`` puts it together; ``guard`` stands in front of it; ``figures``, ``releases`` and ``lists`` answer
readers, ``submissions`` agencies with a token. Accepting and publishing is a steward's, and not in here.
"""
