// net, of the standard library.
package net

import "net/netip"

type (
	IP           []byte
	IPMask       []byte
	HardwareAddr []byte
	Flags        uint
	Addr         opaque // an interface
	Conn         opaque // an interface
	Listener     opaque // an interface
)

type IPNet struct {
	IP   IP
	Mask IPMask
}

type Interface struct {
	Index, MTU   int
	Name         string
	HardwareAddr HardwareAddr
	Flags        Flags
}

const (
	IPv4len = 4
	IPv6len = 16
)

func CIDRMask(ones, bits int) IPMask
func InterfaceByIndex(index int) (*Interface, error)
func InterfaceByName(name string) (*Interface, error)
func Interfaces() ([]Interface, error)
func IPv4(a, b, c, d byte) IP
func IPv4Mask(a, b, c, d byte) IPMask
func LookupHost(host string) ([]string, error)
func LookupIP(host string) ([]IP, error)
func ParseCIDR(s string) (IP, *IPNet, error)
func ParseIP(s string) IP
func ParseMAC(s string) (HardwareAddr, error)
func (HardwareAddr) String() string
func (IP) DefaultMask() IPMask
func (IP) Equal(x IP) bool
func (IP) IsLoopback() bool
func (IP) Mask(mask IPMask) IP
func (IP) String() string
func (IP) To16() IP
func (IP) To4() IP
func (IPMask) Size() (ones, bits int)
func (*IPNet) Contains(ip IP) bool
func (*IPNet) String() string
func (*Interface) Addrs() ([]Addr, error)
