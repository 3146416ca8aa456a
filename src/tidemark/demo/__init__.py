"""The bundled demonstration: drafts of a car that does not exist, and the affair played on them."""
