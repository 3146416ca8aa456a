"""Projects and their drafts."""
