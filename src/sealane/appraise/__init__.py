"""From artifacts and evidence to verdicts."""
