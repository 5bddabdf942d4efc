#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks find what they are for: each case is a small tree with one fault, or none."""
import importlib
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
layers = importlib.import_module('check-layers')
text = importlib.import_module('check-text')
tally = importlib.import_module('tally')

LICENCE = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'

LAYER_CASES = [  # file, what it includes, whether that is allowed
    ('reader/a.c', '"reader/b.h"', True),
    ('reader/a.c', '"analysis/analysis.h"', False),
    ('reader/a.c', '<cairo.h>', False),
    ('reader/a.c', '<glib.h>', True),
    ('reader/a.c', '<string.h>', True),
    ('reader/a.c', '<sys/mman.h>', True),
    ('reader/a.c', '<zstd.h>', True),
    ('reader/a.c', '<zlib.h>', False),
    ('analysis/a.c', '"reader/reader.h"', True),
    ('analysis/a.c', '"reader/index.h"', False),
    ('analysis/a.c', '<gtk/gtk.h>', False),
    ('analysis/a.c', '<zstd.h>', False),
    ('widgets/draw/a.c', '"analysis/analysis.h"', True),
    ('widgets/draw/a.c', '"widgets/widgets.h"', False),
    ('widgets/draw/a.c', '<gtk/gtk.h>', False),
    ('widgets/a.c', '"widgets/draw/draw.h"', True),
    ('widgets/a.c', '"widgets/draw/lane.h"', False),
    ('widgets/a.c', '"app/window.h"', False),
    ('widgets/a.c', '"gander-widgets-resources.h"', True),
    ('widgets/a.c', '"gander-app-resources.h"', False),
    ('app/cli/a.c', '"widgets/widgets.h"', False),
    ('app/cli/a.c', '<gtk/gtk.h>', False),
    ('app/a.c', '"app/cli/cli.h"', True),
    ('app/a.c', '"tests/support/a.h"', False),
    ('reader/order-go.c', '"reader/order-private.h"', True),
    ('reader/stream.c', '"reader/order-private.h"', False),
]

TEXT_CASES = [  # file, its text, a word of the complaint or None
    ('reader/a.c', LICENCE, None),
    ('reader/a.c', 'int a;\n', 'SPDX'),
    ('reader/a.h', LICENCE, 'pragma'),
    ('reader/a.h', LICENCE + '#pragma once\n', None),
    ('reader/a.c', LICENCE + '/* TODO: later */\n', 'TODO'),
    ('reader/a.c', LICENCE + '/* TODO(ada): later, waits for b */\n', None),
    ('reader/a.c', LICENCE + '  goto out;\n', 'goto'),
    ('reader/a.c', LICENCE + '\tint a;\n', 'tab'),
    ('reader/a.c', LICENCE + 'int a; \n', 'white space'),
    ('reader/a.c', LICENCE + 'int a;', 'newline'),
    ('reader/a.c', LICENCE + '/* see /home/ada/trace */\n', 'machine'),
    ('README.md', 'see /home/ada/trace\n', 'machine'),
    ('README.md', 'see `reader/nothing`\n', 'no reader/nothing'),
    ('README.md', 'see `./run`\n', None),
    ('build-x/a.c', 'int a;\n', None),
    ('tests/corpus/a.go', 'package main\n', None),
]

TALLY_CASES = [  # what the log says of one test, passed, failed, skipped
    ({'result': 'OK', 'stdout': '1..2\nok 1 /a\nok 2 /b\n'}, (2, 0, 0)),
    ({'result': 'OK', 'stdout': 'ok 1 /a\nok 2 /b # SKIP no Go\n'}, (1, 0, 1)),
    ({'result': 'FAIL', 'stdout': 'ok 1 /a\nnot ok 2 /b\n'}, (1, 1, 0)),
    ({'result': 'ERROR', 'stdout': '1..3\nok 1 /a\n'}, (1, 1, 0)),
    ({'result': 'TIMEOUT', 'stdout': ''}, (0, 1, 0)),
    ({'result': 'OK', 'stdout': ''}, (1, 0, 0)),
    ({'result': 'SKIP', 'stdout': ''}, (0, 0, 1)),
    ({'result': 'INTERRUPT', 'stdout': ''}, (0, 1, 0)),
]


def complaints(module, name, content):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return '\n'.join(module.check(pathlib.Path(folder)))


class LintTest(unittest.TestCase):
    def test_layers(self):
        for name, target, fine in LAYER_CASES:
            with self.subTest(file=name, includes=target):
                found = complaints(layers, name, f'{LICENCE}#include {target}\n')
                self.assertEqual(found == '', fine, found)

    def test_text(self):
        for name, content, word in TEXT_CASES:
            with self.subTest(file=name, text=content):
                found = complaints(text, name, content)
                self.assertIn(word or '', found)
                self.assertEqual(found == '', word is None, found)

    def test_unique_names(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ('reader/a.c', 'analysis/a.c'):
                path = pathlib.Path(folder) / name
                path.parent.mkdir()
                path.write_text(LICENCE)
            self.assertEqual(len(text.check(pathlib.Path(folder))), 1)

    def test_tally(self):
        for entry, counts in TALLY_CASES:
            with self.subTest(entry=entry):
                self.assertEqual(tally.count(entry), counts)


if __name__ == '__main__':
    unittest.main()
