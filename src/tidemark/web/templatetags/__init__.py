"""What templates can say beside Django's own words; every template can, without loading it."""
