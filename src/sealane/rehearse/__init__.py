"""The sandbox and the lane together: a release that leaves no trace in the world."""
