// Command tracer raises the limit where the process starts, then loads.
package main

import (
	"log"
	"os"

	"github.com/cilium/ebpf/rlimit"
)

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		log.Fatal(err)
	}
	t, err := newTracer(os.Args[1])
	if err != nil {
		log.Fatalf("%+v", err)
	}
	defer t.Close()
	log.Printf("%d bpf maps", len(t.coll.Maps))
}
