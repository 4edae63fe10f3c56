"""Which languages does bpflint read? One package a language; each is found by walking this one."""
