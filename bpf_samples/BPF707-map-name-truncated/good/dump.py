"""Dumps a map by its pin, whose name is whole."""
import subprocess

subprocess.run(["bpftool", "map", "dump", "pinned", "/sys/fs/bpf/packets_by_protocol"])
subprocess.run(["bpftool", "map", "dump", "name", "packets_by_prot"])
subprocess.run("bpftool map create /sys/fs/bpf/m type hash key 4 value 8 entries 9 name packets_by_protocol", shell=True)
subprocess.run("bpftool prog load a.o /sys/fs/bpf/a map name packets_by_protocol pinned /sys/fs/bpf/m", shell=True)
