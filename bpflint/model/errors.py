"""Which errors does bpflint raise on purpose? One family; anything else is a bug of ours (exit 3)."""


class BpflintError(Exception):
    """An error the user can act on: its text is one line that names the file and the next step."""


class ConfigError(BpflintError):
    """The configuration or the command line is wrong (exit 2)."""


class PluginError(BpflintError):
    """A plugin could not be loaded; the text names its distribution (exit 2)."""


class FrontEndError(BpflintError):
    """One file could not be read or parsed; the run goes on without it."""


class StdoutError(BpflintError):
    """What was to be printed could not be written (exit 2)."""
