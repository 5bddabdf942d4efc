#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail when clang-format 14 would lay a file out differently; skip (77) without it.

Other versions of clang-format disagree with 14 in details, so only 14 is asked.
"""
import pathlib
import shutil
import subprocess
import sys


def find_formatter():
    for name in ('clang-format-14', 'clang-format'):
        path = shutil.which(name)
        if path:
            version = subprocess.run([path, '--version'], capture_output=True, text=True).stdout
            if ' 14.' in version:
                return path
    return None


def main(root):
    formatter = find_formatter()
    if formatter is None:
        print('clang-format 14 is not installed')
        return 77
    files = [str(path) for folder in ('reader', 'analysis', 'widgets', 'app', 'tests')
             for path in sorted((root / folder).rglob('*.[ch]'))]
    return subprocess.run([formatter, '--style=file', '--dry-run', '--Werror', '--ferror-limit=1']
                          + files).returncode


if __name__ == '__main__':
    sys.exit(main(pathlib.Path(sys.argv[1])))
