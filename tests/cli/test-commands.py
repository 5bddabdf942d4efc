#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run gander-cli: every command, format, exit status, and what its surroundings can do to it.

Usage: test-commands.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import csv
import gzip
import io
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / 'tests/support'))

from schema import is_sorted, problems  # noqa: E402
from zstd import unpack  # noqa: E402

PIPELINE = ROOT / 'data/examples/pipeline.trace.zst'
ORDERS = ROOT / 'data/examples/orders.trace.zst'
CORPUS = ROOT / 'tests/corpus'
LOCKS = CORPUS / 'v126-locks.trace.zst'
LOCKS_FACTS = json.loads((CORPUS / 'v126-locks.json').read_text())
# As Go writes it: the trace is shorter than a second.
LOCKS_DURATION = f'{LOCKS_FACTS["duration_ns"] / 1e6:.6f}'.rstrip('0') + 'ms'
COMMANDS = ['summary', 'stats', 'profile', 'tasks', 'wakeups', 'gc', 'sched', 'assert', 'events',
            'diff', 'report', 'render', 'index', 'cache', 'sample', 'completion', 'version', 'help']


def run(*args, stdin=None, env=None, **rest):
    return subprocess.run([PROGRAM, *map(str, args)], input=stdin, capture_output=True,
                          env={**os.environ, **(env or {})}, timeout=60, **rest)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='gander-cli-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ok(self, *args, **rest):
        result = run(*args, **rest)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout.decode()

    def fails(self, status, *args, **rest):
        """The sentence for people: one line, naming the program, nothing on standard output."""
        result = run(*args, **rest)
        sentence = result.stderr.decode()
        self.assertEqual(result.returncode, status, sentence)
        self.assertTrue(sentence.startswith('gander-cli: '), sentence)
        self.assertEqual(sentence.count('\n'), 1, sentence)
        self.assertEqual(result.stdout, b'')
        return sentence

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def json(self, name, *args, **rest):
        """A document that follows its schema and has sorted members."""
        document = json.loads(self.ok(name, '--json', *args, **rest))
        schema = json.loads((ROOT / f'data/schema/{name}-1.json').read_text())
        self.assertEqual(list(problems(schema, document)), [])
        self.assertTrue(is_sorted(document))
        return document


class Help(Case):
    def test_list_fits_a_terminal(self):
        text = self.ok('help')
        self.assertLessEqual(text.count('\n'), 24)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertEqual(re.findall(r'^  ([a-z]+) +[A-Z]', text, re.M), COMMANDS)
        for arg in ('--help', '-help', '-h'):
            self.assertEqual(self.ok(arg), text)

    def test_every_command_and_option_is_in_the_manual(self):
        page = (ROOT / 'data/man/gander-cli.1').read_text().replace('\\-', '-')
        statuses = re.findall(r'^ +(\d+)  ', self.ok('help', 'exit-status'), re.M)
        self.assertEqual(re.findall(r'^\.TP\n\.B (\d+)$', page, re.M), statuses)
        for command in COMMANDS:
            text = self.ok('help', command)
            self.assertEqual(self.ok(command, '--help'), text)
            self.assertIn(f'\n.B {command}\n', page)
            for option in re.findall(r'--([a-z-]+)', text.split('ptions:', 1)[1]):
                self.assertIn(f'--{option}', page, command)
            formats = re.search(r'options: --format ([a-z|]+)', text)
            if formats:
                self.assertIn('Formats: ' + formats[1].replace('|', ', ') + '.', page)

    def test_every_command_has_an_example_and_fits_a_line(self):
        for command in COMMANDS:
            text = self.ok('help', command)
            self.assertIn(f'\nExample:\n  gander-cli {command} ', text)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_topics(self):
        for topic in ('conditions', 'exit-status', 'options'):
            self.assertIn(topic, self.ok('help'))
            for line in self.ok('help', topic).splitlines():
                self.assertLessEqual(len(line), 80, line)
        self.assertIn('bogus', self.fails(2, 'help', 'bogus'))

    def test_no_word(self):
        self.assertIn('help', self.fails(2))


class Version(Case):
    def test_text(self):
        self.assertRegex(self.ok('version'), r'^Gander \d+\.\d+\.\d+\n$')
        self.assertIn('GLib', self.ok('version', '-v'))
        self.assertEqual(self.ok('--version'), self.ok('version'))

    def test_json(self):
        self.json('version')


class Summary(Case):
    def test_text(self):
        text = self.ok('summary', LOCKS)
        self.assertIn(f'Duration       {LOCKS_DURATION}\n', text)
        self.assertIn(f'Goroutines     {LOCKS_FACTS["goroutines"]}: ', text)
        self.assertIn('Damage         none\n', text)
        self.assertNotIn('\x1b', text)
        self.assertEqual(re.findall(r' +$', text, re.M), [])

    def test_json_is_the_sidecar(self):
        for name in ('v122-http', 'v125-stw', 'v126-gc', 'v126-empty'):
            sidecar = json.loads((CORPUS / f'{name}.json').read_text())
            document = self.json('summary', CORPUS / f'{name}.trace.zst')
            trace = document['trace']
            for member in ('events', 'goroutines', 'procs', 'threads', 'generations', 'duration_ns',
                           'bytes'):
                self.assertEqual(trace[member], sidecar[member], (name, member))
            self.assertEqual(document['damage'], [])
            self.assertEqual(sum(row['total_ns'] for row in document['states']),
                             document['goroutines']['total_ns'])

    def test_range(self):
        whole = self.json('summary', PIPELINE)
        parts = [self.json('summary', '--range', part, PIPELINE)
                 for part in ('..100ms', '100ms..150.5ms', '150.5ms..')]
        self.assertEqual(sum(part['goroutines']['total_ns'] for part in parts),
                         whole['goroutines']['total_ns'])
        self.assertEqual(parts[1]['begin_ns'], 100000000)
        self.assertEqual(parts[1]['end_ns'], 150500000)

    def test_several_files(self):
        self.assertEqual(self.ok('summary', PIPELINE, ORDERS).count('Duration'), 2)

    def test_standard_input(self):
        self.assertIn(LOCKS_DURATION, self.ok('summary', '-', stdin=LOCKS.read_bytes()))
        self.assertIn(LOCKS_DURATION, self.ok('summary', '-', stdin=unpack(LOCKS)))

    def test_gzip(self):
        path = self.file('a.gz', gzip.compress(unpack(LOCKS)))
        self.assertIn(LOCKS_DURATION, self.ok('summary', path))

    def test_the_same_in_every_locale(self):
        self.assertEqual(self.ok('summary', PIPELINE, env={'LC_ALL': 'de_DE.UTF-8'}),
                         self.ok('summary', PIPELINE))


