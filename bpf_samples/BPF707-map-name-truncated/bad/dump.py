"""Dumps a map by its name."""
import subprocess

subprocess.run(["bpftool", "map", "dump", "name", "packets_by_protocol"])  # want BPF707 "`packets_by_protocol` has 19 and is never found"
