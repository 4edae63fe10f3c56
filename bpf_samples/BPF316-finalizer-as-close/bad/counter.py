"""Leaves it to the collector."""
from bcc import BPF


class Counter:
    def __init__(self, text):
        self.module = BPF(text=text)

    def __del__(self):  # want BPF316 "only a finalizer closes what `Counter` holds"
        self.module.cleanup()
