"""Embargoed releases: what is held back, who may let it out, when, and in which order."""
