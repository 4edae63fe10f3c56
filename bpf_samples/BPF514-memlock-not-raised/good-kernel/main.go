// Command tracer loads a collection and says how many maps it has.
package main

import (
	"log"
	"os"
)

func main() {
	t, err := newTracer(os.Args[1])
	if err != nil {
		log.Fatalf("%+v", err)
	}
	defer t.Close()
	log.Printf("%d bpf maps", len(t.coll.Maps))
}
