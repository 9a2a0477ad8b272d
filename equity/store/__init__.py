"""The database room: tables, migrations, transactions, and the only SQL of the software."""
