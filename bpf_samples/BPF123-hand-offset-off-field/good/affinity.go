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
	tsAt     = portAt + 8
	size     = 32
)

// Value is the user side of struct affinity.
type Value [size]byte

// Timestamp returns when the entry was made.
func (v Value) Timestamp() uint64 {
	return binary.NativeEndian.Uint64(v[tsAt : tsAt+8])
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
	return binary.NativeEndian.Uint64(rest[8:]), nil
}

// octet takes a part of an array of bytes: where it begins is the reader's business.
func octet(sample []byte) uint32 {
	return binary.BigEndian.Uint32(sample[12:16])
}

func first(objs *ebpf.Collection) (uint32, error) {
	reader, err := ringbuf.NewReader(objs.Maps["changes"])
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil {
		return 0, err
	}
	return octet(record.RawSample), nil
}

type mark struct {
	pid      uint32
	at, size uint64
	op       byte
}

// The last range ends where the packed struct does: no tail follows it.
func firstMark(objs *ebpf.Collection) (found mark, err error) {
	reader, err := ringbuf.NewReader(objs.Maps["marks"])
	if err != nil {
		return found, err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil {
		return found, err
	}
	found.pid = binary.LittleEndian.Uint32(record.RawSample[0:4])
	found.at = binary.LittleEndian.Uint64(record.RawSample[4:12])
	found.op = record.RawSample[12]
	found.size = binary.LittleEndian.Uint64(record.RawSample[13:21])
	return found, nil
}
