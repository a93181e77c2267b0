"""CSAF 2.0: its form, its rules, its file names and the folder it is published in."""
