// Prints what cilium/ebpf makes of each value: its memory, encoding/binary's bytes, or an error.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"unsafe"

	"github.com/cilium/ebpf/internal/sysenc"
)

type answer struct {
	Put  string `json:"put"`
	Get  string `json:"get"`
	Size int    `json:"size"`
}

func put(value any, size int) string {
	buffer, err := sysenc.Marshal(value, size)
	if err != nil {
		return "refused"
	}
	if unsafe.Pointer(unsafe.SliceData(buffer.Bytes())) == reflect.ValueOf(value).UnsafePointer() {
		return "native"
	}
	return "packed"
}

func get(value any, size int) (found string) {
	defer func() {
		if recover() != nil {
			found = "refused"
		}
	}()
	buffer := sysenc.SyscallOutput(value, size)
	if buffer.Bytes() == nil {
		return "native"
	}
	if err := buffer.Unmarshal(value); err != nil {
		return "refused"
	}
	return "packed"
}

func main() {
	out := map[string]answer{}
	for name, value := range values {
		size := binary.Size(value)
		if size < 0 {
			size = int(reflect.TypeOf(value).Elem().Size())
		}
		out[name] = answer{put(value, size), get(value, size), size}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
