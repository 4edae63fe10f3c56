"""Which rules does this package bring? Every module in it is walked."""
