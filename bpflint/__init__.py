"""What is this package? bpflint: a static analyzer for eBPF C and the user-side structs that share its bytes."""

__version__ = "0.1.0"
