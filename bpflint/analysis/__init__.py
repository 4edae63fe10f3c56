"""What follows from the model alone? Pure functions: layouts, padding, comparison."""
