#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event may cost: instructions, which no other program on the machine can change.

Usage: test-budget.py GANDER-CLI SOURCE-ROOT WHAT [--store]. WHAT names compiler, machine and
optimization; budget.json has a figure for those it was measured with. The test fails when an
event costs a tenth more; --store writes what is measured now.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

TRACE = 'v126-http'
EMPTY = 'v126-empty'  # what it costs to start
TOLERANCE = 0.10
SKIPPED = 77


def count(program, trace):
    run = subprocess.run(['valgrind', '--tool=cachegrind', '--cachegrind-out-file=/dev/null',
                          program, 'index', '--no-cache', trace],
                         capture_output=True, text=True, env={**os.environ, 'MALLOC_PERTURB_': '0'})
    found = re.search(r'I\s+refs:\s+([\d,]+)', run.stderr)
    if run.returncode != 0 or found is None:
        sys.exit(run.stderr)
    return int(found.group(1).replace(',', ''))


def main():
    program, root, what = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    corpus = root / 'tests/corpus'
    store = root / 'tests/bench/budget.json'
    budgets = json.loads(store.read_text())
    if shutil.which('valgrind') is None:
        print('valgrind is not installed')
        return SKIPPED
    if what not in budgets and '--store' not in sys.argv:
        print(f'there is no figure for {what}')
        return SKIPPED
    events = json.loads((corpus / f'{TRACE}.json').read_text())['events']
    cost = (count(program, corpus / f'{TRACE}.trace.zst')
            - count(program, corpus / f'{EMPTY}.trace.zst')) / events
    if '--store' in sys.argv:
        budgets[what] = round(cost)
        store.write_text(json.dumps(budgets, indent=2, sort_keys=True) + '\n')
    budget = budgets[what]
    print(f'{cost:.0f} instructions an event, {cost / budget:.3f} of {budget} ({what})')
    return 0 if cost <= budget * (1 + TOLERANCE) else 1


if __name__ == '__main__':
    sys.exit(main())
