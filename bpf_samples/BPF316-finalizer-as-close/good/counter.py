"""Closed by its user; the finalizer is a net."""
from bcc import BPF


class Counter:
    def __init__(self, text):
        self.module = BPF(text=text)

    def close(self):
        self.module.cleanup()

    def __del__(self):
        self.module.cleanup()
