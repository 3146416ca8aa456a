"""What is asked of the records as a whole, read only.

For management: exposure, time to attribution, what is late, money, parties by case history. For each of the owner's
people: what waits for them today.
"""
