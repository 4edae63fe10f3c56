"""What does a loader make of a program's CO-RE relocations on one kernel? Local types against that kernel's BTF.

The rules are libbpf's (src/relo_core.c and the candidate search in src/libbpf.c, as of version 1.5), which the kernel
shares; each function here names the one whose rule it follows. Where libbpf stops with an error, the outcome says so.
"""
