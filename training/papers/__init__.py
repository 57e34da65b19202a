"""Papers about participants that are no letters, as plain data; the words are in the templates."""
