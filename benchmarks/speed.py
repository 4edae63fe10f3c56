"""How fast is bpflint, against the tools people know? `python benchmarks/speed.py TREE` prints P1-P12 as ratios.

TREE is an export of bcc's libbpf-tools. Every figure is the median over five interleaved pairs of whole processes, one
of ours and one of the peer's, with all default rules. A peer that is not installed is named, and its goal left out.
The programs (*.bpf.c with all headers) are copied to a folder of their own, since that is what the peers compile; what
the whole tree takes, with its user side, is printed too. `--go DIR` adds P9, `--growth` 50, 500 and 5,000 files.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bpflint import headers
from bpflint.frontends.c.retries import KFUNCS
from bpflint.kernels.pack import shipped
from bpflint.kernels.vmlinux import cached_vmlinux_h

_RUNS = 5
_STRUCTS = (
    "task_struct", "sock", "sk_buff", "file", "inode", "dentry", "path", "mm_struct", "cred", "bio", "request",
    "net_device", "tcp_sock", "socket", "page", "super_block", "pt_regs", "perf_event", "bpf_map", "bpf_prog",
)  # fmt: skip
_BTF = "/sys/kernel/btf/vmlinux"
_DUMP = ["bpftool", "btf", "dump", "file", _BTF]
_TWENTY = f"""
import time
from bpflint.btf import Btf
start = time.perf_counter()
btf = Btf(open({_BTF!r}, "rb").read())
[btf.type(n).members for ids in btf.find_all({_STRUCTS!r}, 4).values() for n in ids]
print(time.perf_counter() - start)
"""
_OURS = [sys.executable, "-m", "bpflint"]
_OLD = 10**9 * 3600
"""The copies' times are set back: a file that has just been written is never trusted by its time alone."""


def nothing() -> None:
    """What precedes a run that needs no preparation."""


@dataclass(frozen=True)
class Goal:
    """One line of the table: our command against a peer's, `most` the ratio to reach."""

    name: str
    what: str
    most: float
    ours: Sequence[str]
    peer: Sequence[str]
    before: Callable[[], None] = nothing
    folder: Path | None = None


@dataclass
class Bench:
    """The copies that are scanned and the environment of every run."""

    work: Path
    tree: Path
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.cache, self.programs, self.ten = self.work / "cache", self.work / "programs", self.work / "ten"
        self.whole = self.work / "whole"
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self.env = {**kept, "BPFLINT_CACHE_DIR": str(self.cache)}
        shutil.copytree(self.tree, self.whole)
        sources = sorted(path.name for path in self.whole.glob("*.bpf.c"))
        for target, names in ((self.programs, sources), (self.ten, sources[:10])):
            for path in (*self.whole.rglob("*.h"), *(self.whole / name for name in names)):
                place = target / path.relative_to(self.whole)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        for path in (*self.whole.rglob("*"), *self.programs.rglob("*"), *self.ten.rglob("*")):
            os.utime(path, ns=(time.time_ns() - _OLD,) * 2)
        self.header = cached_vmlinux_h(self.work / "headers").parent

    def clang(self, tool: str) -> list[str]:
        """The peer's command with the headers that we use."""
        folders = [f"-I{self.programs}", *(f"-isystem{path}" for path in headers.include_dirs("bpf"))]
        defines = [f"-D{name}" for name in (*headers.builtin_defines["bpf"], KFUNCS)]
        flags = ["-target", "bpfel", "-nostdinc", "-ffreestanding", "-w", "-std=gnu11", *folders, *defines]
        return [tool, *flags, f"-isystem{self.header}", "-fsyntax-only"]

    def scan(self, *extra: str) -> list[str]:
        """Our command: everything below the current folder, by the default rules."""
        return [*_OURS, "scan", ".", "--isolated", "--exit-zero", "--output-format", "concise", *extra]

    def forget(self) -> None:
        """Leave nothing between two runs."""
        shutil.rmtree(self.cache, ignore_errors=True)

    def forget_results(self) -> None:
        """Leave the precompiled headers only."""
        for path in self.cache.glob("results-*"):
            shutil.rmtree(path)

    def change(self) -> None:
        """Change what one program says, each time to what it never said before."""
        text = (self.whole / "opensnoop.bpf.c").read_text()
        new = text.replace("\treturn 0;\n", f"\treturn 0 * {time.time_ns() % 1_000_000};\n", 1)
        (self.programs / "opensnoop.bpf.c").write_text(new)


