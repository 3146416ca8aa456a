"""The pages of the desk with ten thousand copies on record; see :mod:`.__main__`."""
