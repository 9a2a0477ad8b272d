"""Places: boundaries, the ZIP–ZCTA–county crosswalk, neighbours and the map's layers.

``boundaries`` loads what is drawn, ``crosswalk`` moves counts from ZIPs to counties and cleans ZIP codes,
``neighbours`` says which places touch, ``own`` and ``fetch`` bring official or own boundaries in, and
``build`` (with ``origin``, ``cells`` and ``groups``) once wrote the small files of ``data/boundaries``.
"""
