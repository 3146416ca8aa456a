"""The drill: leaks made on purpose, to learn before sending which leaks of a draft would be traced.

It stands beside the path of the data: it takes a marked copy and gives bytes as they would be found on the Internet.
The leaks know nothing of marks, keys or drafts, and so cannot flatter the tracing; only ``run`` marks and traces.
"""
