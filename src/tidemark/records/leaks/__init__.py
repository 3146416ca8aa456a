"""Leaks: found files, traced against everything on record. Nothing of a trace is remembered yet."""
