"""Where the pool keeps what it knows: tables of records in SQLite. Nothing here knows an operation."""
