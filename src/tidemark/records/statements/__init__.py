"""What is said in public about a case: statements, their approvals, and the check that they point to nobody."""
