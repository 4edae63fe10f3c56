// Command once is left with maps open, soon before it ends, and in one place long before.
package main

import (
	"log"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

// Its callers end the process where it fails.
func fatal(path string) (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap(path, nil) // want BPF302 "`m` from ebpf.LoadPinnedMap() stays open"
	if err != nil {
		return nil, err
	}
	if err := m.Freeze(); err != nil {
		return nil, err
	}
	return m, nil
}

// One of its callers goes on.
func returned(path string) (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap(path, nil) // want BPF302 "`m` from ebpf.LoadPinnedMap() stays open"
	if err != nil {
		return nil, err
	}
	if err := m.Freeze(); err != nil {
		return nil, err
	}
	return m, nil
}

// Main leads here once, through another function.
func deeper(options *ebpf.LoadPinOptions) (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/z", options) // want BPF302 "`m` from ebpf.LoadPinnedMap() stays open"
	if err != nil {
		return nil, err
	}
	if err := m.Freeze(); err != nil {
		return nil, err
	}
	return m, nil
}

func deep(options *ebpf.LoadPinOptions) {
	m, err := deeper(options)
	if err == nil {
		m.Close()
	}
}

func watch(paths []string) {
	for {
		for _, path := range paths {
			m, err := fatal(path)
			if err != nil {
				log.Fatal(err)
			}
			m.Close()
			if m, err = returned(path); err != nil {
				log.Print(err)
				continue
			}
			m.Close()
		}
		time.Sleep(time.Second)
	}
}

func main() {
	_ = rlimit.RemoveMemlock()
	deep(nil)
	watch([]string{"/sys/fs/bpf/x"})
}
