"""What a release looks like: figures as texts, charts, maps, tables and documents. Knows no screen."""
