"""Clients of remote services, one protocol a file; they decide nothing."""