class Stats(Case):
    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.ok('stats', '--format', 'csv', *args))))

    def test_formats_agree(self):
        rows = self.rows(PIPELINE)
        document = self.json('stats', PIPELINE)
        self.assertEqual([row['function'] for row in rows],
                         [row['function'] for row in document['rows']])
        self.assertEqual([int(row['running']) for row in rows],
                         [row['running_ns'] for row in document['rows']])
        tabs = self.ok('stats', '--format', 'tsv', PIPELINE).splitlines()
        self.assertEqual(tabs[0].split('\t'), list(rows[0]))
        self.assertEqual(len(tabs), len(rows) + 1)

    def test_sort_and_top(self):
        rows = self.rows('-sort', 'sched-wait', '-top', 3, PIPELINE)
        waits = [int(row['sched-wait']) for row in rows]
        self.assertEqual(len(waits), 3)
        self.assertEqual(waits, sorted(waits, reverse=True))
        names = [row['function'] for row in self.rows('--sort=-function', PIPELINE)]
        self.assertEqual(names, sorted(names))

    def test_filter(self):
        rows = self.rows('--filter', 'running > 5ms && function ~ ^main', PIPELINE)
        everything = self.rows(PIPELINE)
        self.assertEqual(rows, [row for row in everything if int(row['running']) > 5000000 and
                                row['function'].startswith('main')])
        self.assertLess(len(rows), len(everything))
        result = run('stats', '--filter', 'running > 5', PIPELINE)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.decode().splitlines()[1:],
                         ['  running > 5', ' ' * 12 + '^'])
        self.assertIn(b'the columns are: ', run('stats', '--filter', 'x > 5', PIPELINE).stderr)

    def test_time(self):
        rows = self.rows(PIPELINE)
        text = self.ok('stats', '--time', 'ns', PIPELINE)
        for row in rows:
            self.assertIn(f' {row["running"]}ns ', text)
        self.assertRegex(self.ok('gc', '--time', 'wall', PIPELINE), r'20\d\d-\d\d-\d\d \d\d:\d\d:')
        for command in COMMANDS:
            if '--time ' in self.ok('help', command) and command not in ('profile', 'assert'):
                for form in ('auto', 'wall', 'ns'):
                    self.ok(command, '--time', form, PIPELINE)
        self.fails(2, 'stats', '--time', 'utc', PIPELINE)

    def test_by_goroutine(self):
        rows = self.rows('--by', 'goroutine', PIPELINE)
        groups = self.rows('--by', 'func', PIPELINE)
        self.assertEqual(len(rows), sum(int(row['goroutines']) for row in groups))
        self.assertEqual(sum(int(row['running']) for row in rows),
                         sum(int(row['running']) for row in groups))
        self.json('stats', '--by', 'goroutine', PIPELINE)

    def test_groupings_add_up(self):
        whole, = self.rows('--by', 'all', ORDERS)
        for by in 'func', 'goroutine', 'creator', 'package':
            rows = self.rows('--by', by, ORDERS)
            for column in 'total', 'running', 'sched-wait', 'syscall', 'waits', 'wakeups', 'sweep':
                self.assertEqual(sum(int(row[column]) for row in rows), int(whole[column]),
                                 (by, column))
        for by in 'all', 'creator', 'package', 'task', 'region':
            self.json('stats', '--by', by, ORDERS)
        self.assertIn('main', [row['package'] for row in self.rows('--by', 'package', ORDERS)])

    def test_a_task_is_what_task_restricts_to(self):
        for by, name in ('task', 'task'), ('region', 'region'):
            rows = self.rows('--by', by, ORDERS)
            self.assertTrue(rows)
            for row in rows:
                kept, = self.rows('--by', 'all', f'--{by}', f'^{re.escape(row[name])}$', ORDERS)
                self.assertEqual(row['running'], kept['running'])
                self.assertEqual(row['goroutines'], kept['goroutines'])

    def test_restrictions(self):
        everything = self.rows('--by', 'goroutine', PIPELINE)
        some = everything[1]
        self.assertEqual(self.rows('--by', 'goroutine', '--goroutine', some['goroutine'], PIPELINE),
                         [some])
        workers = self.rows('--by', 'goroutine', '--func', r'^main\.worker', PIPELINE)
        self.assertEqual(workers, [row for row in everything
                                   if row['function'].startswith('main.worker')])
        self.assertEqual(self.rows('--func', 'no such function', PIPELINE), [])
        self.assertIn('regular', self.fails(2, 'stats', '--func', '(', PIPELINE))

    def test_text_shows_what_is_asked_about(self):
        head = self.ok('stats', PIPELINE).splitlines()[0]
        asked = self.ok('stats', '--sort', 'sched-wait-p99', '--filter', 'wakeups > 0',
                        PIPELINE).splitlines()[0]
        self.assertNotIn('p99', head)
        self.assertIn('Sched wait p99', asked)
        self.assertIn('Wakeups', asked)

    def test_percentiles(self):
        for row in self.rows('--by', 'goroutine', ORDERS):
            for kind in 'wait', 'sched-wait', 'sync-block', 'network-wait', 'syscall':
                ranks = [int(row[f'{kind}-{rank}']) for rank in ('min', 'p50', 'p95', 'p99', 'max')]
                self.assertEqual(ranks, sorted(ranks))
                if int(row[f'{kind}-count']) == 1:
                    self.assertEqual(ranks[0], ranks[4])
            self.assertEqual(row['wait-max'], row['longest-wait'])
            self.assertEqual(row['sched-wait-max'], row['longest-sched-wait'])

    def test_damaged_figures_are_at_least(self):
        path = self.file('cut', unpack(PIPELINE)[:7000])
        self.assertIn('at least', self.ok('stats', path))
        document = json.loads(self.ok('stats', '--json', path))
        self.assertTrue(document['at_least'])
        self.assertNotIn('at least', self.ok('stats', '--format', 'csv', path))
        self.assertFalse(self.json('stats', PIPELINE)['at_least'])

    def test_empty(self):
        path = CORPUS / 'v126-empty.trace.zst'
        for by in 'func', 'goroutine', 'creator', 'package', 'task', 'region', 'all':
            self.ok('stats', '--by', by, path)
            self.json('stats', '--by', by, path)

    def test_names_cannot_command_a_terminal(self):
        name = b'main.\x1b[31mworker\x07'
        data = unpack(PIPELINE).replace(b'main.worker', name[:11].ljust(11, b'\x07'))
        path = self.file('evil', data)
        text = self.ok('stats', path)
        self.assertNotIn('\x1b', text)
        self.assertIn('main.\\x1b[31m', text)

    def test_usage(self):
        self.assertIn('func, goroutine', self.fails(2, 'stats', '--by', 'what', PIPELINE))
        self.assertIn('sched-wait', self.fails(2, 'stats', '--sort', 'what', PIPELINE))


