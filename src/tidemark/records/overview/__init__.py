"""What management asks of the records: exposure, time to attribution, what is late, money, parties by case history."""
