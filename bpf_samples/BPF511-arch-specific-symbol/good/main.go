package main

import (
	"log"
	"runtime"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

func attach(prog *ebpf.Program) error {
	name := "__arm64_sys_execve"
	if runtime.GOARCH == "amd64" {
		name = "__x64_sys_execve"
	}
	probe, err := link.Kprobe(name, prog, nil)
	if err != nil {
		return err
	}
	return probe.Close()
}

func attachAny(prog *ebpf.Program) error {
	probe, err := link.Kprobe("sys_execve", prog, nil)
	if err != nil {
		return err
	}
	return probe.Close()
}

func main() {
	if err := attach(nil); err != nil {
		log.Fatal(err)
	}
	if err := attachAny(nil); err != nil {
		log.Fatal(err)
	}
}
