"""An appraisal as text and as JSON."""
