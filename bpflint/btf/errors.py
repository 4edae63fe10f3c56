"""Which error does the BTF package raise? One, whatever the blob holds."""

from bpflint.model.errors import BpflintError


class BtfError(BpflintError):
    """The bytes are no BTF we can read, or describe types that cannot exist; the text says which."""
