"""Membership as things happen: events are remembered, people judged, entries and exits written."""
