"""The private domain: channels that the brand owns."""
