"""Which rules ship with bpflint? One module a rule, found by walking this package; nothing lists them."""
