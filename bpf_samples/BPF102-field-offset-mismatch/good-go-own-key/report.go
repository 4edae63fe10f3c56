package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A row of a report that another program has written: three numbers and a count.
type parentKey struct {
	tid uint32
	ns  uint32
	pid uint32
}

func counts(report io.Reader) (map[parentKey]int, error) {
	found := make(map[parentKey]int)
	lines := bufio.NewScanner(report)
	for lines.Scan() {
		var key parentKey
		var count int
		if _, err := fmt.Sscanf(lines.Text(), "%d %d %d %d", &key.tid, &key.ns, &key.pid, &count); err != nil {
			return nil, err
		}
		found[key] += count
	}
	return found, lines.Err()
}

// pushed goes to a server of profiles.
type pushed struct {
	RawSample []byte
}

func push(found map[parentKey]int) pushed {
	total := 0
	for _, count := range found {
		total += count
	}
	return pushed{RawSample: binary.BigEndian.AppendUint64(nil, uint64(total))}
}
