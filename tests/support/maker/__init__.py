"""Makes evidence with real keys, in process: every accepted form, and forms that are not.

It shares no code with the judge (`sealane.core`), so that a mistake in one is seen by the other.
"""
