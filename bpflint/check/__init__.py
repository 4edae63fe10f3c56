"""What do real kernels say about the findings? Build, run on the host or in guests, and join the outcomes."""