class Wakeups(Case):
    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.ok('wakeups', '--format', 'csv', *args))))

    def test_formats_agree(self):
        for by in ('func', 'goroutine', 'place'):
            rows = self.rows('--by', by, PIPELINE)
            document = self.json('wakeups', '--by', by, PIPELINE)
            self.assertEqual(document['by'], by)
            for column, member in (('count', 'count'), ('waited', 'waited_ns'),
                                   ('burst', 'burst')):
                self.assertEqual([int(row[column]) for row in rows],
                                 [row[member] for row in document['rows']])
            for side in ('waker', 'wakee'):
                self.assertEqual([row[side] for row in rows],
                                 [row[side] for row in document['rows']])

    def test_all_ways_to_add_up(self):
        sums = {(sum(int(row['count']) for row in rows), sum(int(row['waited']) for row in rows))
                for rows in (self.rows('--by', by, PIPELINE)
                             for by in ('func', 'goroutine', 'place'))}
        self.assertEqual(len(sums), 1)
        middle = ('..100ms', '100ms..')
        parts = [sum(int(row['count']) for row in self.rows('--range', part, PIPELINE))
                 for part in middle]
        self.assertEqual(sum(parts), sums.pop()[0])

    def test_only_some(self):
        rows = self.rows('--func', 'worker$', PIPELINE)
        self.assertEqual({row['wakee'] for row in rows}, {'main.worker'})
        rows = self.rows('--filter', 'kind = timer', PIPELINE)
        self.assertEqual({row['waker'] for row in rows}, {'a timer'})

    def test_path_adds_up(self):
        path = self.json('wakeups', '--path', 'G1', PIPELINE)
        self.assertEqual(path['by'], 'hop')
        self.assertEqual(path['path']['duration_ns'], path['trace']['duration_ns'])
        self.assertEqual(path['path']['hops'], len(path['rows']))
        for document in (path, self.json('wakeups', '--path', 'G1', '--by', 'func', PIPELINE),
                         self.json('wakeups', '--path', 'G1', '--range', '50ms..90ms', PIPELINE)):
            self.assertEqual(sum(row['added_ns'] for row in document['rows']),
                             document['path']['duration_ns'])

    def test_path_of_a_task(self):
        task = self.json('tasks', '--by', 'task', ORDERS)['rows'][0]
        path = self.json('wakeups', '--path', f'task:{task["task"]}', ORDERS)['path']
        self.assertEqual(path['duration_ns'], task['duration_ns'])

    def test_path_of_a_span(self):
        hop = self.json('wakeups', '--path', 'G1', PIPELINE)['rows'][2]
        at = f'G{hop["goroutine"]}@{hop["at_ns"]}ns'
        path = self.json('wakeups', '--path', at, PIPELINE)
        self.assertEqual(path['path']['duration_ns'], hop['duration_ns'])
        self.assertIn('in 1 hop;', self.ok('wakeups', '--path', 'G1@0s', PIPELINE))

    def test_usage(self):
        for path in ('G9999999', 'G1@9h', 'G1@soon', 'task:x', 'task:999999', 'main'):
            self.assertIn(path, self.fails(2, 'wakeups', '--path', path, PIPELINE))
        self.fails(2, 'wakeups', '--path', 'G1', '--by', 'place', PIPELINE)


