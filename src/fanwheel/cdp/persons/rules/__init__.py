"""The rules of identity: which identifiers are one person, and what must be read to know it again."""
