#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./run and ./check on a machine with nothing on it: what they ask for, and how they end.

The machine is a folder of programs that stands for PATH, with an `id` that says who we are
and an `apt-get` that writes down what it was asked. The tree lies in a path with a blank.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
PLAIN = ['cat', 'dirname', 'env', 'sort', 'tail']


class Machine:
    def __init__(self, folder, user, packager=True):
        self.tree = folder / 'a tree'
        self.bin = folder / 'bin'
        self.log = folder / 'asked'
        (self.tree / '.ci').mkdir(parents=True)
        self.bin.mkdir()
        for name in ('run', 'check', '.ci/prepare.sh'):
            shutil.copy(ROOT / name, self.tree / name)
        for name in PLAIN:
            (self.bin / name).symlink_to(shutil.which(name))
        self.program('id', f'echo {user}')
        if packager:
            self.program('apt-get', f'echo "$@" >>"{self.log}"')

    def program(self, name, body):
        path = self.bin / name
        path.write_text(f'#!{shutil.which("sh")}\n{body}\n')
        path.chmod(0o755)

    def call(self, door, *words):
        run = subprocess.run([shutil.which('sh'), str(self.tree / door), *words], text=True,
                             cwd=self.tree, env={'PATH': str(self.bin), 'HOME': '/nonexistent'},
                             stdin=subprocess.DEVNULL, capture_output=True)
        asked = self.log.read_text() if self.log.exists() else ''
        return run.returncode, run.stdout, run.stderr, asked


class DoorTest(unittest.TestCase):
    def machine(self, *args, **named):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Machine(pathlib.Path(folder.name), *args, **named)

    def test_says_one_line_and_ends_with_69(self):
        for door in ('run', 'check'):
            with self.subTest(door=door):
                code, out, err, asked = self.machine(1000).call(door)
                lines = [line for line in err.splitlines() if 'apt-get install' in line]
                self.assertEqual((code, out, asked), (69, '', ''))
                self.assertEqual(len(lines), 1)
                for package in ('gcc', 'meson', 'libgtk-4-dev', 'libzstd-dev'):
                    self.assertIn(f' {package}', lines[0])

    def test_root_installs(self):
        code, _, _, asked = self.machine(0).call('check')
        self.assertIn('update', asked)
        self.assertIn('--no-install-recommends', asked)
        for package in ('meson', 'libadwaita-1-dev', 'xvfb'):
            self.assertIn(f' {package}', asked)
        self.assertEqual(code, 69)  # The packager of this machine installs nothing.

    def test_no_gtk_for_the_command_line_alone(self):
        _, _, _, asked = self.machine(0).call('check', '-Dgui=disabled')
        self.assertIn(' meson', asked)
        for package in ('libgtk-4-dev', 'libadwaita-1-dev', 'xvfb'):
            self.assertNotIn(f' {package}', asked)

    def test_yes_uses_sudo(self):
        machine = self.machine(1000)
        machine.program('sudo', '"$@"')
        self.assertEqual(machine.call('run')[3], '')
        self.assertIn(' meson', machine.call('run', '--yes')[3])

    def test_without_packager(self):
        code, _, err, _ = self.machine(0, packager=False).call('run')
        self.assertEqual(code, 69)
        self.assertIn('Missing: ', err)
        self.assertNotIn('apt-get', err)

    def test_words(self):
        for door in ('run', 'check'):
            code, out, _, _ = self.machine(1000).call(door, '--help')
            self.assertEqual(code, 0)
            self.assertTrue(out.startswith(f'Usage: ./{door}'))
        self.assertEqual(self.machine(1000).call('check', '--wrong')[0], 2)
        self.assertEqual(self.machine(1000).call('check', '--build')[0], 2)


if __name__ == '__main__':
    unittest.main()
