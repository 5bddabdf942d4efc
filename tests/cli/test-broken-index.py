#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An index on disk goes bad: gander-cli never shows figures of it as if nothing were wrong.

Usage: test-broken-index.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / 'tests/support'))
from zstd import unpack  # pylint: disable=wrong-import-position

# Large enough that opening its index does not look at all of it.
TRACE = ROOT / 'tests/corpus/v126-http.trace.zst'
# reader/FORMAT.md
N_SECTIONS_AT = 80
SECTIONS_AT = 96
BLOCKS = 8


def section(data, number):
    """Where a section of an index is."""
    _, _, offset, size, _ = struct.unpack_from('<IIQQQ', data, SECTIONS_AT + 32 * number)
    return offset, size


class BrokenIndex(unittest.TestCase):
    """Each case has a cache of its own with one good index."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.folder.name)
        self.trace = self.home / 'a.trace'
        self.trace.write_bytes(unpack(TRACE))
        self.assertEqual(self.run_cli('index').returncode, 0)
        self.index, = self.home.glob('gander/*.gix')

    def tearDown(self):
        self.folder.cleanup()

    def run_cli(self, *args):
        return subprocess.run([PROGRAM, *args[:1], self.trace, *args[1:]], check=False, timeout=60,
                              env={**os.environ, 'XDG_CACHE_HOME': str(self.home)},
                              stdin=subprocess.DEVNULL, capture_output=True)

    def flip(self):
        """A bit in the middle of the blocks, which are not looked at when it is opened."""
        data = bytearray(self.index.read_bytes())
        offset, size = section(data, BLOCKS)
        self.assertGreater(size, 1 << 18)
        data[offset + size // 2] ^= 1
        self.index.write_bytes(data)

    def test_flipped(self):
        for words in (['profile', '--type', 'sched', '--range', '1us..10s'], ['report', '--json'],
                      ['sched'], ['wakeups'],
                      ['assert', '--fail-if', 'running >= 0', '--range', '1us..10s']):
            with self.subTest(words=words):
                right = self.run_cli(*words)
                self.flip()
                bad = self.run_cli(*words)
                self.assertEqual(bad.returncode, 5, bad.stderr)
                self.assertIn(b'the stored index could not be read and was removed', bad.stderr)
                self.assertEqual(bad.stderr.count(b'\n'), 1, bad.stderr)
                self.assertFalse(self.index.exists())
                again = self.run_cli(*words)
                self.assertEqual((again.returncode, again.stdout),
                                 (right.returncode, right.stdout))
                self.assertTrue(self.index.exists())

    def test_no_half_file(self):
        answer = self.home / 'answer.json'
        answer.write_text('what was there')
        self.flip()
        bad = self.run_cli('report', '--json', '--output', answer)
        self.assertEqual(bad.returncode, 5, bad.stderr)
        self.assertEqual(answer.read_text(), 'what was there')
        self.assertEqual(sorted(self.home.iterdir()),
                         sorted([answer, self.trace, self.home / 'gander']))

    def test_small_answer_is_not_printed(self):
        self.flip()
        bad = self.run_cli('sched')
        self.assertEqual((bad.returncode, bad.stdout), (5, b''))

    def test_found_at_open(self):
        data = bytearray(self.index.read_bytes())
        data[100] ^= 1
        self.index.write_bytes(data)
        self.assertEqual(self.run_cli('summary').returncode, 0)
        self.assertNotEqual(self.index.read_bytes(), bytes(data))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
