"""Requests that were made with an idempotency key, and what was answered, so that a retry does nothing twice."""
