// Package address shows which hosts talk to each other.
package address

import (
	"encoding/binary"
	"fmt"
	"net"

	"github.com/cilium/ebpf"
)

type link struct {
	Source uint32
	Target uint32
	Port   uint16
	Family uint16
}

func loopback(number uint32) bool {
	address := make(net.IP, 4)
	binary.BigEndian.PutUint32(address, number)
	return address.IsLoopback()
}

func dotted(number uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", byte(number>>24), byte(number>>16), byte(number>>8), byte(number))
}

func show(links *ebpf.Map) {
	var key link
	var count uint64
	for entries := links.Iterate(); entries.Next(&key, &count); {
		if loopback(key.Target) { // want BPF206 "`Target` of `link` is in network byte order (`target` is `__be32`), and its bytes are laid out here as those of a number in host order"
			continue
		}
		from := net.IPv4(byte(key.Source>>24), byte(key.Source>>16), byte(key.Source>>8), byte(key.Source)) // want BPF206 "`Source` of `link`"
		fmt.Println(from, dotted(key.Target), count)                                                       // want BPF206 "`Target` of `link`"
	}
}
