"""The commercial domain: traffic that is bought."""
