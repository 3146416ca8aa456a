"""Slow work: the worker that runs tasks, what it does when another one died, and what is due from time to time."""
