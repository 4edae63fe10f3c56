module example.org/once

go 1.21

require github.com/cilium/ebpf v0.17.0
