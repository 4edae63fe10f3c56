"""How long does one BPF source of 10,000 lines take, and does the time grow with the number of functions?

Writes programs of 36 lines each (a map, a loop, a reservation, byte orders, branches) into a temporary folder and scans
them in a process of its own without the cache of results: once small, to have what every scan costs, then at 2,500,
5,000 and 10,000 lines. Prints CPU seconds without the small scan's, the ratio to the half size, and the peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = """#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
struct event { u32 a; u16 p; u64 t; char comm[16]; };
struct flow_key { u32 a; u8 p; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1024); __type(key, struct flow_key);
         __type(value, struct event); } seen SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } events SEC(".maps");
"""
PROGRAM = """
SEC("tc")
int prog%d(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct flow_key k = {};
	struct event *e, *r;

	if ((void *)(ip + 1) > end)
		return 0;
	if (eth->h_proto != bpf_htons(0x0800))
		return 0;
	k.a = ip->saddr;
	k.p = ip->protocol;
	e = bpf_map_lookup_elem(&seen, &k);
	if (!e) {
		struct event fresh = {.a = %d};

		bpf_map_update_elem(&seen, &k, &fresh, BPF_NOEXIST);
		return 0;
	}
	for (int j = 0; j < 4; j++)
		__sync_fetch_and_add(&e->t, j);
	r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
	if (!r)
		return 0;
	__builtin_memset(r, 0, sizeof(*r));
	r->a = k.a;
	r->p = k.p == 6 ? 1 : 2;
	bpf_get_current_comm(&r->comm, sizeof(r->comm));
	bpf_ringbuf_submit(r, 0);
	return 1;
}
"""


def cost(folder: Path, programs: int) -> tuple[int, float, int]:
    """Return the lines, the CPU seconds of a scan, and the largest memory of any scan so far in KiB."""
    text = HEAD + "".join(PROGRAM % (n, n) for n in range(programs)) + 'char LICENSE[] SEC("license") = "GPL";\n'
    (folder / "heavy.bpf.c").write_text(text)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "bpflint", "scan", "--exit-zero", "-j", "1", "."]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return text.count("\n"), seconds, after.ru_maxrss


def main() -> None:
    """Print a line for each size."""
    with tempfile.TemporaryDirectory() as name:
        cost(Path(name), 1)  # the derived headers
        _, fixed, _ = cost(Path(name), 2)  # another text: the same again would be answered from the cache
        print(f"two programs: {fixed:.2f} s")
        last = 0.0
        for programs in (70, 140, 280):
            lines, seconds, memory = cost(Path(name), programs)
            ratio = f", {(seconds - fixed) / last:.2f} of the half" if last else ""
            last = seconds - fixed
            print(f"{lines} lines: {last:.2f} s more{ratio}, {memory // 1024} MiB")


if __name__ == "__main__":
    main()
