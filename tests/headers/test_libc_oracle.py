"""Do the embedded C library headers give types the size and members the offsets that the system's give?"""

# ruff: noqa: E501 (word lists and C text)
from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import clang.cindex as ci
import pytest

from bpflint import headers

CLANG = next((path for name in ("clang-19", "clang") if (path := shutil.which(name))), None)
TARGET = "x86_64-linux-gnu"
INCLUDES = (
    "sys/types.h", "sys/stat.h", "sys/socket.h", "sys/un.h", "sys/time.h", "sys/resource.h", "sys/utsname.h", "sys/uio.h",
    "sys/epoll.h", "sys/sysinfo.h", "sys/statfs.h", "netinet/in.h", "arpa/inet.h", "netinet/ip.h", "netinet/tcp.h",
    "netinet/udp.h", "net/if.h", "netdb.h", "ifaddrs.h", "time.h", "signal.h", "pthread.h", "poll.h", "sched.h", "stdint.h",
    "stddef.h", "dirent.h", "pwd.h", "getopt.h", "setjmp.h", "stdlib.h", "sys/signalfd.h", "net/ethernet.h", "netinet/ip6.h",
)  # fmt: skip
SCALARS = (
    "time_t", "suseconds_t", "clock_t", "clockid_t", "timer_t", "dev_t", "ino_t", "off_t", "loff_t", "off64_t", "ino64_t",
    "mode_t", "nlink_t", "blksize_t", "blkcnt_t", "fsblkcnt_t", "fsfilcnt_t", "uid_t", "gid_t", "pid_t", "id_t", "key_t",
    "size_t", "ssize_t", "ptrdiff_t", "wchar_t", "intptr_t", "uintptr_t", "intmax_t", "int_fast8_t", "int_fast16_t",
    "int_fast32_t", "socklen_t", "sa_family_t", "in_addr_t", "in_port_t", "useconds_t", "fsid_t", "sigset_t", "siginfo_t",
    "sig_atomic_t", "cpu_set_t", "pthread_t", "pthread_attr_t", "pthread_mutex_t", "pthread_mutexattr_t",
    "pthread_cond_t", "pthread_condattr_t", "pthread_rwlock_t", "pthread_spinlock_t", "pthread_key_t", "pthread_once_t",
    "nfds_t", "rlim_t", "epoll_data_t", "div_t", "max_align_t", "u_int8_t", "u_int64_t", "caddr_t",
)  # fmt: skip
RECORDS = (
    "stat", "timespec", "timeval", "itimerspec", "itimerval", "timezone", "tm", "sockaddr", "sockaddr_in", "sockaddr_in6",
    "sockaddr_un", "sockaddr_storage", "in_addr", "in6_addr", "ip_mreq", "msghdr", "cmsghdr", "iovec", "linger", "ucred",
    "sigaction", "pollfd", "epoll_event", "rlimit", "rusage", "utsname", "sysinfo", "statfs", "addrinfo", "ifaddrs", "ifreq",
    "ifconf", "sched_param", "dirent", "passwd", "option", "signalfd_siginfo", "ether_header", "iphdr", "tcphdr", "udphdr",
    "ip6_hdr",
)  # fmt: skip
# Members that the system reaches through macros of the same or another name.
MACROS = ("in6_u", "sa_handler", "sa_sigaction")

pytestmark = [
    pytest.mark.skipif(CLANG is None, reason="no clang to compile the system's headers with"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the system's headers are another machine's"),
    pytest.mark.skipif(not Path("/usr/include/pthread.h").exists(), reason="no C library headers in /usr/include"),
]


def ours() -> dict[str, ci.Type]:
    """Types by the name to write in C; what we do not declare is left out."""
    text = "".join(f"#include <{name}>\n" for name in INCLUDES if (headers.ROOT / "libc" / name).exists())
    args = ["-target", TARGET, "-nostdinc", "-ffreestanding", "-std=gnu11", "-D_GNU_SOURCE", "-Wno-everything"]
    args += [item for folder in headers.include_dirs("user") for item in ("-isystem", str(folder))]
    unit = ci.Index.create().parse("/virtual/t.c", args=args, unsaved_files=[("/virtual/t.c", text)])
    assert [item.spelling for item in unit.diagnostics if item.severity >= 3] == []
    found: dict[str, ci.Type] = {}
    for cursor in unit.cursor.get_children():
        if cursor.kind is ci.CursorKind.TYPEDEF_DECL and cursor.spelling in SCALARS:
            found[cursor.spelling] = cursor.type
        if cursor.kind is ci.CursorKind.STRUCT_DECL and cursor.is_definition() and cursor.spelling in RECORDS:
            found[f"struct {cursor.spelling}"] = cursor.type
    return found


def assertions(types: dict[str, ci.Type]) -> list[str]:
    lines = []
    for name, type_ in types.items():
        lines.append(f'_Static_assert(sizeof({name}) == {type_.get_size()}, "sizeof {name}, ours {type_.get_size()}");')
        lines.append(
            f'_Static_assert(_Alignof({name}) == {type_.get_align()}, "align {name}, ours {type_.get_align()}");'
        )
        if not name.startswith("struct"):
            continue
        for field in type_.get_fields():
            if (
                field.is_bitfield()
                or not field.spelling.isidentifier()
                or field.spelling.startswith("_")
                or field.spelling in MACROS
            ):
                continue
            offset = type_.get_offset(field.spelling) // 8
            lines.append(
                f'_Static_assert(__builtin_offsetof({name}, {field.spelling}) == {offset}, "{name}.{field.spelling}, ours {offset}");'
            )
    return lines


def differences() -> list[str]:
    """One line for each size or offset that the system's headers contradict, and each name they lack."""
    text = "".join(f"#include <{name}>\n" for name in INCLUDES) + "\n".join(assertions(ours())) + "\n"
    command = [
        str(CLANG),
        "-target",
        TARGET,
        "-fsyntax-only",
        "-ferror-limit=0",
        "-std=gnu11",
        "-D_GNU_SOURCE",
        "-x",
        "c",
        "-",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return [line.split("error: ", 1)[1] for line in done.stderr.splitlines() if "error: " in line]


def test_sizes_and_offsets_are_the_systems() -> None:
    assert differences() == []


def test_the_common_types_are_there() -> None:
    missing = {*SCALARS, *(f"struct {name}" for name in RECORDS)} - ours().keys()
    assert missing == set()
