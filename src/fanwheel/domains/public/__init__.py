"""The public domain: traffic that algorithms and search hand out."""
