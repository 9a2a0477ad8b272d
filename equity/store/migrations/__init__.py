"""Revisions of the store's tables, oldest first, applied by ``equity.store.migrate``."""
