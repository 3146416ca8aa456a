"""Sanctions: what an allegation that is final leads to under the agreement, and whether it was paid and done."""
