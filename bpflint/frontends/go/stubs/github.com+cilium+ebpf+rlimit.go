// github.com/cilium/ebpf/rlimit.
package rlimit

func RemoveMemlock() error