def seconds(command: Sequence[str], folder: Path, env: dict[str, str]) -> float:
    """Wall seconds of a whole process; its output is thrown away."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit code {done.returncode}: {' '.join(command)[:300]}")
    return time.perf_counter() - start


def race(bench: Bench, goal: Goal) -> str:
    """Run both in turn and return the line for people."""
    missing = next((name for name in goal.peer[:1] if shutil.which(name) is None), None)
    if missing is not None:
        return f"{goal.name:4} {goal.what}: {missing} is not installed, left out"
    folder = goal.folder or bench.programs
    pairs = []
    for number in range(_RUNS + 1):
        goal.before()
        ours = seconds(goal.ours, folder, bench.env)
        if number:  # the first fills what a run may have left behind
            pairs.append((ours, seconds(goal.peer, folder, bench.env)))
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    ours, peer = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    said = "holds" if ratio <= goal.most else f"missed by {ratio / goal.most:.2f}x"
    times = f"{ours * 1000:.0f} / {peer * 1000:.0f} ms"
    return f"{goal.name:4} {goal.what}: {ratio:.3f} (goal {goal.most:g}, {said}; {times})"


def goals(bench: Bench) -> list[Goal]:
    """Return what is raced, in the table's order."""
    clang, tidy = bench.clang("clang-19"), bench.clang("clang-tidy-19")
    sources = sorted(str(path) for path in bench.programs.glob("*.bpf.c"))
    ten = sorted(str(path) for path in bench.ten.glob("*.bpf.c"))
    two = ["xargs", "-a", str(_list(bench.work / "sources", sources)), "-P2", "-n1", *clang]
    one = ["xargs", "-a", str(bench.work / "sources"), "-n1", *clang]
    check = ["clang-tidy-19", "--quiet", "--checks=-*,clang-analyzer-optin.performance.Padding"]
    tidied = [*check, *ten, "--", *(item for item in tidy[1:] if item != "-fsyntax-only")]
    python = str(Path(__file__).resolve())
    clang_one = [*clang, str(bench.programs / "opensnoop.bpf.c")]
    whole = f"{len(sources)} programs"
    fresh, kept, whole_tree = bench.forget, bench.forget_results, bench.whole
    return [
        Goal("P1", f"{whole}, nothing cached, 2 processes / clang -P2", 0.20, bench.scan("-j2"), two, fresh),
        Goal("P1w", "the same with the whole tree, both sides", 0.20, bench.scan("-j2"), two, fresh, whole_tree),
        Goal("P2", f"{whole}, header on disk, 1 process / clang", 0.07, bench.scan("-j1"), one, kept),
        Goal("P3", "10 programs, header on disk / clang-tidy", 0.05, bench.scan(), tidied, kept, bench.ten),
        Goal("P4", f"{whole}, unchanged / flake8 on one file", 0.30, bench.scan(), ["flake8", "--isolated", python]),
        Goal("P5", f"{whole}, unchanged / python -c pass", 2.5, bench.scan(), [sys.executable, "-c", "pass"]),
        Goal("P5a", "one program, unchanged / python -c pass", 2.5, bench.scan(), [sys.executable, "-c", "pass"],
             folder=_one(bench)),
        Goal("P5b", "--version / python -c pass", 2.5, [*_OURS, "--version"], [sys.executable, "-c", "pass"]),
        Goal("P6", "one of them changed, header on disk / clang on it", 0.30, bench.scan(), clang_one, bench.change),
        Goal("P7w", "20 structs of vmlinux, with Python's start / bpftool btf dump", 0.20,
             [sys.executable, "-c", _TWENTY], _DUMP),
        Goal("P8", "one struct, all shipped kernels / pahole -C on one", 1.0,
             [*_OURS, "layout", "task_struct", "--kernels"], ["pahole", "-C", "task_struct", _BTF]),
    ]  # fmt: skip


def _list(path: Path, names: Sequence[str]) -> Path:
    path.write_text("".join(f"{name}\n" for name in names))
    return path


def _one(bench: Bench) -> Path:
    folder = bench.work / "one"
    folder.mkdir(exist_ok=True)
    for name in ("opensnoop.bpf.c", *(path.name for path in bench.programs.glob("*.h"))):
        if (bench.programs / name).is_file():
            shutil.copy2(bench.programs / name, folder / name)
    os.utime(folder, ns=(time.time_ns() - _OLD,) * 2)
    return folder


