"""Charts as plain Plotly specifications (dictionaries), each with its alt text and its table twin."""
