"""The room where data enters: one reader per format, a report of every row refused, and the loading.

A reader turns a file into a tidy table and a list of refusals (file, row, column, reason). Loading puts
what was accepted into the store, source by source, in one transaction.
"""
