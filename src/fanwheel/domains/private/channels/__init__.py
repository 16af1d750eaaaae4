"""Channels: the ways in which people are reached, each behind one small interface."""
