// github.com/cilium/ebpf/features.
package features

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
)

func HaveMapFlag(flag uint32) error
func HaveMapType(mt ebpf.MapType) error
func HaveProgramHelper(pt ebpf.ProgramType, helper asm.BuiltinFunc) error
func HaveProgramType(pt ebpf.ProgramType) error
func LinuxVersionCode() (uint32, error)
