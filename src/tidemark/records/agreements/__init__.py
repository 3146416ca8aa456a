"""Confidentiality agreements: without a valid, accepted one nothing is released."""
