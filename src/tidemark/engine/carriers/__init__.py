"""Carriers: one package for each kind of file that can bear a mark. Carriers never import one another."""
