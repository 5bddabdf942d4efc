#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and peak memory of Gander and of `go tool trace` on one trace, side by side.

Usage: beside-go.py GANDER-CLI TRACE

Compared is the way to the first answer: gander-cli with a finished index on disk, and
again with it there; go tool trace until it says that its viewer is listening. Needs Go.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time


def run(command, env):
    """Seconds and peak memory in MB of a command that ends by itself."""
    start = time.monotonic()
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f'{" ".join(command)}: failed')
    return time.monotonic() - start, usage.ru_maxrss / 1024


def children_of(pid):
    """The process and all that it started, while they run."""
    yield pid
    for child in pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split():
        yield from children_of(int(child))


def peak_of(pid):
    """The most memory a process ever held, in MB."""
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'VmHWM:\s+(\d+)', status).group(1)) / 1024


def run_go(trace):
    """Seconds until go tool trace can serve a page, and the memory it held by then."""
    start = time.monotonic()
    child = subprocess.Popen(['go', 'tool', 'trace', '-http=127.0.0.1:0', trace], text=True,
                             env=os.environ | {'BROWSER': 'true'}, stderr=subprocess.PIPE)
    ready = any('listening' in line for line in child.stderr)
    seconds = time.monotonic() - start
    family = list(children_of(child.pid)) if ready else []
    peak = max((peak_of(pid) for pid in family), default=0)
    for pid in reversed(family):
        os.kill(pid, 15)
    child.wait()
    if not ready:
        sys.exit('go tool trace did not come up')
    return seconds, peak


def main(cli, trace):
    rows = []
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {'XDG_CACHE_HOME': home}
        rows.append(('gander-cli index, from the trace', *run([cli, 'index', trace], env)))
        rows.append(('gander-cli summary, index there', *run([cli, 'summary', trace], env)))
    if shutil.which('go'):
        rows.append(('go tool trace, until it listens', *run_go(trace)))
    print(f'{os.path.getsize(trace) / 1e6:.1f} MB, {os.cpu_count()} processors')
    for name, seconds, peak in rows:
        print(f'{name:34} {seconds:8.2f} s {peak:9.0f} MB')


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
