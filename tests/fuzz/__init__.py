"""Fuzzing: whatever bytes come from outside, they are read or refused, and nothing else ever happens."""
