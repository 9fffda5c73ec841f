"""Users: their names, attributes, passwords and codes, what they and administrators do to them, groups and listings."""
