"""The plain alternatives, written as an ordinary user of pandas, geopandas and Streamlit writes them.

They read the same tables and make the same figures, without a release: nothing is frozen or indexed, and
every page computes what it shows. They hide small numbers by the simple rules only.
"""
