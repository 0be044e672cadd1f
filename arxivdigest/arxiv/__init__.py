"""What arXiv is: its taxonomy, its schedule, and its bytes read as listings."""
