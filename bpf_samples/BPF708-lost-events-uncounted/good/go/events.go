// Package events counts what was lost.
package events

import (
	"github.com/cilium/ebpf/perf"
	"github.com/cilium/ebpf/ringbuf"
)

var lost uint64

func Loop(reader *perf.Reader, handle func([]byte)) error {
	for {
		record, err := reader.Read()
		if err != nil {
			return err
		}
		if record.LostSamples > 0 {
			lost += record.LostSamples
			continue
		}
		handle(record.RawSample)
	}
}

// A ring buffer tells nobody.
func Ring(reader *ringbuf.Reader, handle func([]byte)) error {
	for {
		record, err := reader.Read()
		if err != nil {
			return err
		}
		handle(record.RawSample)
	}
}
