"""The re-identification check: does a statement name a party, or point to one?

Texts and what is on record in, objections out. It knows no Django, no disk and no clock, so that what it lets pass can
be recomputed. An objection shows only what stands in the statement itself, never the name that it was compared with.

It is a net, not a proof: it knows what is on record, and no more. A hint that only an insider understands, an
unusual reading of a Chinese name, or a free paraphrase passes it; that is what two approvals are for.
"""
