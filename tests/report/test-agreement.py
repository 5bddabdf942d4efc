#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of every trace of the corpus equals its reference in every field.

The references come from Go's own reader and a program that shares no code with Gander, see
tests/corpus/figures/README.md. Counts, ids and texts are equal, times to the nanosecond, lists in
their order; fractions to nine digits. A member that is zero may be left out on either side.

Usage: test-agreement.py GANDER-CLI SOURCE-ROOT [SECTION...]
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
SECTIONS = sys.argv[3:]
sys.path.insert(0, str(ROOT / 'tests/support'))

from zstd import unpack  # noqa: E402

CORPUS = ROOT / 'tests/corpus'

# What we tell beyond the references.
OURS = {'damage', 'generator'}

# Where Go's own order is an accident: it sorts the events of more than twelve threads with a sort
# that is not stable, and squeezes those it overtakes into steps of 1 ns (golang/go
# src/internal/trace/order.go, Go 1.26). Ours is the documented order. Counts and texts are equal
# there too; a time may differ by this much for each interval that it is made of.
ACCIDENTAL = {'v125-file': 2}

SHOWN = 12  # differences that are printed per trace
MISSING = object()


def is_zero(value):
    return value is MISSING or value is False or (type(value) is int and value == 0)


def without_nul(value):
    """A text as it is kept: C's texts cannot hold a NUL, U+FFFD stands for it as for other bytes
    that are no text (reader/FORMAT.md)."""
    return value.replace('\0', '\ufffd') if isinstance(value, str) else value


def intervals(value):
    """How many intervals the times of an object are made of; 0 when it does not tell."""
    if 'per_p' in value:
        return sum(map(intervals, value['per_p']))
    counts = [value.get(name, 0) for name in ('n_running', 'n_runnable', 'n_syscall', 'count',
                                              'starts', 'go_intervals')]
    counts += [wait['count'] for wait in value.get('waiting', {}).values()]
    return sum(counts)


TIMES = ('_ns', 'ns', '_at', 'start', 'end', 't')


def is_close(ours, theirs, path, slack):
    if type(ours) is float or type(theirs) is float:
        return abs(ours - theirs) <= 1e-9
    name = path.rsplit('.', 1)[-1]
    return (name.endswith(TIMES) or '_ns.' in path) and abs(ours - theirs) <= slack


def differences(ours, theirs, path, slack, n=1):
    """Yields (path, ours, theirs) for every difference; times are sums of `n` intervals."""
    if ours == theirs and type(ours) is type(theirs):
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        own = intervals(theirs) or n
        for name in {**theirs, **ours}:
            yield from differences(ours.get(name, MISSING), theirs.get(name, MISSING),
                                   f'{path}.{name}', slack, own)
    elif isinstance(ours, list) and isinstance(theirs, list):
        for i in range(max(len(ours), len(theirs))):
            yield from differences(ours[i] if i < len(ours) else MISSING,
                                   theirs[i] if i < len(theirs) else MISSING,
                                   f'{path}[{i}]', slack, n)
    elif is_zero(ours) and is_zero(theirs) or ours == without_nul(theirs):
        return
    elif type(ours) not in (int, float) or type(theirs) not in (int, float) or \
            not is_close(ours, theirs, path, slack * n):
        yield path, ours, theirs


def show(value):
    text = 'nothing' if value is MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:100] + '…'


def compare(path):
    """The name of a trace, and how its report differs from the reference."""
    name = path.name.removesuffix('.trace.zst')
    result = subprocess.run([PROGRAM, 'report', '--quiet', '--format', 'json', path],
                            capture_output=True, timeout=120)
    if result.returncode != 0:
        return name, [('exit status', result.returncode, result.stderr.decode().strip())]
    ours = json.loads(result.stdout)
    theirs = json.loads(unpack(CORPUS / f'figures/{name}.json.zst'))
    for extra in OURS:
        if ours.pop(extra, MISSING) is MISSING:
            return name, [(extra, MISSING, 'something')]
    if SECTIONS:
        ours, theirs = ({section: document.get(section) for section in SECTIONS}
                        for document in (ours, theirs))
    return name, list(differences(ours, theirs, '', ACCIDENTAL.get(name, 0)))


def main():
    traces = sorted(CORPUS.glob('*.trace.zst'))
    agree = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, found in pool.map(compare, traces):
            agree += not found
            for path, ours, theirs in found[:SHOWN]:
                print(f'{name}: {path}: {show(ours)}, not {show(theirs)}')
            if len(found) > SHOWN:
                print(f'{name}: … {len(found)} differences')
    print(f'agree {agree} of {len(traces)}')
    return 0 if agree == len(traces) and traces else 1


if __name__ == '__main__':
    sys.exit(main())
