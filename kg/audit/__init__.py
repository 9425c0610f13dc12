"""Audit of a health article: its statements against the release, its citations, its review status, and what it leaves out."""
