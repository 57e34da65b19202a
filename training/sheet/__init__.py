"""Sheets of certificates: their columns, their templates, their rows, whom a row means. Pure."""
