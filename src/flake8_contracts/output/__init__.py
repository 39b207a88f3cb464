"""Findings as text for people, editors and CI systems. Knows nothing but findings."""
