"""Envelopes, bundles and what they say."""
