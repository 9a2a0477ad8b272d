"""Files people take away: PDF profiles, spreadsheets, CSV, GeoJSON and map pictures.

Every builder takes a release (or a profile or map made from one) and returns bytes; the same release
gives the same bytes. None of them opens a screen, a network or a database.
"""
