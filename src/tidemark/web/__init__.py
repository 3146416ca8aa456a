"""The pages. Each view parses, asks ``visible_to`` for what the person may see, calls the records, and shows."""
