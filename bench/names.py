"""What the filled database and who looks at it have to agree about."""

PASSWORD = "bench-only-password"
MEASURED, LARGEST = "B001", "B002"  # codes of prisons
