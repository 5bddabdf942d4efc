// SPDX-License-Identifier: GPL-3.0-or-later

// Orders serves orders on four handlers. Each order is a user task with a region for every
// stage and a few log lines. One stage is slow: all orders share one connection to the bank.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

const (
	handlers = 4
	orders   = 28
)

type order struct {
	id    int
	items int
}

// bank is the far end of the slow stage: it thinks for a while about every line.
func bank(listener net.Listener) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		time.Sleep(4 * time.Millisecond)
		fmt.Fprintln(conn, "ok", lines.Text())
	}
}

// till holds the only connection to the bank. Its lock is held until the bank has answered.
type till struct {
	mu      sync.Mutex
	conn    net.Conn
	answers *bufio.Scanner
}

func (t *till) charge(ctx context.Context, o order) {
	ctx, task := trace.NewTask(ctx, "charge")
	defer task.End()

	t.mu.Lock()
	defer t.mu.Unlock()
	defer trace.StartRegion(ctx, "ask the bank").End()
	fmt.Fprintln(t.conn, o.id)
	if t.answers.Scan() {
		trace.Log(ctx, "bank", t.answers.Text())
	}
}

// busy computes for about d, so that the example looks alike on every machine.
func busy(d time.Duration) {
	var block [4096]byte
	for end := time.Now().Add(d); time.Now().Before(end); {
		sum := sha256.Sum256(block[:])
		copy(block[:], sum[:])
	}
}

func validate(ctx context.Context, o order) {
	busy(time.Duration(200+50*(o.id%4)) * time.Microsecond)
	if o.items > 5 {
		trace.Logf(ctx, "order", "%d items: large", o.items)
	}
}

// price asks for all items at once and waits for the answers.
func price(ctx context.Context, o order) {
	var done sync.WaitGroup
	for i := 0; i < o.items; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			busy(300 * time.Microsecond)
		}()
	}
	done.Wait()
}

func pack(ctx context.Context, o order) {
	boxes := make([][]byte, o.items)
	for i := range boxes {
		boxes[i] = make([]byte, 64<<10)
		busy(150 * time.Microsecond)
	}
	trace.Logf(ctx, "order", "packed %d boxes", len(boxes))
}

func serve(o order, t *till) {
	ctx, task := trace.NewTask(context.Background(), "order")
	defer task.End()
	trace.Logf(ctx, "order", "id %d, %d items", o.id, o.items)

	trace.WithRegion(ctx, "validate", func() { validate(ctx, o) })
	trace.WithRegion(ctx, "price", func() { price(ctx, o) })
	trace.WithRegion(ctx, "charge", func() { t.charge(ctx, o) })
	trace.WithRegion(ctx, "pack", func() { pack(ctx, o) })
}

func handler(queue <-chan order, t *till, done *sync.WaitGroup) {
	defer done.Done()
	for o := range queue {
		serve(o, t)
	}
}

func main() {
	output := flag.String("o", "orders.trace", "write the trace to `file`")
	flag.Parse()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go bank(listener)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		log.Fatal(err)
	}

	file, err := os.Create(*output)
	if err != nil {
		log.Fatal(err)
	}
	runtime.GOMAXPROCS(4)
	if err := trace.Start(file); err != nil {
		log.Fatal(err)
	}

	var done sync.WaitGroup
	t := &till{conn: conn, answers: bufio.NewScanner(conn)}
	queue := make(chan order)
	for i := 0; i < handlers; i++ {
		done.Add(1)
		go handler(queue, t, &done)
	}
	for i := 0; i < orders; i++ {
		queue <- order{id: i + 1, items: 2 + i*i%7}
		time.Sleep(2 * time.Millisecond)
	}
	close(queue)
	done.Wait()

	trace.Stop()
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(orders, "orders served")
}
