"""Record-level files of the National Center for Health Statistics: counted while read, never stored.

A line of such a file is a birth. What leaves this package is counts by place, year and group, in the shape
of ``vital_count``, and findings that speak of numbers of lines; no line, and no field of one, is written
to a file, put into a message or kept after the count.
"""
