"""The routes of access, a file per noun."""
