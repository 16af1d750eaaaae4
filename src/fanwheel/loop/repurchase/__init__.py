"""Stage five: fans come back."""
