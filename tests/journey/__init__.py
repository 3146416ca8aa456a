"""Journeys in a browser. A package, so that what they share ends with them: while Playwright runs, Django refuses its
database to everybody else in the process."""
