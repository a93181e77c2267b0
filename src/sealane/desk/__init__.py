"""The desk of a security team: advisories are drafted, checked and published from here."""
