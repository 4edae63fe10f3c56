package agent

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf/perf"
)

// rawFork has no tail: the sample goes on behind what is read, and nobody minds.
type rawFork struct {
	At    uint64
	Flags uint64
	Stack uint64
	Child uint32
}

type source struct {
	reader *perf.Reader
	handle func([]byte) (any, error)
}

func newSource(reader *perf.Reader) source {
	return source{reader, onFork}
}

func (s source) next() (any, error) {
	record, err := s.reader.Read()
	if err != nil || record.LostSamples != 0 {
		return nil, err
	}
	return s.handle(record.RawSample)
}

func onFork(data []byte) (any, error) {
	var raw rawFork
	err := binary.Read(bytes.NewBuffer(data), binary.NativeEndian, &raw)
	return raw, err
}
