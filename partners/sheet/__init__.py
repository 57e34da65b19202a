"""A sheet of agreements that exist already: its columns, its template, its rows. Pure."""
