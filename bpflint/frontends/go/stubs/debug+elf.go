// debug/elf, of the standard library: its named integers.
package elf

type (
	File     opaque // a struct that holds a pointer
	Section  opaque // a struct that holds a pointer
	Class    byte
	Data     byte
	OSABI    byte
	Type     uint16
	Machine  uint16
	NType    int
	ProgType int
	ProgFlag uint32
	SymBind  int
	SymType  int
)

func NewFile(r any) (*File, error)
func Open(name string) (*File, error)
func (*File) Close() error
func (*File) Section(name string) *Section
func (*Section) Data() ([]byte, error)
