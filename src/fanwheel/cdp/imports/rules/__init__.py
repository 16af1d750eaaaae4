"""The rules of imports: from a mapping and rows to messages."""
