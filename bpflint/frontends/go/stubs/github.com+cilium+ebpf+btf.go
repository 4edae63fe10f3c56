// github.com/cilium/ebpf/btf.
package btf

import "io"

type (
	Type   opaque // an interface
	Spec   opaque // a struct that holds a pointer
	Handle opaque // a struct that holds a pointer
	Bits   uint32
	TypeID uint32
	ID     uint32
)

type Int struct {
	Name string
	Size uint32
}

type Member struct {
	Name                 string
	Type                 Type
	Offset, BitfieldSize Bits
}

type Struct struct {
	Name    string
	Size    uint32
	Members []Member
}

type Var struct {
	Name string
	Type Type
}

func LoadKernelSpec() (*Spec, error)
func LoadSpec(file string) (*Spec, error)
func LoadSpecFromReader(rd io.ReaderAt) (*Spec, error)
func Sizeof(typ Type) (int, error)
func (*Spec) AnyTypeByName(name string) (Type, error)
func (*Spec) TypeByName(name string, typ any) error
