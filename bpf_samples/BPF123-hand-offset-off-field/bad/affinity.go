package affinity

import (
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go affinity affinity.bpf.c

const (
	addrSize = 16
	portAt   = addrSize
	tsAt     = portAt + 4
	size     = 32
)

// Value is the user side of struct affinity.
type Value [size]byte

// Timestamp returns when the entry was made.
func (v Value) Timestamp() uint64 {
	return binary.NativeEndian.Uint64(v[tsAt : tsAt+8]) // want BPF123 "user bytes 20..28 cut across `ts`"
}

// Port returns the port.
func (v Value) Port() uint16 {
	return binary.NativeEndian.Uint16(v[portAt : portAt+2])
}

func watch(objs *ebpf.Collection) (uint64, error) {
	reader, err := ringbuf.NewReader(objs.Maps["changes"])
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil {
		return 0, err
	}
	rest := record.RawSample[16:]
	return binary.NativeEndian.Uint64(rest[4:]), nil // want BPF123 "user bytes 20..28 cut across `ts`"
}
