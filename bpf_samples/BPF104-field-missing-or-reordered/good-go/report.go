package probe

import (
	"encoding/json"

	"github.com/cilium/ebpf"
)

// What the service answers over HTTP: named like the map's value, and no copy of its bytes.
type verdictStats struct {
	ConnectChecked uint64 `json:"connectChecked"`
	ConnectBlocked uint64 `json:"connectBlocked"`
	Checked        uint64 `json:"checked"`
	Blocked        uint64 `json:"blocked"`
}

func total(stats *ebpf.Map) ([]byte, error) {
	type perCPU struct {
		Checked uint64
		Blocked uint64
	}
	var values []perCPU
	if err := stats.Lookup(uint32(0), &values); err != nil {
		return nil, err
	}
	var sum verdictStats
	for _, item := range values {
		sum.ConnectChecked += item.Checked
		sum.ConnectBlocked += item.Blocked
	}
	sum.Checked, sum.Blocked = sum.ConnectChecked, sum.ConnectBlocked
	return json.Marshal(sum)
}
