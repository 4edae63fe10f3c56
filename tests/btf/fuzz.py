"""Does the reader survive any bytes? `python tests/btf/fuzz.py [COUNT [SEED]]`, 100,000 blobs by default.

Half of the mutations know the format (words of records, header fields, references between types), half do not.
Anything but a result or `BtfError` is a failure, and so is a blob that takes longer than MAX_SECONDS.
"""

from __future__ import annotations

import random
import resource
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from seeds import EVERY_KIND, Seed, seeds

from bpflint.btf import Btf, BtfError
from bpflint.btf.c_writer import write_c
from bpflint.btf.core.resolve import Resolver
from bpflint.btf.encode import encode
from bpflint.btf.ext import CORE_KINDS, CoreRelo, read_ext
from bpflint.btf.subset import closure, in_order, select

MAX_SECONDS = 2.0
MAX_MEMORY = 600 << 20
"""Address space of the whole process in bytes; the interpreter and its libraries take some 100 MB of it."""
_WORDS = (0, 1, 2, 3, 0x7F, 0xFF, 0xFFFF, 0xFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def mutate(rng: random.Random, data: bytes) -> bytes:
    """Return a blob with one to four mutations."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = (_structured if rng.random() < 0.5 else _plain)(rng, data)
    return data


def _plain(rng: random.Random, data: bytes) -> bytes:
    blob = bytearray(data)
    if not blob:
        return b"\x9f\xeb"
    at, end = rng.randrange(len(blob)), rng.randrange(len(blob) + 1)
    match rng.randrange(6):
        case 0:
            blob[at] ^= 1 << rng.randrange(8)
        case 1:
            blob[at] = rng.randrange(256)
        case 2:
            del blob[at : max(at, end)]
        case 3:
            blob[at:at] = blob[min(at, end) : max(at, end)]
        case 4:
            blob = blob[:at]
        case 5:
            blob[at:at] = rng.randbytes(rng.randrange(1, 40))
    return bytes(blob)


def _structured(rng: random.Random, data: bytes) -> bytes:
    if len(data) < 28:
        return data
    mark = "<" if data[:1] == b"\x9f" else ">"
    length = min(struct.unpack_from(f"{mark}I", data, 12)[0], len(data) - 24)
    blob = bytearray(data)
    at = 4 * rng.randrange(1, 6) if rng.random() < 0.15 else 24 + 4 * rng.randrange(max(1, length // 4))
    at = min(at, len(blob) - 4)
    word = struct.unpack_from(f"{mark}I", blob, at)[0]
    match rng.randrange(6):
        case 0:
            word = rng.choice(_WORDS)
        case 1:
            word = rng.randrange(48)
        case 2:
            word = word & 0x80FFFFFF | rng.randrange(24) << 24
        case 3:
            word = word & 0xFF000000 | rng.choice((0, 1, 2, 9, 0xFFFF, 0xFFFFFF))
        case 4:
            word ^= 1 << 31
        case 5:
            word = (word + rng.choice((-8, -4, -1, 1, 4, 8, 1 << 20))) & 0xFFFFFFFF
    struct.pack_into(f"{mark}I", blob, at, word)
    return bytes(blob)


def exercise(seed: Seed) -> bool:
    """Use everything the package offers on a blob; tell whether every type of it was accepted."""
    try:
        btf = Btf(seed.data, Btf(seed.base) if seed.base is not None else None)
    except BtfError:
        return False
    calls = [
        btf.check,
        lambda: write_c(btf),
        lambda: write_c(btf, ["node", "module_node"]),
        lambda: btf.find("node"),
        lambda: encode(in_order(btf, closure(btf, range(1, len(btf))))),
        lambda: select(btf, [len(btf) - 1]),
        lambda: read_ext(seed.ext or b"", btf),
        btf.name_offsets,
        lambda: relocate(btf, Btf(encode(EVERY_KIND, btf.byte_order))),
        *(lambda i=i: btf.size(i) for i in range(min(len(btf), 60))),
        *(lambda i=i: btf.resolve(i) for i in range(min(len(btf), 60))),
    ]
    failed = 0
    for place, call in enumerate(calls):
        try:
            call()
        except BtfError:
            failed |= 1 << place
    return not failed & 1


def relocate(btf: Btf, other: Btf) -> None:
    """Resolve relocations of every kind between two blobs, both ways: damage is an outcome, not an error."""
    for resolver, ids in (
        (Resolver(btf, other), range(0, min(len(btf), 40), 3)),
        (Resolver(other, btf), (6, 10, 14, 34)),
    ):
        for type_id in ids:
            for access in ("0", "0:0", "0:2:0", "1:1:3"):
                for kind in range(0, len(CORE_KINDS), 1 if access == "0" else 3):
                    resolver.resolve(CoreRelo("x", 0, type_id, access, kind))


def run(count: int, number: int) -> tuple[int, float]:
    """Mutate and exercise `count` blobs; return how many were accepted whole and the longest time in seconds."""
    rng = random.Random(number)
    corpus = seeds()
    accepted, longest = 0, 0.0
    for index in range(count):
        seed = rng.choice(corpus)
        data = mutate(rng, seed.data)
        ext = mutate(rng, seed.ext) if seed.ext and rng.random() < 0.5 else seed.ext
        base = mutate(rng, seed.base) if seed.base and rng.random() < 0.1 else seed.base
        start = time.process_time()
        try:
            accepted += exercise(Seed(seed.name, data, base, ext))
        except BtfError:
            continue
        except Exception as error:
            raise AssertionError(f"blob {index} of seed {number} ({seed.name}): {error!r}") from error
        spent = time.process_time() - start
        longest = max(longest, spent)
        assert spent < MAX_SECONDS, f"blob {index} of seed {number} ({seed.name}): {spent:.1f} s"
    return accepted, longest


def main() -> None:
    """Run from the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    number = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    print(f"{count} blobs, seed {number}", flush=True)
    start = time.process_time()
    accepted, longest = run(count, number)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent = time.process_time() - start
    print(f"accepted whole {accepted}; longest {longest * 1000:.0f} ms; {spent:.0f} s; peak {peak} MB")


if __name__ == "__main__":
    main()
