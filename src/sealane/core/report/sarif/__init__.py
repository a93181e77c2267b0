"""Findings as SARIF, for the pages on which forges show what scanners found."""
