#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add up the test logs of one or more Meson builds: N passed, N failed, N skipped.

A program that speaks TAP counts each of its cases, any other test counts as one. A
program that ends badly without naming the case that failed counts as one more failure.
"""
import json
import re
import sys

TAP = re.compile(r'^(not ok|ok)\b(.*)$', re.MULTILINE)
SKIPPED = re.compile(r'#\s*skip', re.IGNORECASE)
AGREE = re.compile(r'\bagree \d+ of \d+.*')
FINE = ('OK', 'EXPECTEDFAIL')


def count(entry):
    """Passed, failed and skipped cases of one entry of a log."""
    passed = failed = skipped = 0
    for verdict, rest in TAP.findall(entry.get('stdout') or ''):
        if SKIPPED.search(rest):
            skipped += 1
        elif verdict == 'ok':
            passed += 1
        else:
            failed += 1
    result = entry['result']
    if result == 'SKIP':
        skipped = max(skipped, 1)
    elif result not in FINE:
        failed = max(failed, 1)
    elif passed + failed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def main(paths):
    total = [0, 0, 0]
    for path in paths:
        with open(path, encoding='utf-8') as log:
            entries = [json.loads(line) for line in log if line.strip()]
        for entry in entries:
            counts = count(entry)
            total = [a + b for a, b in zip(total, counts)]
            if counts[1]:
                print(f'failed: {entry["name"]} ({entry["result"]})')
            if counts[2]:
                print(f'skipped: {counts[2]} of {entry["name"]}')
            for line in AGREE.findall(entry.get('stdout') or ''):
                print(f'{entry["name"]}: {line}')
    print('{} passed, {} failed, {} skipped'.format(*total))
    return 1 if total[1] or not total[0] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