class Tables(Case):
    """Commands with a page for people and a table for each of what --by can be."""
    KINDS = {
        'gc': ('v126-gc', ['cycle', 'pause', 'kind', 'worker', 'assist', 'assist-stack', 'sweep',
                           'sweep-stack', 'mmu', 'worst']),
        'sched': ('v126-stw', ['proc', 'busy', 'time', 'run', 'preemption', 'gomaxprocs']),
    }

    def rows(self, command, *args):
        return list(csv.DictReader(io.StringIO(self.ok(command, '--format', 'csv', *args))))

    def test_formats_agree(self):
        for command, (name, kinds) in self.KINDS.items():
            trace = CORPUS / f'{name}.trace.zst'
            for by in kinds:
                rows = self.rows(command, '--by', by, trace)
                document = self.json(command, '--by', by, trace)
                self.assertGreater(len(rows), 0, by)
                self.assertEqual(document['by'], by)
                self.assertEqual(len(rows), len(document['rows']))
                for cells, members in zip(rows, document['rows']):
                    self.assertEqual(len(cells), len(members))
                text = self.ok(command, '--by', by, '--top', '1', trace)
                self.assertEqual(text.count('\n'), 2, by)

    def test_pages(self):
        for command, (name, kinds) in self.KINDS.items():
            text = self.ok(command, CORPUS / f'{name}.trace.zst')
            self.assertEqual(re.findall(r' +$', text, re.M), [])
            self.assertRegex(text, r'(?m)^Damage +none$')
            for by in re.findall(r'--by ([a-z-]+)', text):
                self.assertIn(by, kinds)
            self.assertGreater(text.count('\n'), self.ok(
                command, '--top', '1', CORPUS / f'{name}.trace.zst').count('\n'))

    def test_nothing_happened(self):
        for command in self.KINDS:
            self.assertIn('none', self.ok(command, CORPUS / 'v126-empty.trace.zst'))

    def test_damage_is_said(self):
        data = unpack(CORPUS / 'v126-regions.trace.zst')
        path = self.file('short', data[:len(data) * 2 // 3])
        for command, (name, kinds) in self.KINDS.items():
            self.assertIn('at least', self.ok(command, path))
            self.assertIn('at least', self.ok(command, '--by', kinds[0], path))

    def test_filter_and_sort(self):
        trace = CORPUS / 'v126-gc.trace.zst'
        rows = self.rows('gc', '--by', 'pause', '--sort', 'duration', trace)
        durations = [int(row['duration']) for row in rows]
        self.assertEqual(durations, sorted(durations, reverse=True))
        some = self.rows('gc', '--by', 'pause', '--filter', f'duration >= {durations[3]}ns', trace)
        self.assertEqual(len(some), 4)


class Tasks(Case):
    KINDS = ('type', 'task', 'region', 'log')

    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.ok('tasks', '--format', 'csv', *args))))

    def test_formats_agree(self):
        for by in self.KINDS:
            rows = self.rows('--by', by, ORDERS)
            document = self.json('tasks', '--by', by, ORDERS)
            self.assertGreater(len(rows), 0)
            self.assertEqual(document['by'], by)
            self.assertEqual(len(rows), len(document['rows']))
            for cells, members in zip(rows, document['rows']):
                self.assertEqual(len(cells), len(members))
                for column, cell in cells.items():
                    member = column.replace('-', '_')
                    value = members.get(member, members.get(f'{member}_ns'))
                    self.assertEqual(str(value), cell, column)

    def test_types_are_sums_of_tasks(self):
        tasks = self.rows('--by', 'task', ORDERS)
        for row in self.rows(ORDERS):
            mine = [task for task in tasks if task['type'] == row['type']]
            self.assertEqual(int(row['tasks']), len(mine))
            self.assertEqual(int(row['running']), sum(int(task['running']) for task in mine))
            self.assertEqual(int(row['total']), sum(int(task['duration']) for task in mine
                                                    if task['complete'] == '1'))

    def test_name_and_min(self):
        rows = self.rows('--by', 'task', '--min', '20ms', ORDERS)
        self.assertGreater(len(rows), 0)
        self.assertLess(len(rows), len(self.rows('--by', 'task', ORDERS)))
        for row in rows:
            self.assertGreaterEqual(int(row['duration']), 20000000)
        name = rows[0]['type']
        for row in self.rows('--by', 'task', '--name', f'^{name}$', ORDERS):
            self.assertEqual(row['type'], name)
        message = self.rows('--by', 'log', ORDERS)[0]['message']
        found = self.rows('--by', 'log', '--name', re.escape(message), ORDERS)
        self.assertGreater(len(found), 0)
        for row in found:
            self.assertIn(message, row['message'] + row['category'])

    def test_histogram(self):
        for by in ('type', 'region'):
            document = self.json('tasks', '--by', by, '--histogram', ORDERS)
            for row in document['rows']:
                counts = [bucket['count'] for bucket in document['histogram']
                          if bucket['type'] == row['type']]
                self.assertEqual(sum(counts), row.get('complete', row.get('regions')))
            rows = self.rows('--by', by, '--histogram', ORDERS)
            self.assertEqual(len(rows), len(document['histogram']))
            text = self.ok('tasks', '--by', by, '--histogram', '--top', '1', ORDERS)
            self.assertIn('#' * 40 + '\n', text)
            self.assertNotIn('#' * 41, text)
            self.assertEqual(re.findall(r' +$', text, re.M), [])
        self.assertIn('--by', self.fails(2, 'tasks', '--by', 'log', '--histogram', ORDERS))

    def test_nothing_is_said(self):
        result = run('tasks', PIPELINE)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'trace.NewTask', result.stderr)
        result = run('tasks', CORPUS / 'v126-tasks.trace.zst', '--name', 'there is no such')
        self.assertEqual((result.returncode, result.stderr), (0, b''))

    def test_damage_is_said(self):
        data = unpack(CORPUS / 'v126-regions.trace.zst')
        path = self.file('short', data[:len(data) * 2 // 3])
        result = run('tasks', path)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'at least', result.stdout)
        self.assertNotIn('at least', self.ok('tasks', ORDERS))

    def test_usage(self):
        self.assertIn('region', self.fails(2, 'tasks', '--by', 'what', ORDERS))
        self.assertIn('--name', self.fails(2, 'tasks', '--name', '(', ORDERS))
        self.assertIn('--min', self.fails(2, 'tasks', '--min', 'soon', ORDERS))


class Events(Case):
    def test_counts_are_the_sidecars(self):
        for name in ('v122-regions', 'v124-allocfree', 'v126-stw'):
            sidecar = json.loads((CORPUS / f'{name}.json').read_text())
            text = self.ok('events', '--format', 'ndjson', CORPUS / f'{name}.trace.zst')
            counts = {}
            last = -1
            for line in text.splitlines():
                event = json.loads(line)
                counts[event['kind']] = counts.get(event['kind'], 0) + 1
                self.assertGreater(event['t_ns'], last)
                last = event['t_ns']
            self.assertEqual(counts, sidecar['kinds'], name)
            lines = self.ok('events', CORPUS / f'{name}.trace.zst').splitlines()
            self.assertEqual(len(lines), sidecar['events'], name)

    def test_filters(self):
        lines = self.ok('events', '-goroutine', 'G22,23', '-kind', 'GoBlock', '-range', '..50ms',
                        LOCKS).splitlines()
        self.assertGreater(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r'^0\.0[0-4]\d+ M\d+ +P\d+ +G2[23] +GoBlock +G2[23] Running->W')

    def test_stacks(self):
        text = self.ok('events', '--stacks', '--kind', 'GoBlock', '--goroutine', '1', LOCKS)
        self.assertRegex(text, r'\n\tstack:\n(\t\t.*\n)*\t\tmain.locks rare/main.go:\d+\n')

    def test_alias_of_go_tool_trace(self):
        text = self.ok('events', PIPELINE)
        self.assertEqual(self.ok('-d=parsed', PIPELINE), text)
        self.assertEqual(self.ok('-d=parsed', PROGRAM, PIPELINE), text)

    def test_wire(self):
        text = self.ok('events', '--wire', PIPELINE)
        self.assertEqual(self.ok('-d=wire', PIPELINE), text)
        self.assertEqual(self.ok('-d', 'wire', PROGRAM, PIPELINE), text)
        self.assertRegex(text, r'^EventBatch gen=1 m=\d+ time=\d+ size=\d+\n')
        blocks = self.ok('events', '--wire', '--kind', 'GoBlock', PIPELINE).splitlines()
        self.assertEqual(blocks, [line for line in text.splitlines() if line[:8] == 'GoBlock '])
        self.assertIn('--kind alone', self.fails(2, 'events', '--wire', '--stacks', PIPELINE))

    def test_wire_is_that_of_go(self):
        if shutil.which('go') is None:
            self.skipTest('no Go')
        for name in ('v122-http', 'v124-regions', 'v126-weak', 'v126-tasks'):
            trace = self.file('t.trace', unpack(CORPUS / f'{name}.trace.zst'))
            reference = subprocess.run(['go', 'tool', 'trace', '-d=wire', trace],
                                       capture_output=True,
                                       timeout=600)  # Go builds its tools when asked
            if reference.returncode == 0:
                self.assertEqual(run('-d=wire', trace).stdout, reference.stdout)

    def test_footprint_is_the_whole_file(self):
        for name in ('v122-http', 'v124-allocfree', 'v126-tasks'):
            trace = self.file('t.trace', unpack(CORPUS / f'{name}.trace.zst'))
            text = self.ok('-d=footprint', trace)
            sizes = re.findall(r'^\w+ +([0-9,]+) ', text, re.M)
            self.assertEqual(sum(int(size.replace(',', '')) for size in sizes) + 16,
                             trace.stat().st_size)

    def test_damaged_wire(self):
        data = unpack(PIPELINE)
        path = self.file('bad', data[:3000] + b'\xff' * 50 + data[3050:9000])
        self.assertIn('\n# byte ', self.ok('-d=wire', path))
        self.assertEqual(run('-d=wire', '--strict', path).returncode, 4)
        self.fails(3, '-d=wire', self.file('none', b'hello'))

    def test_usage(self):
        self.assertIn('GoBlok', self.fails(2, 'events', '--kind', 'GoBlok', PIPELINE))
        self.fails(2, 'events', '--goroutine', 'x', PIPELINE)


class GoToolTrace(Case):
    """Its options, so that an alias works."""

    def test_profiles(self):
        for kind in ('net', 'sync', 'syscall', 'sched'):
            profile = run('profile', '--type', kind, PIPELINE).stdout
            self.assertEqual(profile[:2], b'\x1f\x8b')
            for args in ((f'-pprof={kind}',), ('-pprof', kind), (f'--pprof={kind}', PROGRAM)):
                self.assertEqual(run(*args, PIPELINE).stdout, profile)
        self.assertIn('net, sync', self.fails(2, '-pprof=heap', PIPELINE))


class Diff(Case):
    def test_itself(self):
        document = self.json('diff', PIPELINE, PIPELINE)
        self.assertEqual({row['verdict'] for row in document['rows']}, {'same'})
        self.assertEqual({row['change'] for row in document['rows']}, {0})

    def test_swapped(self):
        forth = self.json('diff', ORDERS, PIPELINE)['rows']
        back = self.json('diff', PIPELINE, ORDERS)['rows']
        self.assertEqual([row['change'] for row in forth], [-row['change'] for row in back])

    def test_text(self):
        text = self.ok('diff', ORDERS, PIPELINE)
        self.assertIn('Wall time', text)
        self.assertIn('slower', text)
        self.assertIn('worse', text)
        rows = list(csv.DictReader(io.StringIO(self.ok('diff', '-format', 'csv', ORDERS, LOCKS))))
        self.assertEqual(rows[0]['metric'], 'wall')
        self.assertEqual(int(rows[0]['b']), LOCKS_FACTS['duration_ns'])

    def test_one_file_is_not_enough(self):
        self.fails(2, 'diff', PIPELINE)


class Assert(Case):
    def check(self, status, *args):
        result = run('assert', *args)
        self.assertEqual(result.returncode, status, result.stderr.decode())
        return result.stdout.decode()

    def figures(self, *args):
        document = self.json('assert', '--list', *args)
        return {row['name']: row['value'] for row in document['figures']}

    def test_every_condition_is_told_with_its_value(self):
        text = self.check(1, PIPELINE, '--fail-if', 'gc.cycles > 1', '--fail-if',
                          'heap.max > 1GiB', '--fail-if', 'sched.p99 > 1h || sched.max < 1ns')
        lines = text.splitlines()
        self.assertRegex(lines[1], r'^FAIL +gc.cycles > 1 +gc.cycles = 2$')
        self.assertRegex(lines[2], r'^ok +heap.max > 1GiB +heap.max = 6.5MiB$')
        self.assertRegex(lines[3], r'^ok .* sched.p99 = 4.786ms, sched.max = 5.297ms$')
        self.check(0, PIPELINE, '-fail-if', 'gc.cycles > 2')
        self.assertIn(b'1 of 1 conditions failed\n',
                      run('assert', PIPELINE, '--fail-if', 'duration > 1ms').stderr)

    def test_what_is_not_known_fails(self):
        text = self.check(1, PIPELINE, '--fail-if', 'task("none").p99 > 1h')
        self.assertIn('not known', text)
        document = json.loads(self.check(1, '--json', PIPELINE, '--fail-if',
                                         'region("none").p99 > 1h'))
        self.assertEqual(document['conditions'][0]['result'], 'not-known')
        self.assertIsNone(document['figures'][0]['value'])

    def test_list(self):
        names = re.findall(r'^(\S+) ', self.ok('assert', '--list'), re.M)[1:]
        self.assertEqual(len(names), len(set(names)))
        for name in ('sched.p99', 'gc.stw.max', 'goroutines.leaked', 'task("NAME").p99',
                     'region("NAME").p99', 'waker.total', 'heap.max'):
            self.assertIn(name, names)
        figures = self.figures(ORDERS)
        self.assertEqual(list(figures), [name for name in names if '(' not in name])
        self.assertEqual(self.json('assert', '--list')['conditions'], [])
        conditions = [word for name in figures for word in ('--fail-if', f'{name} < 0')
                      if 'share' not in name and self.unit(name) == 'count']
        self.check(0, ORDERS, *conditions)

    def unit(self, name):
        for row in self.json('assert', '--list')['figures']:
            if row['name'] == name:
                return row['unit']
        return None

    def test_agrees_with_the_reference(self):
        for name in ('v122-http', 'v126-gc', 'v126-locks', 'v124-regions', 'v126-empty'):
            reference = json.loads(unpack(CORPUS / f'figures/{name}.json.zst'))
            figures = self.figures(CORPUS / f'{name}.trace.zst')
            for kind, profile in reference['profiles']['sound'].items():
                for figure in ('count', 'open'):
                    self.assertEqual(figures[f'{kind}.{figure}'], profile.get(figure, 0))
                for figure in ('total', 'max', 'p50', 'p95', 'p99'):
                    self.assertEqual(figures[f'{kind}.{figure}'], profile.get(f'{figure}_ns', 0))
            self.assertEqual(figures['gc.cycles'], reference['gc'].get('cycles', 0))
            self.assertEqual(figures['gc.mark.max'], reference['gc'].get('mark_max_ns', 0))
            self.assertEqual(figures['goroutines.count'], reference['trace'].get('goroutines', 0))
            self.assertEqual(figures['running'], reference['occupancy'].get('running_ns', 0))

    def test_leaks(self):
        expected = {'leak-send.bad': 1200, 'leak-waitgroup.bad': 50, 'missed-wakeup.bad': 40}
        stories = sorted((ROOT / 'tests/stories').glob('*.trace.zst'))
        self.assertGreater(len(stories), 10)
        self.check(0, PIPELINE, '--fail-if', 'goroutines.leaked != 3')
        for trace in stories:
            name = trace.name.removesuffix('.trace.zst')
            condition = f'goroutines.leaked != {expected.get(name, 0)}'
            if name == 'leak-recv.bad':  # the youngest of them have not waited long enough
                condition = 'goroutines.leaked < 300 || goroutines.leaked > 360'
            self.check(0, trace, '--fail-if', condition)

    def test_functions_and_utilisation(self):
        for row in csv.DictReader(io.StringIO(self.ok('stats', '--format', 'csv', PIPELINE))):
            if row['function']:
                for column in ('total', 'running', 'sched-wait', 'longest-wait'):
                    self.check(0, PIPELINE, '--fail-if',
                               f'func("{row["function"]}").{column} != {row[column]}ns')
        reference = json.loads(unpack(CORPUS / 'figures/v126-gc.json.zst'))
        for window, share in reference['mmu']['windows'].items():
            name = f'gc.mmu.{window}ns'
            self.check(0, CORPUS / 'v126-gc.trace.zst', '--fail-if',
                       f'{name} < {max(0, share - 1e-6):.7f} || {name} > {min(1, share + 1e-6):.7f}')

    def test_tasks_and_regions(self):
        name = 'v126-tasks' if (CORPUS / 'v126-tasks.trace.zst').exists() else 'v126-regions'
        reference = json.loads(unpack(CORPUS / f'figures/{name}.json.zst'))
        trace = CORPUS / f'{name}.trace.zst'
        n = 0
        for group, rows in (('task', reference['task_types']), ('region',
                                                                reference['region_types'])):
            for row in rows:
                if row['type'] and '"' not in row['type']:
                    self.check(0, trace, '--fail-if',
                               f'{group}("{row["type"]}").p99 != {row.get("p99_ns", 0)}ns')
                    n += 1
        self.assertGreater(n, 0)

    def test_baseline(self):
        self.check(0, PIPELINE, '--baseline', PIPELINE, '--fail-if', 'sched.p99 > baseline')
        self.check(1, PIPELINE, '--baseline', PIPELINE, '--fail-if', 'sched.p99 > 0.9 * baseline')
        stored = self.file('base.json', self.ok('assert', '--list', '--json', PIPELINE).encode())
        self.check(0, PIPELINE, '--baseline', stored, '--fail-if', 'procs.share > 1.01 * baseline')
        text = self.check(1, ORDERS, '--baseline', stored, '--fail-if', 'gc.cycles != baseline')
        self.assertIn('baseline.gc.cycles = 2', text)
        for bad in (b'{', b'{}', b'{"schema": "gander/assert/1"}',
                    b'{"schema": "gander/assert/1", "figures": {}}'):
            self.assertIn('--baseline', self.fails(2, 'assert', ORDERS, '--baseline',
                                                   self.file('bad.json', bad), '--fail-if',
                                                   'gc.cycles > baseline'))

    def test_a_baseline_that_lacks_the_figure(self):
        for rows in (b'[1]', b'[]', b'[{"name": "events"}]', b'[{"name": [], "value": 1}]',
                     b'[{"name": "events", "value": null}]'):
            stored = self.file('base.json', b'{"schema": "gander/assert/1", "figures": %s}' % rows)
            text = self.check(1, ORDERS, '--baseline', stored, '--fail-if', 'events > baseline')
            self.assertIn('baseline.events = not known', text)

    def test_junit(self):
        text = self.check(1, ORDERS, '--format', 'junit', '--fail-if', 'duration > 1ms',
                          '--fail-if', 'task("a<b").p99 > 1s && heap.max > 5GiB', '--fail-if',
                          'events < 3')
        suite = xml.etree.ElementTree.fromstring(text)
        self.assertEqual((suite.get('tests'), suite.get('failures')), ('3', '2'))
        self.assertEqual([case.find('failure') is not None for case in suite], [True, True, False])

    def test_github(self):
        text = self.check(1, ORDERS, '--format', 'github', '--fail-if', 'duration > 1ms',
                          '--fail-if', 'gc.share > 100%')
        self.assertRegex(text, r'^::error title=gander assert::duration > 1ms .*\n::notice ')
        self.assertIn('100%25', text)

    def test_usage(self):
        for args in ((), ('--list', '--fail-if', 'events > 0', ORDERS), (ORDERS,),
                     ('--fail-if', 'events > 0'), ('--list', '--format', 'junit')):
            self.fails(2, 'assert', *args)
        result = run('assert', ORDERS, '--fail-if', 'gc.cycles > 1 && schd.p99 > 1ms')
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.decode().splitlines()[1:],
                         ['  gc.cycles > 1 && schd.p99 > 1ms', ' ' * 19 + '^'])
        self.assertIn(b'baseline', run('assert', ORDERS, '--fail-if', 'events > baseline').stderr)


