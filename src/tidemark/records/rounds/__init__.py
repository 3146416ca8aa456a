"""Bidding rounds: who is invited to bid on which drafts, until when."""
