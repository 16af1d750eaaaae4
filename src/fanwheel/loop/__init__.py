"""The wheel: introduce, operate, convert, share, repurchase."""