def structs(bench: Bench) -> str:
    """P7: what reading types takes in a process that is there, each time a new one, against a whole bpftool."""
    if shutil.which(_DUMP[0]) is None:
        return "P7   bpftool is not installed, left out"
    pairs = []
    for _ in range(_RUNS):
        command = [sys.executable, "-c", _TWENTY]
        done = subprocess.run(command, env=bench.env, capture_output=True, text=True, check=True)
        pairs.append((float(done.stdout), seconds(_DUMP, bench.work, bench.env)))
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    ours, peer = (statistics.median(pair[side] for pair in pairs) * 1000 for side in (0, 1))
    return f"P7   20 structs of vmlinux / bpftool btf dump: {ratio:.3f} (goal 0.2; {ours:.0f} / {peer:.0f} ms)"


def parsed(bench: Bench) -> str:
    """P10: programs that parse without an error."""
    done = subprocess.run(bench.scan("-v"), cwd=bench.programs, env=bench.env, capture_output=True, text=True)
    total = len(list(bench.programs.glob("*.bpf.c")))
    whole = ("too many paths", "no name is missing")  # what stops the analysis of a body, and not the parse
    told = [line for line in done.stdout.splitlines() if "[BPF002]" in line and not any(item in line for item in whole)]
    bad = {line.partition(":")[0] for line in told}
    return f"P10  programs that parse without an error: {(total - len(bad)) / total:.1%} of {total} (goal 97 %)"


def carried() -> str:
    """P11: what the wheel, whose files are deflated, carries of kernels."""
    files = [path for path in (headers.ROOT.parent / "data").iterdir() if path.is_file()]
    size = sum(len(zlib.compress(path.read_bytes())) for path in files)
    kernels = shipped().kernels
    architectures = len({item.arch for item in kernels})
    held = f"{len(kernels)} kernels, {architectures} architectures"
    return f"P11  shipped kernel data: {size / 1e6:.2f} MB, {held} (goal 2 MB)"


def peak(bench: Bench, folder: Path, name: str) -> str:
    """P12: the largest process of a scan from nothing."""
    megabytes, took = _measured(bench, folder)
    return f"P12  peak of one process, {name}: {megabytes:.0f} MB in {took:.1f} s (goal 200 MB)"


def _measured(bench: Bench, folder: Path) -> tuple[float, float]:
    """(MB of the largest process, seconds): asked from a process of its own, whose only child it is."""
    bench.forget()
    code = (
        "import resource,subprocess,sys,time;t=time.time();"
        "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, time.time()-t)"
    )
    command = [sys.executable, "-c", code, *bench.scan("-j2")]
    done = subprocess.run(command, cwd=folder, env=bench.env, capture_output=True, text=True, check=True)
    kilobytes, took = done.stdout.split()
    return int(kilobytes) * resource.getpagesize() / 4096 / 1024, float(took)


def growth(bench: Bench, counts: Sequence[int]) -> Iterator[str]:
    """Time and memory for numbers of programs made from the real ones."""
    sources = sorted(bench.programs.glob("*.bpf.c"))
    for count in counts:
        folder = bench.work / f"grown-{count}"
        for number in range(count):
            source = sources[number % len(sources)]
            place = folder / f"part{number // len(sources):03}"
            if not place.is_dir():
                shutil.copytree(bench.programs, place, ignore=shutil.ignore_patterns("*.bpf.c"))
            shutil.copyfile(source, place / source.name)
        megabytes, took = _measured(bench, folder)
        shutil.rmtree(folder)
        yield f"P12  {count} programs: {took:.1f} s, {took / count * 1000:.0f} ms each, {megabytes:.0f} MB"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--only", default="", help="names of goals, separated by commas")
    parser.add_argument("--go", type=Path, help="a tree with Go for P9")
    parser.add_argument("--growth", nargs="*", type=int, metavar="COUNT", help="also 50, 500 and 5,000 programs")
    args = parser.parse_args()
    wanted = set(args.only.split(",")) if args.only else set()
    with tempfile.TemporaryDirectory(prefix="bpflint-speed-") as work:
        bench = Bench(Path(work), args.tree)
        for goal in goals(bench):
            if not wanted or goal.name in wanted:
                print(race(bench, goal), flush=True)
        if not wanted or "P7" in wanted:
            print(structs(bench), flush=True)
        if args.go is not None:
            script = Path(__file__).with_name("go_frontend.py")
            command = [sys.executable, str(script), str(args.go)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            print(f"P9   Go front end: {done.stdout.strip()} (goal 5)")
        if not wanted or "P10" in wanted:
            print(parsed(bench))
        if not wanted or "P11" in wanted:
            print(carried())
        if not wanted or "P12" in wanted:
            print(peak(bench, bench.programs, "programs"))
            print(peak(bench, bench.whole, "the whole tree"), flush=True)
        for line in growth(bench, args.growth or (50, 500, 5000)) if args.growth is not None else ():
            print(line, flush=True)


if __name__ == "__main__":
    main()
