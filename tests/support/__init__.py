"""What do tests share that is no test: programs on the running kernel."""
