"""Measurements that are too slow for the tests. Each writes a page of docs/benchmarks/ and says by which command."""
