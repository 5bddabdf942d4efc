#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail on what no file of the tree should say.

Checked: the licence line, `#pragma once`, TODO without a name, goto, tabs and white
space at line ends, the newline at the end, paths of one person's machine, C file names
that occur twice in the tree, and pages that name a file of ours which is not there.
"""
import collections
import pathlib
import re
import sys

LICENCE = 'SPDX-License-Identifier: GPL-3.0-or-later'
SOURCES = {'.c', '.h', '.def', '.py', '.sh', '.go', '.ui', '.css', '.xml', '.yml', '.mod'}
NAMED_SOURCES = {'meson.build', 'meson_options.txt', 'run', 'check'}
TEXTS = SOURCES | {'.md', '.desktop', '.in', '.svg'}
CODE = {'.c', '.h', '.def'}
# Given by others and kept as they are.
FOREIGN = ('COPYING', 'tests/corpus/')

UNNAMED_TODO = re.compile(r'\b(TODO|FIXME|XXX)\b(?!\([a-z]+\): )')
GOTO = re.compile(r'^\s*goto\s+\w+;')
# A folder under the place where people's folders are, whoever they are.
MACHINE = re.compile(r'(?<![\w.])/(home|root|work|Users|mnt)/\w')


# A file or module of ours on a page, in back quotes: `reader/query`, `tests/lint/sizes.py`.
NAMED = re.compile(r'`((?:reader|analysis|widgets|app|data|tests)/[\w./-]*)`')


def files_of(root):
    """Every text file of ours, without build folders and hidden ones other than .ci and .github."""
    for path in sorted(root.rglob('*')):
        rel = path.relative_to(root)
        top = rel.parts[0]
        if top.startswith('build') or (top.startswith('.') and top not in ('.ci', '.github')):
            continue
        if not path.is_file() or rel.as_posix().startswith(FOREIGN):
            continue
        if path.suffix in TEXTS or path.name in NAMED_SOURCES:
            yield rel.as_posix(), path


def check_line(name, suffix, line):
    """What is wrong with one line, as sentences."""
    if line != line.rstrip():
        yield 'white space at the end of the line'
    if suffix in CODE and '\t' in line:
        yield 'a tab'
    if suffix in CODE and GOTO.match(line):
        yield 'goto: let a cleanup attribute do it'
    if name == 'tests/lint/check-text.py' or name == 'tests/lint/test-lint.py':
        return
    if UNNAMED_TODO.search(line) and suffix != '.md':
        yield 'TODO without a name: write TODO(name): what, and what it waits for'
    if MACHINE.search(line):
        yield 'a path of one machine'


def check_file(name, path):
    text = path.read_text(encoding='utf-8')
    lines = text.splitlines()
    is_source = path.suffix in SOURCES or path.name in NAMED_SOURCES

    if is_source and not any(LICENCE in line for line in lines[:2]):
        yield f'{name}:1: no line "{LICENCE}"'
    if path.suffix == '.h' and '#pragma once' not in lines:
        yield f'{name}:1: no #pragma once'
    if text and not text.endswith('\n'):
        yield f'{name}:{len(lines)}: no newline at the end'
    for number, line in enumerate(lines, 1):
        for what in check_line(name, path.suffix, line):
            yield f'{name}:{number}: {what}'


def check(root):
    bad = []
    seen = collections.defaultdict(list)
    for name, path in files_of(root):
        bad += check_file(name, path)
        if path.suffix in CODE:
            seen[path.name].append(name)
        if path.suffix == '.md' and '/' not in name:
            bad += [f'{name}:1: there is no {target}' for target in NAMED.findall(path.read_text())
                    if not any(root.glob(target.rstrip('/') + '*'))]
    for names in seen.values():
        if len(names) > 1:
            bad.append(f'{names[1]}:1: the name of {names[0]}: names are unique in the whole tree')
    return bad


if __name__ == '__main__':
    problems = check(pathlib.Path(sys.argv[1]))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
