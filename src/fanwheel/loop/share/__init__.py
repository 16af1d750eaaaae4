"""Stage four: fans bring others."""
