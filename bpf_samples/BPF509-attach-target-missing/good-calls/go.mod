module example.org/sends

go 1.22

require github.com/cilium/ebpf v0.17.0
