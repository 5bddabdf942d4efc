// SPDX-License-Identifier: GPL-3.0-or-later

// Pipeline reads blocks, splits each into jobs, and hashes the jobs on four workers. It is
// slower than its workers are: they spend most of their life waiting for the next block.
// Two smaller mistakes are in it as well. README.md beside it says what to look for.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/trace"
	"sort"
	"sync"
	"time"
)

const (
	workers      = 4
	blocks       = 12
	jobsPerBlock = 6
	jobSize      = 96 << 10
)

type job struct {
	block, number int
	data          []byte
}

// totals gathers the sums of all workers. Everybody sorts under the lock.
type totals struct {
	mu   sync.Mutex
	sums [][sha256.Size]byte
}

func (t *totals) add(sum [sha256.Size]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sums = append(t.sums, sum)
	sort.Slice(t.sums, func(i, j int) bool { return string(t.sums[i][:]) < string(t.sums[j][:]) })
	busy(500 * time.Microsecond)
}

// busy computes for about d, so that the example looks alike on every machine.
func busy(d time.Duration) {
	var block [4096]byte
	for end := time.Now().Add(d); time.Now().Before(end); {
		sum := sha256.Sum256(block[:])
		copy(block[:], sum[:])
	}
}

// produce is the slow end: it decodes one block after the other, alone.
func produce(jobs chan<- job) {
	defer close(jobs)
	for b := 0; b < blocks; b++ {
		data := decode(b)
		if !verified(data) {
			log.Printf("block %d: not verified in time", b)
		}
		for n := 0; n < jobsPerBlock; n++ {
			jobs <- job{b, n, data[n*jobSize : (n+1)*jobSize]}
		}
	}
}

func decode(b int) []byte {
	data := make([]byte, jobsPerBlock*jobSize)
	for i := range data {
		data[i] = byte(i * (b + 3))
	}
	busy(11 * time.Millisecond)
	return data
}

// verified asks for a second opinion but does not wait long for it. When the answer comes
// too late nobody receives it, and verify waits forever: a leak.
func verified(data []byte) bool {
	answer := make(chan bool)
	go verify(data, answer)
	select {
	case ok := <-answer:
		return ok
	case <-time.After(2 * time.Millisecond):
		return false
	}
}

func verify(data []byte, answer chan<- bool) {
	cost := time.Millisecond
	if data[1]%4 == 3 {
		cost = 4 * time.Millisecond
	}
	busy(cost)
	answer <- true
}

func worker(jobs <-chan job, all *totals, done *sync.WaitGroup) {
	defer done.Done()
	for j := range jobs {
		all.add(hash(j))
	}
}

func hash(j job) [sha256.Size]byte {
	sum := sha256.Sum256(j.data)
	busy(time.Duration(3+(j.number+j.block)%3) * 600 * time.Microsecond)
	return sum
}

func main() {
	output := flag.String("o", "pipeline.trace", "write the trace to `file`")
	flag.Parse()

	file, err := os.Create(*output)
	if err != nil {
		log.Fatal(err)
	}
	runtime.GOMAXPROCS(4)
	if err := trace.Start(file); err != nil {
		log.Fatal(err)
	}

	var all totals
	var done sync.WaitGroup
	jobs := make(chan job)
	for i := 0; i < workers; i++ {
		done.Add(1)
		go worker(jobs, &all, &done)
	}
	go produce(jobs)
	done.Wait()

	trace.Stop()
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(all.sums), "jobs hashed")
}
