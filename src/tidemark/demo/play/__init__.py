"""The affair of the MS11 drafts as a play: named persons act in turn, each through the API, as their programs would.

An act is a short function that does one part, checks that the truth came out, and tells it in a sentence or two. It
knows a server's address and the persons' tokens, and no table of the records.
"""
