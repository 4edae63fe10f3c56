// net/netip, of the standard library.
package netip

type (
	Addr     opaque // a struct that holds a pointer
	AddrPort opaque // a struct that holds a pointer
	Prefix   opaque // a struct that holds a pointer
)

func AddrFrom16(addr [16]byte) Addr
func AddrFrom4(addr [4]byte) Addr
func AddrFromSlice(slice []byte) (Addr, bool)
func AddrPortFrom(ip Addr, port uint16) AddrPort
func MustParseAddr(s string) Addr
func MustParsePrefix(s string) Prefix
func ParseAddr(s string) (Addr, error)
func ParsePrefix(s string) (Prefix, error)
func PrefixFrom(ip Addr, bits int) Prefix
func (Addr) As16() [16]byte
func (Addr) As4() [4]byte
func (Addr) AsSlice() []byte
func (Addr) BitLen() int
func (Addr) Compare(ip2 Addr) int
func (Addr) Is4() bool
func (Addr) Is4In6() bool
func (Addr) Is6() bool
func (Addr) IsValid() bool
func (Addr) MarshalBinary() ([]byte, error)
func (*Addr) UnmarshalBinary(b []byte) error
func (Addr) String() string
func (Addr) Unmap() Addr
func (AddrPort) Addr() Addr
func (AddrPort) MarshalBinary() ([]byte, error)
func (*AddrPort) UnmarshalBinary(b []byte) error
func (AddrPort) Port() uint16
func (Prefix) Addr() Addr
func (Prefix) Bits() int
func (Prefix) MarshalBinary() ([]byte, error)
func (*Prefix) UnmarshalBinary(b []byte) error
func (Prefix) Masked() Prefix
