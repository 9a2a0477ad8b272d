"""Statistics: pure functions, arrays in, arrays out. They know no database, screen or file."""
