"""Traits: what a brand wants to know of people, by names and types that it declares."""
