package flows

import (
	"fmt"

	"github.com/cilium/ebpf"
)

type owner struct {
	Pid uint32
	ID  uint32
}

func show(coll *ebpf.Collection) {
	var key owner
	var sent uint64
	for entries := coll.Maps["traffic"].Iterate(); entries.Next(&key, &sent); {
		fmt.Println(key.Pid, sent)
	}
}
