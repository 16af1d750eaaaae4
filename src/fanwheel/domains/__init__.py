"""Where we meet people: public, commercial and private."""
