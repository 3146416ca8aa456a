"""Rectification plans: what a party puts right after a leak, and the gate through which its access returns."""
