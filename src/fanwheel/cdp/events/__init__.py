"""Events: taken in once, kept for ever, read after their commit."""
