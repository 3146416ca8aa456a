"""The dossier: all that is on record of one case, set as one PDF, or as data with its files and proofs."""
