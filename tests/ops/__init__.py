"""The store as it is run: several processes on one database, restarts, roles, backups."""
