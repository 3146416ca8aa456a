"""What is remembered: parties, projects, drafts and copies in a database, the drafts' bytes in a folder beside it.

:mod:`.home` is the folder, :mod:`.connect` opens it; only then may the models and the verb-named modules
(:mod:`.copies.issue`, :mod:`.leaks.tracing`) be imported. The time is always passed in by the caller.
"""
