#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the ten longest functions, sources and headers, and how much of the code is comment.

Guidance for people, never a gate: it fails nothing.
"""
import pathlib
import re
import sys

FOLDERS = ['reader', 'analysis', 'widgets/draw', 'widgets', 'app/cli', 'app']
NAME = re.compile(r'^([a-z_0-9]+) \(')


def functions_of(lines):
    """Name and length of each function: from its name in column 0 to the brace that closes it."""
    name, start = None, 0
    for number, line in enumerate(lines):
        match = NAME.match(line)
        if match:
            name, start = match.group(1), number
        elif line == '}' and name:
            yield name, number - start + 1
            name = None


def comment_share(texts):
    lines = comment = 0
    for text in texts:
        inside = False
        for line in text.splitlines():
            inside = inside or line.lstrip().startswith('/*')
            lines += bool(line.strip())
            comment += inside
            inside = inside and '*/' not in line
    return 100 * comment / max(lines, 1)


def show(title, rows):
    print(f'{title}:')
    for size, name in sorted(rows, reverse=True)[:10]:
        print(f'  {size:5} {name}')


def main(root):
    functions, sources, headers = [], [], []
    for folder in FOLDERS:
        texts = []
        for path in sorted((root / folder).glob('*.[ch]')):
            name = path.relative_to(root).as_posix()
            text = path.read_text()
            texts.append(text)
            lines = text.splitlines()
            (headers if path.suffix == '.h' else sources).append((len(lines), name))
            functions += [(size, f'{name} {function}') for function, size in functions_of(lines)]
        print(f'{folder}: {sum(text.count(chr(10)) for text in texts)} lines, '
              f'{comment_share(texts):.0f} of 100 are comment')
    show('longest functions', functions)
    show('longest sources', sources)
    show('longest headers', headers)


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
