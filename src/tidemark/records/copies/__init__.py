"""Copies: which file was handed to whom, and the secret that their marks come from."""
