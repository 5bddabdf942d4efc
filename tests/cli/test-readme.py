#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run what the documents tell people to type, and compare what they are told to see.

Usage: test-readme.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
PAGES = ['README.md', 'data/examples/README.md']


def blocks(page, language):
    """The fenced blocks of a language, "" being those that name none."""
    parts = re.split(r'^```(.*)\n', (ROOT / page).read_text(), flags=re.M)
    for opening, text in zip(parts[1::4], parts[2::4]):
        if opening == language:
            yield text


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='gander-readme-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / 'data').symlink_to(ROOT / 'data')

    def run_line(self, line, stderr=subprocess.STDOUT):
        env = {**os.environ, 'PATH': f'{PROGRAM.parent}:{os.environ["PATH"]}'}
        return subprocess.run(line, shell=True, cwd=self.folder, env=env, timeout=60,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
                              check=False)

    def test_sessions(self):
        """A line after a dollar is typed, what follows is the answer."""
        n = 0
        for page in PAGES:
            for block in blocks(page, 'console'):
                for step in re.split(r'^\$ ', block, flags=re.M)[1:]:
                    line, answer = step.split('\n', 1)
                    self.assertEqual(self.run_line(line).stdout.decode(), answer, line)
                    n += 1
        self.assertGreater(n, 2)

    def test_commands(self):
        """Every other line that begins with the program works."""
        n = 0
        for page in PAGES:
            for block in blocks(page, ''):
                for line in block.splitlines():
                    if not line.startswith('gander-cli '):
                        continue
                    for name in ('trace.out', 'old.out', 'new.out'):
                        shutil.copy(ROOT / 'data/examples/pipeline.trace.zst', self.folder / name)
                    result = self.run_line(line)
                    self.assertEqual(result.returncode, 0, (line, result.stdout))
                    n += 1
        self.assertGreater(n, 10)

    def test_manual_examples(self):
        """The lines of the manual page's examples, on a trace of ours."""
        page = (ROOT / 'data/man/gander-cli.1').read_text().replace('\\-', '-')
        lines = re.search(r'^\.SH EXAMPLES\n\.nf\n(.*?)^\.fi', page, re.M | re.S)[1].splitlines()
        for line in lines:
            if not line.startswith('gander-cli '):
                continue  # it needs a program to record
            for name in ('x.out', 'before.out', 'after.out'):
                shutil.copy(ROOT / 'data/examples/pipeline.trace.zst', self.folder / name)
            result = self.run_line(line.split(' && ')[0])
            self.assertEqual(result.returncode, 1 if ' assert ' in line else 0,
                             (line, result.stdout))


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
