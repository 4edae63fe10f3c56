// github.com/cilium/ebpf/asm.
package asm

type (
	Instruction  opaque // a struct that holds a pointer
	Instructions []Instruction
	BuiltinFunc  uint32
	Register     uint8
	Size         uint8
)
