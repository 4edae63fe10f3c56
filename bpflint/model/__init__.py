"""What do the parts of bpflint talk about? Frozen data: no I/O, standard library only."""
