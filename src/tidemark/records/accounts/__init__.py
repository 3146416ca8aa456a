"""Persons: who may do what, and how they come in."""
