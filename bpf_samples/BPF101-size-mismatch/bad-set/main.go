// Package probe fills a set and a table, both with too few bytes.
package probe

import (
	"unsafe"

	"github.com/aquasecurity/libbpfgo"
)

func deny(mod *libbpfgo.Module, uid uint32) error {
	denied, err := mod.GetMap("denied")
	if err != nil {
		return err
	}
	value := uint8(1)
	return denied.Update(unsafe.Pointer(&uid), unsafe.Pointer(&value)) // want BPF101 "programs only ask whether the key is there"
}

func answer(mod *libbpfgo.Module, uid uint32) error {
	answers, err := mod.GetMap("answers")
	if err != nil {
		return err
	}
	value := uint8(1)
	return answers.Update(unsafe.Pointer(&uid), unsafe.Pointer(&value)) // want BPF101 "4 bytes in BPF, 1 on the user side"
}
