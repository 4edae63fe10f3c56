"""Are answers told from what else a console says? Cut, mixed, damaged and flooded streams."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bpflint.check.agent import frame
from bpflint.check.frames import Frames

ANSWERS = st.lists(
    st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=40) | st.booleans(), max_size=4), max_size=6
)


@given(ANSWERS, st.binary(max_size=200), st.integers(1, 64))
def test_frames_survive_any_cut_and_noise_between_them(answers: list[dict[str, Any]], noise: bytes, step: int) -> None:
    noise = noise.replace(b"@BL", b"")
    stream = b"".join(noise + frame(answer) for answer in answers) + noise
    frames, found = Frames(), []
    for at in range(0, len(stream), step):
        found += frames.feed(stream[at : at + step])
    assert found == answers


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_frame_is_none(at: int, byte: int) -> None:
    good = frame({"id": 1, "errno": "EACCES", "log": "x" * 50})
    at = 1 + at % (len(good) - 2)
    bad = good[:at] + bytes([byte]) + good[at + 1 :]
    found = Frames().feed(bad + b"\n")
    assert found == ([{"id": 1, "errno": "EACCES", "log": "x" * 50}] if bad == good else [])


@given(st.binary(max_size=4096))
def test_garbage_gives_nothing_and_does_no_harm(data: bytes) -> None:
    assert all(isinstance(item, dict) for item in Frames().feed(data))


def test_a_carriage_return_of_the_console_does_not_matter() -> None:
    assert Frames().feed(frame({"end": 3}).replace(b"\n", b"\r\n")) == [{"end": 3}]


def test_a_flood_is_seen_and_kept_small() -> None:
    frames = Frames()
    for _ in range(70):
        frames.feed(b"x" * (1 << 20))
    assert frames.flooded
    frames.feed(b"\n" + b"\n".join(b"line %d" % number for number in range(100)) + b"\n")
    assert frames.console[-1] == "line 99"
    assert len(frames.console) <= 20


def test_what_is_no_object_or_nested_too_deep_is_no_answer() -> None:
    import base64
    import zlib

    for text in (b"[1, 2]", b"3", b"[" * 100_000):
        body = base64.b64encode(text)
        assert Frames().feed(b"@BL %08x %d %s\n" % (zlib.crc32(body), len(body), body)) == []
