package main

import (
	"log"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

func attach(prog *ebpf.Program) error {
	probe, err := link.Kprobe("__x64_sys_execve", prog, nil) // want BPF511 "`sys_execve` names it for each"
	if err != nil {
		return err
	}
	return probe.Close()
}

func main() {
	if err := attach(nil); err != nil {
		log.Fatal(err)
	}
}
