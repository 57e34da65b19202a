"""A sheet of vacancies: its columns, its template, its rows. Pure."""
