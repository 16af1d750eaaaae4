"""Stage three: fans buy."""
