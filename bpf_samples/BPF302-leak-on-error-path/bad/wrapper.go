package tracer

import (
	"fmt"
	"unsafe"

	"example.com/agent/sys"
	"golang.org/x/sys/unix"
)

type attr struct {
	fd    uint32
	pad   uint32
	key   uint64
	value uint64
	flags uint64
}

// What the package's own call gives is a descriptor: this function closes it, where nothing goes wrong.
func update(id int, key, value unsafe.Pointer) error {
	fd, err := sys.MapByID(id) // want BPF302 "`fd` from sys.MapByID() stays open on the path that leaves at line 28; other paths call unix.Close()"
	if err != nil {
		return fmt.Errorf("map %d: %w", id, err)
	}
	given := attr{fd: uint32(fd), key: uint64(uintptr(key)), value: uint64(uintptr(value))}
	_, _, errno := unix.Syscall(unix.SYS_BPF, 2, uintptr(unsafe.Pointer(&given)), unsafe.Sizeof(given))
	if errno != 0 {
		return fmt.Errorf("update map %d: %w", id, errno)
	}
	unix.Close(fd)
	return nil
}
