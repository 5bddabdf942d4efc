#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces made by make-trace are whole, the same each time, and have in them what they are for.

Usage: test-make-trace.py MAKE-TRACE GANDER-CLI
"""
import json
import pathlib
import subprocess
import sys
import tempfile

BYTES = 1_000_000
# What each shape is about, as (path of a figure in a summary, least).
SHAPES = {
    'http': [('goroutines.created', 5000)],
    'pool': [('goroutines.count', 64)],
    'many': [('goroutines.alive', 5000)],
    'mixed': [('goroutines.created', 2000), ('gc.mark.count', 1), ('gc.assist.count', 1)],
}
# What the mixed one has in it.
KINDS = {'GoBlock', 'GoUnblock', 'GoCreate', 'GoDestroy', 'GoStop', 'GoStatus', 'GoStatusStack',
         'GoSyscallEnd', 'GoSyscallEndBlocked', 'ProcSteal', 'GCBegin', 'GCEnd', 'STWBegin', 'STWEnd',
         'GCMarkAssistEnd', 'GCSweepEnd', 'HeapAlloc', 'HeapGoal', 'UserTaskBegin', 'UserTaskEnd',
         'UserRegionBegin', 'UserRegionEnd', 'UserLog'}


def make(program, path, *words):
    subprocess.run([program, *words, '--bytes', str(BYTES), path], check=True)
    return path.read_bytes()


def ask(cli, command, path):
    return json.loads(subprocess.run([cli, command, '--no-cache', '--json', path], check=True,
                                     stdout=subprocess.PIPE).stdout)


def figure(document, path):
    for word in path.split('.'):
        document = document[word]
    return document


def check_shape(make_trace, cli, folder, shape, least):
    words = ['--shape', shape]
    path = folder / shape
    bytes_made = make(make_trace, path, *words)
    assert bytes_made == make(make_trace, folder / 'again', *words), 'the same words, other bytes'
    assert bytes_made != make(make_trace, folder / 'other', *words, '--seed', '2')
    assert BYTES <= len(bytes_made) <= 1.5 * BYTES, len(bytes_made)
    summary = ask(cli, 'summary', path)
    assert summary['damage'] == [], summary['damage']
    assert summary['trace']['generations'] > 1, summary['trace']
    for name, bound in least:
        assert figure(summary, name) >= bound, f'{shape}: {name} is {figure(summary, name)}'


def main():
    make_trace, cli = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for shape, least in SHAPES.items():
            check_shape(make_trace, cli, folder, shape, least)
        events = subprocess.run([cli, 'events', '--no-cache', folder / 'mixed'], check=True,
                                text=True, stdout=subprocess.PIPE).stdout
        found = {line.split()[4] for line in events.splitlines()}
        assert KINDS <= found, f'there are no {KINDS - found}'


if __name__ == '__main__':
    main()
