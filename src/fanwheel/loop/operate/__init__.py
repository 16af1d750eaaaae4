"""Stage two: fans are served on channels that the brand owns."""
