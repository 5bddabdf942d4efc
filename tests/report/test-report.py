#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in its three formats: as their schema, Markdown and XML ask for, of sound, damaged,
odd and empty traces.

Usage: test-report.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / 'tests/support'))

from schema import is_sorted, problems  # noqa: E402
from zstd import unpack  # noqa: E402

CORPUS = ROOT / 'tests/corpus'
SCHEMA = json.loads((ROOT / 'data/schema/report-1.json').read_text())
HTML = '{http://www.w3.org/1999/xhtml}'


def trace(name):
    return CORPUS / f'{name}.trace.zst'


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='gander-report-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def report(self, path, *args):
        result = subprocess.run([PROGRAM, 'report', '--quiet', *args, path], capture_output=True,
                                timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout.decode()

    def json(self, path):
        document = json.loads(self.report(path, '--format', 'json'))
        self.assertEqual(list(problems(SCHEMA, document))[:5], [])
        self.assertTrue(is_sorted(document))
        return document

    def html(self, path):
        """The root of a document that is well-formed and needs no other file."""
        text = self.report(path, '--format', 'html')
        for word in ('<script', 'http://', 'https://', '@import', 'url('):
            self.assertNotIn(word, text.replace('http://www.w3.org/1999/xhtml', ''))
        return xml.fromstring(text)

    def cut(self, name, share):
        """A trace that ends early."""
        data = unpack(trace(name))
        path = self.folder / f'{name}.trace'
        path.write_bytes(data[:int(len(data) * share)])
        return path


class Json(Case):
    def test_follows_its_schema(self):
        for name in ('v122-cgo', 'v123-coro', 'v124-gc', 'v125-flight', 'v126-regions', 'v126-stw'):
            with self.subTest(name):
                self.json(trace(name))

    def test_schema_is_strict(self):
        """What the schema does not name is an error, and what it names is there."""
        def walk(schema, where):
            if 'properties' in schema:
                self.assertIs(schema.get('additionalProperties'), False, where)
                self.assertTrue(set(schema['required']) <= set(schema['properties']), where)
            for key in ('properties', '$defs'):
                for name, child in schema.get(key, {}).items():
                    walk(child, f'{where}.{name}')
            for key in ('items', 'additionalProperties'):
                if isinstance(schema.get(key), dict):
                    walk(schema[key], f'{where}[]')
        walk(SCHEMA, '$')

    def test_rows_are_lines(self):
        """One row of a list is one line: grep and diff can read it."""
        text = self.report(trace('v126-locks'), '--format', 'json')
        document = json.loads(text)
        rows = [line.strip().rstrip(',') for line in text.splitlines()]
        for row in document['goroutines']:
            self.assertIn(json.dumps(row, separators=(',', ':')), rows)

    def test_empty(self):
        document = self.json(trace('v126-empty'))
        self.assertEqual(document['trace']['error'], '')
        self.assertFalse(document['trace']['incomplete'])

    def test_header_alone(self):
        path = self.folder / 'empty.trace'
        path.write_bytes(b'go 1.26 trace\0\0\0')
        document = self.json(path)
        self.assertEqual(document['trace']['duration_ns'], 0)
        self.assertEqual(document['trace']['generations'], 0)
        self.assertEqual(document['goroutines'], [])
        self.assertIsNone(document['mmu']['mean'])
        self.assertEqual(set(document['mmu']['windows'].values()), {None})


class Damaged(Case):
    def test_json_says_so(self):
        for share in (0.3, 0.6, 0.9):
            document = self.json(self.cut('v126-http', share))
            whole = json.loads(unpack(CORPUS / 'figures/v126-http.json.zst'))
            self.assertTrue(document['trace']['incomplete'])
            self.assertIn('trace-cut', [row['code'] for row in document['damage']])
            self.assertIn(document['trace']['error'],
                          [row['sentence'] for row in document['damage']])
            self.assertLess(document['trace']['events'], whole['trace']['events'])
            self.assertGreater(document['trace']['events'], 0)

    def test_times_still_add_up(self):
        """What a goroutine did is its life, with gaps as unknown; groups are sums of goroutines."""
        document = self.json(self.cut('v126-http', 0.5))
        for row in document['goroutines'] + document['groups']:
            parts = sum(row[f'{name}_ns'] for name in ('running', 'runnable', 'syscall_p',
                                                      'syscall_nop', 'unknown'))
            waits = sum(wait['ns'] for wait in row['waiting'].values())
            self.assertEqual(parts + waits, row['total_ns'])
        for name in ('total_ns', 'running_ns', 'transitions'):
            total = document['occupancy'][name]
            self.assertEqual(sum(row[name] for row in document['goroutines']), total)
            self.assertEqual(sum(row[name] for row in document['groups']), total)

    def test_people_are_told(self):
        path = self.cut('v126-http', 0.5)
        text = self.report(path)
        self.assertIn('This trace is damaged', text)
        self.assertIn('| at least ', text)
        self.assertIn('The trace ends early.', text)
        root = self.html(path)
        values = [''.join(value.itertext()) for value in root.iter(f'{HTML}dd')
                  if value.get('class') == 'value']
        self.assertTrue(values)
        for value in values:
            self.assertTrue(value.startswith('at least '), value)
        self.assertIn('warning', [node.get('class') for node in root.iter(f'{HTML}p')])

    def test_sound_traces_are_not_doubted(self):
        text = self.report(trace('v126-http'))
        self.assertNotIn('at least ', text)
        self.assertNotIn('damaged', text)


def tables(text):
    """The tables of a Markdown text, as lists of rows of cells."""
    found = []
    for block in re.findall(r'(?:^\|.*\n)+', text, re.M):
        found.append([re.split(r'(?<!\\)\|', line)[1:-1] for line in block.splitlines()])
    return found


class Markdown(Case):
    def test_tables_are_square(self):
        for name in ('v126-tasks', 'v124-synctest', 'v126-regions', 'v126-gc'):
            found = tables(self.report(trace(name), '--format', 'md'))
            self.assertGreater(len(found), 4)
            for table in found:
                for row in table:
                    self.assertEqual(len(row), len(table[0]), row)
                for cell in table[1]:
                    self.assertRegex(cell, r'^ (:---|---:) $')

    def test_one_page(self):
        """The longest list is cut, and the text says so."""
        text = self.report(trace('v126-http'))
        self.assertLess(len(text.splitlines()), 250)
        self.assertRegex(text, r'The first 10 of \d+\.')

    def test_names_are_harmless(self):
        """The trace has types with control characters, bars and quotes in them."""
        text = self.report(trace('v126-regions'))
        self.assertNotRegex(text.replace('\n', ''), '[\0-\x1f\x7f]')
        for table in tables(text):
            for row in table[2:]:
                for cell in row:
                    outside = re.sub(r'(`+) ?.*? ?\1', '', cell)
                    self.assertNotRegex(outside, r'[<>*_\[\]`]', cell)

    def test_no_column_is_empty(self):
        """Every column that is shown has something to say in some trace."""
        for name in ('v126-tasks', 'v126-gc'):
            for table in tables(self.report(trace(name)))[1:]:
                if table[0][0].strip() == 'State':
                    continue
                for i, title in enumerate(table[0]):
                    self.assertTrue(any(row[i].strip() for row in table[2:]), title)

    def test_largest_group_comes_first(self):
        groups = json.loads(unpack(CORPUS / 'figures/v126-http.json.zst'))['groups']
        text = self.report(trace('v126-http'))
        table = text.split('### By start function')[1]
        self.assertIn(groups[0]['name'], table.strip().splitlines()[2 + 0])


class Html(Case):
    def test_is_xml_and_complete(self):
        for name in ('v126-http', 'v126-regions', 'v122-cgo', 'v126-empty', 'v124-gc'):
            with self.subTest(name):
                root = self.html(trace(name))
                self.assertEqual(root.get('lang'), 'en')
                self.assertIn(name, root.find(f'.//{HTML}title').text)

    def test_can_be_heard(self):
        """Headings in order, heads of rows and columns, words for every picture."""
        root = self.html(trace('v126-tasks'))
        levels = [int(node.tag[-1]) for node in root.iter() if re.fullmatch(HTML + 'h[1-6]', node.tag)]
        self.assertEqual(levels[0], 1)
        self.assertEqual(levels.count(1), 1)
        for before, after in zip(levels, levels[1:]):
            self.assertLessEqual(after, before + 1)
        for node in root.iter(f'{HTML}th'):
            self.assertIn(node.get('scope'), ('row', 'col'))
        for table in root.iter(f'{HTML}table'):
            widths = {len(row) for row in table.iter(f'{HTML}tr')}
            self.assertEqual(len(widths), 1)
            for row in table.iter(f'{HTML}tbody'):
                self.assertEqual({line[0].tag for line in row}, {f'{HTML}th'})
        for node in root.iter(f'{HTML}img'):
            self.assertTrue(node.get('alt'))
        for node in root.iter(f'{HTML}svg'):
            self.assertTrue(node.get('aria-label') or node.get('aria-hidden') == 'true')
        ids = [node.get('id') for node in root.iter() if node.get('id')]
        self.assertEqual(len(ids), len(set(ids)))
        for link in root.iter(f'{HTML}a'):
            self.assertIn(link.get('href').removeprefix('#'), ids)

    def test_timeline_is_drawn_light_and_dark(self):
        root = self.html(trace('v126-locks'))
        image = root.find(f'.//{HTML}picture/{HTML}img').get('src')
        source = root.find(f'.//{HTML}picture/{HTML}source')
        self.assertIn('prefers-color-scheme: dark', source.get('media'))
        self.assertNotEqual(image, source.get('srcset'))
        for picture in (image, source.get('srcset')):
            head, data = picture.split(',')
            self.assertEqual(head, 'data:image/svg+xml;base64')
            self.assertEqual(xml.fromstring(base64.b64decode(data)).tag,
                             '{http://www.w3.org/2000/svg}svg')

    def test_bars_are_true(self):
        """The parts of a bar are no longer than the bar, and a whole one is full."""
        root = self.html(trace('v126-http'))
        bars = [node for node in root.iter(f'{HTML}svg') if node.get('class') == 'bar']
        self.assertGreater(len(bars), 20)
        sums = [sum(float(part.get('width')) for part in bar.iter(f'{HTML}rect')) for bar in bars]
        self.assertLessEqual(max(sums), 100.1)
        self.assertGreater(max(sums), 99.9)

    def test_size_is_bounded(self):
        for name in ('v126-http', 'v122-tasks'):
            self.assertLess(len(self.report(trace(name), '--format', 'html')), 2 << 20)


class Output(Case):
    def test_suffix_decides(self):
        for suffix, start in (('html', '<!DOCTYPE html>'), ('md', '# '), ('json', '{\n')):
            path = self.folder / f'report.{suffix}'
            self.report(trace('v126-locks'), '-o', path)
            self.assertTrue(path.read_text().startswith(start), suffix)
        path = self.folder / 'report.html'
        self.report(trace('v126-locks'), '-o', path, '--format', 'md')
        self.assertTrue(path.read_text().startswith('# '))

    def test_a_full_disk_is_told(self):
        for name in ('json', 'md', 'html'):
            with open('/dev/full', 'wb') as full:
                result = subprocess.run([PROGRAM, 'report', '--format', name, trace('v126-locks')],
                                        stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(result.returncode, 5, name)

    def test_a_closed_pipe_is_quiet(self):
        for name in ('json', 'md', 'html'):
            out, into = os.pipe()
            process = subprocess.Popen([PROGRAM, 'report', '--format', name, trace('v126-http')],
                                       stdout=into, stderr=subprocess.PIPE)
            os.close(into)
            os.read(out, 1)
            os.close(out)
            self.assertEqual(process.communicate(timeout=60)[1], b'', name)
            self.assertEqual(process.returncode, 0, name)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