class Render(Case):
    def test_formats(self):
        heads = {'png': b'\x89PNG\r\n', 'svg': b'<?xml', 'pdf': b'%PDF-'}
        for suffix, head in heads.items():
            path = self.folder / f'a.{suffix}'
            self.assertEqual(self.ok('render', PIPELINE, '-o', path), '')
            self.assertTrue(path.read_bytes().startswith(head))
            result = run('render', PIPELINE, '-o', '-', '--format', suffix)
            self.assertTrue(result.stdout.startswith(head))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ['a.pdf', 'a.png', 'a.svg'])

    def size(self, *args):
        data = run('render', PIPELINE, '-o', '-', *args).stdout
        return int.from_bytes(data[16:20], 'big'), int.from_bytes(data[20:24], 'big')

    def test_size(self):
        self.assertEqual(self.size('--width', 800, '--height', 400), (800, 400))
        self.assertEqual(self.size('--width', 800, '--height', 400, '--scale', 2), (1600, 800))
        self.assertLess(self.size('--rows', 3)[1], self.size()[1])

    def test_theme_and_range(self):
        pictures = {run('render', PIPELINE, '-o', '-', *args).stdout
                    for args in ((), ('--theme', 'dark'), ('--range', '10ms..20ms'))}
        self.assertEqual(len(pictures), 3)

    def test_usage(self):
        for args in ((), ('-o', 'a.jpg'), ('-o', 'a.png', '--theme', 'pink'),
                     ('-o', 'a.png', '--scale', 'x'), ('-o', 'a.png', '--height', '-3'),
                     ('-o', 'a.png', '--width', '99999')):
            self.fails(2, 'render', PIPELINE, *args, cwd=self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_trouble(self):
        self.fails(5, 'render', PIPELINE, '-o', self.folder / 'no/a.png')


class Index(Case):
    def test_builds_once(self):
        env = {'XDG_CACHE_HOME': str(self.folder)}
        first, second, forced = (json.loads(self.ok('index', '--json', *args, PIPELINE, env=env))
                                 for args in ((), (), ('--force',)))
        self.assertTrue(first['built'])
        self.assertFalse(second['built'])
        self.assertTrue(forced['built'])
        self.assertEqual(os.stat(first['path']).st_size, first['bytes'])
        self.assertIn(first['path'], self.ok('index', PIPELINE, env=env))
        self.json('index', PIPELINE)

    def test_cache(self):
        env = {'XDG_CACHE_HOME': str(self.folder)}
        self.assertEqual(self.ok('cache', env=env), '0 indexes, 0\u202fB.\n')
        paths = []
        for age, trace in ((2000, PIPELINE), (1000, ORDERS), (3000, LOCKS)):
            paths.append(json.loads(self.ok('index', '--json', trace, env=env))['path'])
            os.utime(paths[-1], (age, age))
        first = self.json('cache', env=env)
        self.assertEqual([row['index'] for row in first['rows']],
                         [os.path.basename(paths[i]) for i in (1, 0, 2)])
        self.assertEqual(first['bytes'], sum(row['size_bytes'] for row in first['rows']))
        self.assertEqual(first['rows'][1]['trace_size_bytes'], PIPELINE.stat().st_size)
        self.assertIn('3 indexes', self.ok('cache', env=env))
        rest = first['rows'][1]['size_bytes'] + first['rows'][2]['size_bytes']
        second = self.json('cache', '--max', str(rest), env=env)
        self.assertEqual((second['removed'], second['removed_bytes'], second['bytes']),
                         (1, first['rows'][0]['size_bytes'], rest))
        self.assertFalse(os.path.exists(paths[1]))
        self.assertIn('Removed 2 indexes', self.ok('cache', '--clear', env=env))
        self.assertEqual(self.json('cache', env=env)['rows'], [])
        self.assertIn('2GiB', self.fails(2, 'cache', '--max', 'much', env=env))

    def test_no_place_for_the_index(self):
        (self.folder / 'gander').mkdir()
        (self.folder / 'gander').chmod(0o777)
        result = run('summary', PIPELINE, env={'XDG_CACHE_HOME': str(self.folder)})
        self.assertEqual(result.returncode, 0)
        self.assertIn('the index was not kept', result.stderr.decode())
        self.assertEqual(result.stderr.decode().count('\n'), 1)

    def test_no_cache(self):
        self.ok('summary', '--no-cache', PIPELINE, env={'XDG_CACHE_HOME': str(self.folder)})
        self.assertEqual([path for path in self.folder.rglob('*') if path.is_file()], [])


class Sample(Case):
    def test_list(self):
        rows = self.json('sample')['rows']
        self.assertEqual([row['name'] for row in rows], ['pipeline', 'orders'])
        for row in rows:
            self.assertTrue(pathlib.Path(row['path']).is_file())
            self.assertIn(row['shows'], self.ok('sample'))

    def test_copy(self):
        path = self.folder / 'a.trace.zst'
        self.ok('sample', 'pipeline', '-o', path)
        self.assertEqual(path.read_bytes(), PIPELINE.read_bytes())
        self.assertEqual(run('sample', 'orders').stdout, ORDERS.read_bytes())
        self.fails(5, 'sample', 'orders', '-o', path)
        self.assertIn('pipeline, orders', self.fails(2, 'sample', 'what'))


class Completion(Case):
    def bash(self, *words):
        """What bash offers for the last of the words."""
        script = self.file('bash', self.ok('completion', 'bash').encode())
        quoted = ' '.join(f"'{word}'" for word in words)
        command = (f'source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; '
                   '_gander_cli; printf "%s\n" "${COMPREPLY[@]}"')
        result = subprocess.run(['bash', '--norc', '-uc', command], capture_output=True, timeout=60)
        self.assertEqual(result.stderr, b'')
        return result.stdout.decode().split()

    def test_bash(self):
        self.assertEqual(self.bash('gander-cli', ''), COMMANDS)
        self.assertEqual(self.bash('gander-cli', 'sta'), ['stats'])
        self.assertEqual(self.bash('gander-cli', 'stats', '--so'), ['--sort'])
        self.assertEqual(self.bash('gander-cli', 'stats', '--format', ''),
                         ['text', 'csv', 'tsv', 'json'])
        self.assertEqual(self.bash('gander-cli', 'stats', '--format', '=', 'c'), ['csv'])
        self.assertEqual(self.bash('gander-cli', 'render', '-theme', 'd'), ['dark'])
        self.assertEqual(self.bash('gander-cli', 'sample', 'pi'), ['pipeline'])
        self.assertEqual(self.bash('gander-cli', 'help', 'exi'), ['exit-status'])
        self.assertEqual(self.bash('gander-cli', 'stats', 'x'), [])
        self.assertNotIn('--format', self.bash('gander-cli', 'help', '--'))

    def test_every_option(self):
        for command in COMMANDS:
            common = self.ok('help', command)
            options = set(re.findall(r' (--[a-z-]+)', common.split('ptions:', 1)[1]
                                     .split('Example:')[0]))
            self.assertEqual(set(self.bash('gander-cli', command, '--')), options, command)
            for shell in ('zsh', 'fish'):
                text = self.ok('completion', shell)
                for option in options:
                    self.assertIn(option if shell == 'zsh' else f'-l {option[2:]} ', text)

    def test_other_shells(self):
        for shell in ('zsh', 'fish'):
            if shutil.which(shell) is None:
                continue
            script = self.file(shell, self.ok('completion', shell).encode())
            result = subprocess.run([shell, '-n', script], capture_output=True, timeout=60)
            self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.fails(2, 'completion', 'csh')


class Trouble(Case):
    def test_what_is_no_trace(self):
        profile = gzip.compress(b'\x0a\x04\x08\x01\x10\x02\x12\x00\x1a\x00')
        cases = {'empty': b'', 'short': b'go', 'text': b'hello, world\n' * 9,
                 'elf': b'\x7fELF' + bytes(64), 'png': b'\x89PNG\r\n\x1a\n' + bytes(64),
                 'zeroes': bytes(16), 'profile': profile, 'html': b'<!DOCTYPE html><p>404',
                 'old': b'go 1.11 trace\0\0\0' + bytes(64)}
        for name, data in cases.items():
            path = self.file(name, data)
            for command in ('summary', 'events', 'stats'):
                self.assertIn(name, self.fails(3, command, path), name)

    def test_files(self):
        self.fails(5, 'summary', self.folder / 'missing')
        self.fails(5, 'summary', self.folder)
        self.fails(5, 'events', self.folder / 'missing')

    def test_damaged(self):
        path = self.file('cut', unpack(PIPELINE)[:7000])
        result = run('summary', '--json', path)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'warning: The trace ends early', result.stderr)
        self.assertIn('trace-cut', [row['code'] for row in json.loads(result.stdout)['damage']])
        self.assertEqual(run('summary', '-q', path).stderr, b'')
        self.json('summary', path)
        self.assertIn('at least', self.ok('stats', path))
        self.assertNotIn('at least', self.ok('stats', PIPELINE))
        self.assertNotIn('at least', self.ok('stats', '--format', 'csv', path))
        for command in ('summary', 'stats', 'events'):
            self.assertEqual(run(command, '--strict', '-q', path).returncode, 4)
        self.assertEqual(run('summary', '--strict', PIPELINE).returncode, 0)

    def test_usage(self):
        self.assertIn('bogus', self.fails(2, 'bogus'))
        self.assertIn('summary', self.fails(2, str(PIPELINE)))
        self.assertIn('--bogus', self.fails(2, 'summary', '--bogus', PIPELINE))
        self.fails(2, 'summary')
        self.fails(2, 'stats', PIPELINE, ORDERS)
        self.fails(2, 'summary', '--format', 'pdf', PIPELINE)
        self.fails(2, 'summary', '--color', 'maybe', PIPELINE)
        for part in ('5', '5ms..4ms', '1h..', 'x..y'):
            self.fails(2, 'summary', '--range', part, PIPELINE)

    def test_slips(self):
        self.assertIn('did you mean “stats”?', self.fails(2, 'stat', PIPELINE))
        self.assertIn('did you mean “summary”?', self.fails(2, 'sumary', PIPELINE))
        self.assertNotIn('did you mean', self.fails(2, 'frobnicate', PIPELINE))
        result = run('assert', PIPELINE, '--fail-if', 'goroutines.leakd>0')
        self.assertIn('did you mean “goroutines.leaked”?', result.stderr.decode())
        self.assertIn('--top -3', self.fails(2, 'stats', '--top', '-3', PIPELINE))
        self.fails(2, 'summary', '--unpack-limit', '-1', PIPELINE)
        for args in (('--filter', 'running > 9h'), ('--goroutine', '99999'), ('--func', 'none')):
            result = run('stats', *args, PIPELINE)
            self.assertEqual(result.returncode, 0)
            self.assertIn(b'nothing fits', result.stderr)
            self.assertEqual(run('stats', '-q', *args, PIPELINE).stderr, b'')

    def test_a_file_named_like_an_option(self):
        (self.folder / '-v').write_bytes(LOCKS.read_bytes())
        self.assertIn(LOCKS_DURATION, self.ok('summary', '--', '-v', cwd=self.folder))


