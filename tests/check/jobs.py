"""Which batch tries every mechanism that needs no object? With what any kernel must answer."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.check.jobs import Batch, Facts, Job

LAYOUT = Job("layout", {"value_size": 24, "user_size": 15,
                        "fields": [[0, 4, 0, 4], [8, 8, 4, 8], [16, 8, 12, 3]]})  # fmt: skip
RACE = Job("race", {"width": 8, "offset": 8, "value_size": 24, "milliseconds": 200, "tries": 8}, 40.0)
ORDER = Job("order", {"width": 4, "number": 0x01020304})
CREATE = Job("create", {"map": [2, 8, 8, 4, 0], "control": [2, 4, 8, 4, 0]})
OPERATE = Job("operate", {"map": [2, 4, 8, 4, 0], "operations": [["update", 1], ["delete", 0], ["update", 0]]})
BUFFER = Job("buffer", {"map": 6, "value_size": 12, "user_size": 12})
ROOMY = Job("buffer", {"map": 6, "value_size": 12, "user_size": 16, "each_cpu": True})
FUZZ = Job("fuzz", {"map": [1, 6, 12, 16, 0], "seed": 7, "count": 2000, "milliseconds": 5000})
BATCH = Batch((LAYOUT, RACE, ORDER, CREATE, OPERATE, BUFFER, ROOMY, FUZZ))


def expect(answers: Sequence[Facts], *, big_endian: bool = False) -> None:
    """Check what every kernel must say."""
    layout, race, order, create, operate, buffer, roomy, fuzz = answers
    assert layout["kernel"] == [[0, 1, 2, 3], list(range(8, 16)), list(range(16, 24))]
    assert layout["user"] == [[0, 1, 2, 3], list(range(4, 12)), [12, 13, 14]]
    assert (layout["overrun"], layout["overread"], layout["unset"]) == (9, 9, 0)
    assert race.get("why") == "one-cpu" or race["control"][0] == race["control"][1]
    assert (order["host_order"], order["network_order"]) == (big_endian, True)
    assert (create["errno"], create["control"]) == ("EINVAL", "")
    assert operate["errors"] == ["EEXIST", "EINVAL", ""]
    assert buffer["copied"] == 16 * buffer["cpus"]
    assert buffer["overrun"] == buffer["copied"] - 12
    assert roomy["overrun"] == 0
    assert fuzz["failure"] == ""
    assert fuzz["made"] > 0
