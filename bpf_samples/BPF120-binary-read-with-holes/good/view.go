package agent

import (
	"errors"
	"unsafe"
)

var errShort = errors.New("event is too short")

// nativeEvent has the holes of the C struct, and the cast keeps them.
type nativeEvent struct {
	Type   uint32
	Argnum uint8
	Retval int64
	Comm   [16]byte
}

func (a *agent) view() (nativeEvent, error) {
	record, err := a.reader.Read()
	if err != nil {
		return nativeEvent{}, err
	}
	if len(record.RawSample) < int(unsafe.Sizeof(nativeEvent{})) {
		return nativeEvent{}, errShort
	}
	return *(*nativeEvent)(unsafe.Pointer(&record.RawSample[0])), nil
}
