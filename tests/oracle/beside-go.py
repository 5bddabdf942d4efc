#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gander, `go tool trace` and Go's own bare reader on the same traces, side by side.

Usage: beside-go.py [--runs N] [--only gander,tool,reader] [--json FILE] GANDER-CLI TRACE...

In one run and in turns, so that all meet the same machine: gander-cli from the trace alone, the
same with its index there, `go tool trace` until it listens, and a program that does nothing but
read all events with golang.org/x/exp/trace. Of each the median: of 5 runs, of 3 from 100 MB up.
Wall and processor time in seconds, peak memory in MiB. What needs Go is left out without it, the
bare reader also when the module is not to be had.

`go tool trace` takes gigabytes: about a hundred times the trace.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

LARGE = 100_000_000
MODULE = 'golang.org/x/exp'
# Its reader knows Go 1.26.
VERSION = 'v0.0.0-20261014143641-f0251eb4aa3e'
READER = r'''
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"golang.org/x/exp/trace"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	reader, err := trace.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		panic(err)
	}
	n := 0
	for {
		_, err := reader.ReadEvent()
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(err)
		}
		n++
	}
	fmt.Println(n)
}
'''


def run(command, env=None):
    """Wall and processor seconds and peak MiB of a command that ends by itself; None: it failed."""
    start = time.monotonic()
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        print(f'{command[0]}: failed with {child.returncode}', file=sys.stderr)
        return None
    return (time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def children_of(pid):
    """The process and all that it started, while they run."""
    yield pid
    for task in pathlib.Path(f'/proc/{pid}/task').iterdir():
        for child in (task / 'children').read_text().split():
            yield from children_of(int(child))


def peak_of(pid):
    """The most memory a process ever held, in MiB."""
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'VmHWM:\s+(\d+)', status).group(1)) / 1024


def cpu_of(pid):
    """Processor seconds of a process so far."""
    words = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')


def run_tool(trace):
    """The same of go tool trace until it can serve a page."""
    start = time.monotonic()
    child = subprocess.Popen(['go', 'tool', 'trace', '-http=127.0.0.1:0', trace], text=True,
                             env=os.environ | {'BROWSER': 'true'}, stderr=subprocess.PIPE)
    ready = any('listening' in line for line in child.stderr)
    seconds = time.monotonic() - start
    family = list(children_of(child.pid)) if ready else []
    answer = (seconds, sum(map(cpu_of, family)), max(map(peak_of, family), default=0))
    for pid in reversed(family):
        os.kill(pid, 15)
    child.stderr.close()
    child.wait()
    if not ready:
        print('go tool trace did not come up', file=sys.stderr)
        return None
    return answer


def build_reader(folder):
    """The path of the bare reader, or None when it cannot be built."""
    folder = pathlib.Path(folder)
    (folder / 'main.go').write_text(READER)
    program = folder / 'bare-reader'
    for words in (['mod', 'init', 'bare'], ['get', f'{MODULE}/trace@{VERSION}'],
                  ['build', '-o', program]):
        done = subprocess.run(['go', *words], cwd=folder, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            print(f'no bare reader: go {words[0]}: {done.stderr.strip()}', file=sys.stderr)
            return None
    return program


def programs(options, folder):
    """Name and function of all that is measured; each function gets the trace."""
    def cold(trace):
        with tempfile.TemporaryDirectory(dir=folder) as home:
            return run([options.cli, 'summary', '--quiet', trace], os.environ | {'XDG_CACHE_HOME': home})

    def warm(trace):
        env = os.environ | {'XDG_CACHE_HOME': folder}
        return run([options.cli, 'summary', '--quiet', trace], env)

    wanted = options.only.split(',')
    if 'gander' in wanted:
        yield 'gander-cli, from the trace', cold
        yield 'gander-cli, index there', warm
    if shutil.which('go') is None:
        print('no Go here: only Gander is measured', file=sys.stderr)
        return
    if 'reader' in wanted:
        reader = build_reader(folder)
        if reader is not None:
            yield "Go's bare reader", lambda trace: run([reader, trace])
    if 'tool' in wanted:
        yield 'go tool trace, until it listens', run_tool


def measure(options, trace, measured):
    """Medians of everything on one trace."""
    size = os.path.getsize(trace)
    runs = options.runs or (3 if size >= LARGE else 5)
    found = {name: [] for name, _ in measured}
    for _ in range(runs):
        for name, function in measured:
            found[name].append(function(trace))
    rows = []
    for name, values in found.items():
        good = [value for value in values if value is not None]
        if good:
            wall, cpu, peak = (statistics.median(column) for column in zip(*good))
            rows.append({'name': name, 'runs': len(good), 'wall_s': round(wall, 3),
                         'cpu_s': round(cpu, 3), 'peak_mib': round(peak, 1)})
    return {'trace': os.path.basename(trace), 'bytes': size, 'rows': rows}


def show(answer):
    print(f'\n{answer["trace"]}, {answer["bytes"] / 1e6:.1f} MB')
    print(f'{"":34}{"wall s":>10}{"CPU s":>10}{"peak MiB":>11}{"x wall":>9}')
    first = answer['rows'][0]['wall_s'] if answer['rows'] else 0
    for row in answer['rows']:
        print(f'{row["name"]:34}{row["wall_s"]:10.3f}{row["cpu_s"]:10.3f}{row["peak_mib"]:11.1f}'
              f'{row["wall_s"] / first if first else 0:9.2f}')


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--runs', type=int, default=0, help='instead of 5, or 3')
    parser.add_argument('--only', default='gander,tool,reader')
    parser.add_argument('--json', help='a file for the same figures')
    parser.add_argument('cli')
    parser.add_argument('traces', nargs='+')
    options = parser.parse_args()
    options.cli = os.path.abspath(options.cli)
    answers = []
    with tempfile.TemporaryDirectory() as folder:
        measured = list(programs(options, folder))
        if 'gander' in options.only:
            for trace in options.traces:  # the index that is then there
                run([options.cli, 'index', '--quiet', trace], os.environ | {'XDG_CACHE_HOME': folder})
        for trace in options.traces:
            answers.append(measure(options, trace, measured))
            show(answers[-1])
    if options.json is not None:
        go = subprocess.run(['go', 'version'], capture_output=True, text=True, check=False).stdout \
            if shutil.which('go') else ''
        document = {'processors': os.cpu_count(), 'go': go.strip(), 'traces': answers}
        pathlib.Path(options.json).write_text(json.dumps(document, indent=1) + '\n')


if __name__ == '__main__':
    main()
