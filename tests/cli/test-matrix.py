#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every command of gander-cli in every format on traces of all sorts, and see that it behaves:
whatever a person connects it to, and whatever is in the trace.

Usage: test-matrix.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / 'tests/support'))
from zstd import unpack  # pylint: disable=wrong-import-position

PIPELINE = ROOT / 'data/examples/pipeline.trace.zst'
CORPUS = ROOT / 'tests/corpus'

# What a command needs besides a trace; None: it takes no trace.
ARGUMENTS = {'assert': ['--list'], 'diff': [PIPELINE], 'profile': ['--type', 'sched'],
             'render': ['-o', '-'], 'cache': None,
             'sample': None, 'completion': None, 'version': None, 'help': None}
WITHOUT_TRACE = {'cache': [], 'sample': [], 'completion': ['bash'], 'version': [], 'help': []}
# Formats that only a part of the command's work can have.
ONLY = {('assert', 'junit'): ['--fail-if', 'events < 0'],
        ('assert', 'github'): ['--fail-if', 'events < 0']}
BINARY = ('png', 'pdf', 'pprof')
# Commands that tell more than warnings.
NOTES = ('diff', 'tasks')
# Commands about a file rather than about what happened.
NO_FIGURES = ('events', 'index', 'render')


def run(*args, env=None, **rest):
    return subprocess.run([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL,
                          capture_output=True, env={**os.environ, **(env or {})}, timeout=60,
                          check=False, **rest)


def commands():
    """Each command with its formats, from the program's own help."""
    text = run('help').stdout.decode()
    for name in re.findall(r'^  ([a-z]+) +[A-Z]', text, re.M):
        found = re.search(r'options: --format ([a-z|]+)', run('help', name).stdout.decode())
        yield name, found[1].split('|') if found else []


COMMANDS = dict(commands())


def lines_of_commands(trace):
    """Every command line on this trace, with its command and format."""
    for command, formats in COMMANDS.items():
        extra = ARGUMENTS.get(command, [])
        if extra is None:
            continue
        for form in formats:
            yield command, form, [command, trace, *ONLY.get((command, form), extra),
                                  '--format', form]


def lines_without_trace():
    for command, words in WITHOUT_TRACE.items():
        for form in COMMANDS[command] or [None]:
            yield [command, *words, *(['--format', form] if form else [])]


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix='gander-matrix-')
        cls.folder = pathlib.Path(cls.holder.name)
        data = unpack(PIPELINE)
        evil = data
        for name, other in ((b'main.worker', b'=1+\x1b[31m\r\n\x07'),
                            (b'main.produce', b'@\xff\xfe"a\t,bc\xe2\x80\xae')):
            assert name in data and len(name) == len(other)
            evil = evil.replace(name, other)
        cls.cut = cls.file('cut', data[:7000])
        cls.evil = cls.file('e\nvil', evil)
        cls.traces = {'pipeline': PIPELINE, 'cut': cls.cut, 'evil': cls.evil,
                      'empty': CORPUS / 'v126-empty.trace.zst',
                      'old': CORPUS / 'v122-regions.trace.zst'}
        cls.files = {PIPELINE, cls.cut, cls.evil}

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    @classmethod
    def file(cls, name, data):
        path = cls.folder / name
        path.write_bytes(data)
        return path

    def look_at(self, form, output):
        """Whether it is what its format says."""
        if form in BINARY:
            return
        text = output.decode()
        bidi = '' if 'json' in form or form == 'speedscope' else '\u202e'
        self.assertTrue(text.endswith('\n') or form in ('svg', 'html'), text[-50:])
        self.assertEqual(re.findall(f'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{bidi}]', text)[:3], [])
        if form in ('json', 'speedscope'):
            json.loads(text)
        elif form == 'ndjson':
            for line in text.splitlines():
                json.loads(line)
        elif form in ('junit', 'svg'):
            xml.etree.ElementTree.fromstring(text)

    def look_at_table(self, form, output):
        """Every row is as long as the first, and no cell is a formula."""
        text = output.decode()
        if form == 'csv':
            self.assertTrue(text.endswith('\r\n'))
        rows = list(csv.reader(io.StringIO(text, newline=''),
                               delimiter=',' if form == 'csv' else '\t'))
        for row in rows:
            self.assertEqual(len(row), len(rows[0]), row)
            for cell in row:
                self.assertFalse(re.match(r'[=+@\t\r]|-[^\d]', cell), cell)

    def test_every_format_of_every_command(self):
        for name, trace in self.traces.items():
            for command, form, args in lines_of_commands(trace):
                with self.subTest(trace=name, command=command, format=form):
                    result = run(*args)
                    warnings = result.stderr.decode()
                    self.assertEqual(result.returncode, 0, warnings)
                    if name != 'cut' and command not in NOTES:
                        self.assertEqual(warnings, '')
                    if form in ('csv', 'tsv'):
                        self.look_at_table(form, result.stdout)
                    else:
                        self.look_at(form, result.stdout)

    def test_without_a_trace(self):
        for args in lines_without_trace():
            with self.subTest(args=args):
                result = run(*args)
                self.assertEqual((result.returncode, result.stderr), (0, b''))
                self.assertNotEqual(result.stdout, b'')

    def test_damage_is_told(self):
        for command, form, args in lines_of_commands(self.cut):
            with self.subTest(command=command, format=form):
                result = run(*args)
                self.assertIn(b'warning: The trace ends early', result.stderr)
                self.assertEqual(run(*args, '-q').stderr, b'')
                self.assertEqual(run(*args, '-q', '--strict').returncode, 4)
                if command in NO_FIGURES:
                    continue
                if form in ('text', 'md', 'html'):
                    self.assertIn(b'at least', result.stdout)
                elif form == 'json':
                    damage = json.loads(result.stdout)['damage']
                    self.assertNotEqual(damage['a'] if command == 'diff' else damage, [])

    def test_nobody_reads(self):
        for command, form, args in lines_of_commands(PIPELINE):
            with self.subTest(command=command, format=form):
                reader, writer = os.pipe()
                os.close(reader)
                result = subprocess.run([PROGRAM, *map(str, args), '-q'], stdout=writer,
                                        stderr=subprocess.PIPE, timeout=60, check=False)
                os.close(writer)
                self.assertEqual((result.returncode, result.stderr), (0, b''))

    def test_full_disk(self):
        for command, form, args in lines_of_commands(PIPELINE):
            with self.subTest(command=command, format=form):
                with open('/dev/full', 'wb') as full:
                    result = subprocess.run([PROGRAM, *map(str, args)], stdout=full,
                                            stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(result.returncode, 5, result.stderr)
                self.assertIn(b'No space left', result.stderr)

    def test_the_same_in_every_surrounding(self):
        for command, form, args in lines_of_commands(self.evil):
            if form in BINARY or command == 'index':
                continue
            with self.subTest(command=command, format=form):
                usual = run(*args).stdout
                for env in ({'LC_ALL': 'C'}, {'LC_ALL': 'de_DE.UTF-8', 'TERM': 'dumb'},
                            {'NO_COLOR': '1', 'COLUMNS': '20'}):
                    self.assertEqual(run(*args, env=env).stdout, usual, env)

    def test_twice_the_same(self):
        for command, form, args in lines_of_commands(PIPELINE):
            if command == 'index':
                continue
            with self.subTest(command=command, format=form):
                self.assertEqual(run(*args).stdout, run(*args, '--no-cache').stdout)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
