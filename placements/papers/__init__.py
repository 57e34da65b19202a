"""What stands in the papers of placement, as plain data; the words around it are templates."""
