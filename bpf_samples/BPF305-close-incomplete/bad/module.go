package tracer

import (
	"fmt"

	"github.com/iovisor/gobpf/bcc"
	"github.com/iovisor/gobpf/elf"
)

// Flows reads the events of an object that gobpf loaded.
type Flows struct {
	module *elf.Module
	v4     *elf.PerfMap
	stop   chan struct{}
}

func NewFlows(path string, events chan []byte, lost chan uint64) (*Flows, error) {
	module := elf.NewModule(path)
	if err := module.Load(nil); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	v4, err := elf.InitPerfMap(module, "flows", events, lost)
	if err != nil {
		module.Close()
		return nil, fmt.Errorf("perf map: %w", err)
	}
	v4.PollStart()
	return &Flows{module: module, v4: v4, stop: make(chan struct{})}, nil
}

func (f *Flows) Stop() { // want BPF305 "leaves `module` open"
	close(f.stop)
	f.v4.PollStop()
}

// Probe is compiled by bcc.
type Probe struct {
	module *bcc.Module
	done   chan struct{}
}

func (p *Probe) Start(text string) error {
	p.module = bcc.NewModule(text, nil)
	if p.module == nil {
		return fmt.Errorf("compile")
	}
	return nil
}

func (p *Probe) Close() { // want BPF305 "leaves `module` open"
	close(p.done)
}
