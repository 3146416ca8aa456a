"""Parties: the organisations that hold copies."""
