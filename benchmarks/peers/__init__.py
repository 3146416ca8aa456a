"""The bench against peers: blind schemes from PyPI and ours, on the same pictures and the same leaks.

Run by ``make bench-peers``, in an environment of its own. In the order of the data's path: ``pictures``, ``selection``
(what is marked and leaked) · ``codewords`` (when a decoded payload names a copy) · ``torch_stub``,
``imwatermark_peers``, ``blind_watermark_peer`` (the peers behind one face, ``scheme``) · ``ours`` · ``laid_back`` (what
our registration does for them) · ``trial`` (one picture, one leak, every scheme) · ``report`` (the tables) ·
``__main__`` (the run).
"""
