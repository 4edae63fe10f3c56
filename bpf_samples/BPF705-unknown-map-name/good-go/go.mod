module example.com/flows

go 1.22

require github.com/cilium/ebpf v0.12.0
