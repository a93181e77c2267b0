"""An appraisal as one page for a browser."""