class Surroundings(Case):
    def test_closed_pipe_ends_quietly(self):
        with subprocess.Popen([PROGRAM, 'events', CORPUS / 'v126-http.trace.zst'],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b'')
            self.assertEqual(process.wait(30), 0)

    def test_full_disk(self):
        for command in ('summary', 'stats', 'events'):
            with open('/dev/full', 'wb') as full:
                result = subprocess.run([PROGRAM, command, PIPELINE], stdout=full,
                                        stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(result.returncode, 5)
            self.assertIn(b'No space left', result.stderr)
            self.fails(5, command, PIPELINE, '-o', '/dev/full')

    def test_output_file(self):
        path = self.folder / 'a.txt'
        self.ok('summary', PIPELINE, '-o', path)
        self.assertEqual(path.read_text(), self.ok('summary', PIPELINE))
        self.ok('version', '-o', path)
        self.assertIn('Gander', path.read_text())
        self.assertEqual([p.name for p in self.folder.iterdir()], ['a.txt'])

    def test_a_trace_is_not_overwritten(self):
        data = unpack(PIPELINE)
        path = self.file('a.trace', data)
        self.fails(5, 'summary', path, '-o', path)
        self.fails(5, 'summary', PIPELINE, '-o', path)
        self.fails(5, 'render', PIPELINE, '-o', path, '--format', 'png')
        self.assertEqual(path.read_bytes(), data)
        self.ok('summary', PIPELINE, '-f', '-o', path)
        self.assertNotEqual(path.read_bytes(), data)

    def terminal(self, *args, env=None):
        """What a terminal would show on standard output."""
        try:
            ours, theirs = pty.openpty()
        except OSError:
            self.skipTest('no pseudo-terminal to be had')
        with subprocess.Popen([PROGRAM, *args], stdout=theirs, stderr=subprocess.DEVNULL,
                              env={**os.environ, **(env or {})}) as process:
            os.close(theirs)
            text = b''
            try:
                while chunk := os.read(ours, 65536):
                    text += chunk
            except OSError:  # the other end is closed
                pass
            os.close(ours)
            return process.wait(60), text

    def test_color(self):
        env = {name: value for name, value in os.environ.items() if name != 'NO_COLOR'}
        os.environ.pop('NO_COLOR', None)
        self.assertIn(b'\x1b[', self.terminal('summary', PIPELINE, env=env)[1])
        self.assertNotIn(b'\x1b[', self.terminal('summary', PIPELINE, env={'NO_COLOR': '1'})[1])
        self.assertNotIn(b'\x1b[', self.terminal('summary', '--color', 'never', PIPELINE)[1])
        self.assertIn('\x1b[', self.ok('stats', '--color', 'always', PIPELINE))
        self.assertIn('\x1b[31m', self.ok('diff', '--color', 'always', ORDERS, PIPELINE))

    def test_a_picture_is_not_for_a_terminal(self):
        status, text = self.terminal('render', PIPELINE, '-o', '-')
        self.assertEqual((status, text), (2, b''))

    def test_interrupt(self):
        with subprocess.Popen([PROGRAM, 'summary', '-'], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(unpack(PIPELINE)[:1000])
            process.stdin.flush()
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(10), 130)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
