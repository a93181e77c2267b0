"""Where the signing services stand, and what the logs are called: trust files and routes agree."""

from __future__ import annotations

# The logs' names, in their checkpoints for ever; the port they are reached at changes.
REKOR1 = "rekor1.sealane.invalid"
REKOR2 = "rekor2.sealane.invalid"
# Rekor v1 and Fulcio share the origin; their paths do not collide.
REKOR2_PREFIX = "/rekor2"
TSA_PATH = "/api/v1/timestamp"
# What clients of advisories are told by configuration, each below the origin. Clients of CVE
# Services join their paths to the address, which therefore ends in a slash.
OSV_PREFIX = "/osv"
CVE_PREFIX = "/cve/api/"
GHSA_PREFIX = "/ghsa"
GIT_PREFIX = "/git"
