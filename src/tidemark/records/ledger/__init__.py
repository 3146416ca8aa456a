"""The ledger as it is kept: leaves, hashes of complete subtrees, signed checkpoints, and the key that signs them."""
