"""The embedded world: a Sigstore and a package index that unmodified clients accept."""
