// Package events reads samples and nothing else.
package events

import "github.com/cilium/ebpf/perf"

func Loop(reader *perf.Reader, handle func([]byte)) error {
	for {
		record, err := reader.Read() // want BPF708 "nothing in this package looks at `LostSamples`"
		if err != nil {
			return err
		}
		handle(record.RawSample)
	}
}
