"""Lists of what people need for work: each noun's filters and table in one file."""
