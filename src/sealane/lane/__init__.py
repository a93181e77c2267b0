"""From a tag to published and confirmed, stage by stage."""
