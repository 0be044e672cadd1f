"""A message, and how it is delivered."""
