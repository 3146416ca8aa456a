"""Sightings: photographs of prototypes in the wild, as opposed to leaked files."""
