#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run gander-cli profile: what other programs read of it, and what people do with it.

Usage: test-profile.py GANDER-CLI SOURCE-ROOT [UNITTEST-ARGUMENT...]
"""
import collections
import csv
import io
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / 'tests/support'))

import pprof  # noqa: E402
import schema  # noqa: E402
import zstd  # noqa: E402

CORPUS = ROOT / 'tests/corpus'
TYPES = ['net', 'sync', 'syscall', 'sched', 'waker']
TRACES = ['v122-syscalls', 'v125-locks', 'v126-coro', 'v126-http', 'v126-regions', 'v126-tasks']
GO = shutil.which('go')
GO_VERSION = subprocess.run([GO, 'env', 'GOVERSION'], capture_output=True,
                            text=True).stdout.strip() if GO else ''


def trace(name):
    return CORPUS / f'{name}.trace.zst'


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='gander-profile-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_profile(self, *args, **rest):
        return subprocess.run([PROGRAM, 'profile', *map(str, args)], capture_output=True,
                              timeout=60, **rest)

    def ok(self, *args, **rest):
        result = self.run_profile(*args, **rest)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout

    def fails(self, status, *args, **rest):
        result = self.run_profile(*args, **rest)
        self.assertEqual(result.returncode, status, result.stderr.decode())
        self.assertEqual(result.stdout, b'')
        return result.stderr.decode()

    def json(self, *args):
        document = json.loads(self.ok('--json', *args))
        description = json.loads((ROOT / 'data/schema/profile-1.json').read_text())
        self.assertEqual(list(schema.problems(description, document)), [])
        self.assertTrue(schema.is_sorted(document))
        return document

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path


class Pprof(Case):
    def test_the_same_figures_as_json(self):
        """The decoder checks that texts, functions and locations are there once."""
        for name in TRACES:
            for kind in TYPES:
                with self.subTest(f'{name} {kind}'):
                    profile = pprof.Profile(self.ok('--type', kind, trace(name)))
                    document = self.json('--type', kind, trace(name))
                    self.assertEqual(profile.total(), (document['sum']['count'],
                                                       document['sum']['total_ns']))
                    self.assertEqual(profile.by_stack(),
                                     {tuple(r['stack']): (r['count'], r['total_ns'])
                                      for r in document['records']})
                    places = list(profile.locations.values())
                    self.assertEqual(len(set(places)), len(places))
                    self.assertEqual(profile.time, document['trace']['wall_ns'])
                    self.assertEqual(profile.duration, document['trace']['duration_ns'])
                    self.assertEqual(profile.comments[1:], [])

    def test_head_is_that_of_go(self):
        profile = pprof.Profile(self.ok('--type', 'net', trace('v126-http')))
        self.assertEqual(profile.sample_types, [('contentions', 'count'), ('delay', 'nanoseconds')])
        self.assertEqual(profile.period_type, ('trace', 'count'))
        self.assertEqual(profile.period, 1)

    def test_the_same_bytes_each_time(self):
        args = '--type', 'sched', trace('v126-http')
        self.assertEqual(self.ok(*args), self.ok(*args))

    def test_time_of_a_range(self):
        document = self.json('--type', 'sched', '--range', '2ms..5ms', trace('v126-tasks'))
        profile = pprof.Profile(self.ok('--type', 'sched', '--range', '2ms..5ms',
                                        trace('v126-tasks')))
        self.assertEqual((document['begin_ns'], document['end_ns']), (2000000, 5000000))
        self.assertEqual(profile.time, document['trace']['wall_ns'] + 2000000)
        self.assertEqual(profile.duration, 3000000)
        self.assertEqual(profile.total()[1], document['sum']['total_ns'])


class Labels(Case):
    def labels(self, *args):
        """Total by value, for each label."""
        sums = collections.defaultdict(collections.Counter)
        for sample in pprof.Profile(self.ok(*args)).samples:
            for key, value in sample.labels.items():
                sums[key][value] += sample.values[1]
        return sums

    def test_values_are_those_of_the_trace(self):
        sums = self.labels('--type', 'sync', trace('v126-tasks'))
        total = self.json('--type', 'sync', trace('v126-tasks'))['sum']['total_ns']
        stats = json.loads(subprocess.run(
            [PROGRAM, 'stats', '--json', trace('v126-tasks')], capture_output=True).stdout)
        self.assertEqual(sums['state'], {'blocked': total})
        self.assertEqual(sum(sums['reason'].values()), total)
        self.assertLessEqual(set(sums['reason']), {'chan receive', 'sync', 'select'})
        self.assertEqual(sums['function'], {row['function']: row['sync_block_ns']
                                            for row in stats['rows'] if row['sync_block_ns']})
        self.assertEqual(set(sums['task']), {'request'})
        self.assertIn('handle', sums['region'])

    def test_system_calls_with_and_without_processor(self):
        sums = self.labels('--type', 'syscall', trace('v126-syscalls'))
        stats = json.loads(subprocess.run(
            [PROGRAM, 'stats', '--json', trace('v126-syscalls')], capture_output=True).stdout)
        self.assertEqual(sums['state'],
                         {'syscall': sum(r['syscall_ns'] for r in stats['rows']),
                          'syscall-blocked': sum(r['blocking_syscall_ns'] for r in stats['rows'])})

    def test_why_runnable(self):
        sums = self.labels('--type', 'sched', trace('v126-http'))
        self.assertIn('woken', sums['reason'])
        self.assertIn('created', sums['reason'])

    def test_goroutines_where_they_are_few(self):
        self.assertIn('goroutine', self.labels('--type', 'sync', trace('v126-locks')))
        self.assertNotIn('goroutine', self.labels('--type', 'sync', trace('v126-tasks')))
        sums = self.labels('--type', 'sync', '--labels', 'goroutine', trace('v126-tasks'))
        self.assertEqual(set(sums), {'goroutine'})
        goroutine, total = sums['goroutine'].most_common(1)[0]
        one = self.json('--type', 'sync', '--goroutine', goroutine, trace('v126-tasks'))
        self.assertEqual(one['sum']['total_ns'], total)

    def test_none(self):
        profile = pprof.Profile(self.ok('--type', 'sync', '--labels', 'none', trace('v126-tasks')))
        self.assertEqual({tuple(s.labels) for s in profile.samples}, {()})
        self.assertEqual(len(profile.by_stack()), len(profile.samples))

    def test_unknown(self):
        self.assertIn('bogus', self.fails(2, '--type', 'sync', '--labels', 'state,bogus',
                                          trace('v126-tasks')))


class Texts(Case):
    def test_folded(self):
        for name in TRACES:
            lines = self.ok('--type', 'sched', '--format', 'folded', trace(name)).decode()
            rows = [line.rsplit(' ', 1) for line in lines.splitlines()]
            total = self.json('--type', 'sched', trace(name))['sum']['total_ns']
            self.assertEqual(sum(int(ns) for _, ns in rows), total)
            self.assertEqual(len({stack for stack, _ in rows}), len(rows))
        record = self.json('--type', 'sync', trace('v126-locks'))['records'][0]
        line = self.ok('--type', 'sync', '--format', 'folded', trace('v126-locks')).decode()
        functions = [frame.split('@')[0] for frame in reversed(record['stack'])]
        self.assertIn(';'.join(functions) + ' ', line)

    def test_speedscope(self):
        document = json.loads(self.ok('--type', 'sync', '--format', 'speedscope',
                                      trace('v126-locks')))
        records = self.json('--type', 'sync', trace('v126-locks'))['records']
        frames = document['shared']['frames']
        times, counts = document['profiles']
        self.assertEqual(document['$schema'], 'https://www.speedscope.app/file-format-schema.json')
        for profile, unit, member in ((times, 'nanoseconds', 'total_ns'), (counts, 'none', 'count')):
            self.assertEqual((profile['type'], profile['unit']), ('sampled', unit))
            self.assertEqual(profile['weights'], [r[member] for r in records])
            self.assertEqual(profile['endValue'] - profile['startValue'], sum(profile['weights']))
            self.assertEqual(len(profile['samples']), len(records))
            for sample, record in zip(profile['samples'], records):
                stack = [f'{frames[i]["name"]}@{frames[i]["file"]}:{frames[i]["line"]}'
                         for i in sample if 'file' in frames[i]]
                self.assertEqual(stack, record['stack'][::-1])
                self.assertTrue(sample)

    def test_svg(self):
        for name in ('v126-locks', 'v126-http', 'v126-empty'):
            records = self.json('--type', 'sched', trace(name))['records']
            picture = ElementTree.fromstring(self.ok('--type', 'sched', '--format', 'svg',
                                                     trace(name)))
            width, height = (float(picture.get(side)) for side in ('width', 'height'))
            rows = collections.defaultdict(list)
            for box in picture.iter('{http://www.w3.org/2000/svg}rect'):
                x, y, wide = (float(box.get(side)) for side in ('x', 'y', 'width'))
                self.assertLessEqual(x + wide, width)
                self.assertLess(y, height)
                rows[y].append((x, x + wide))
            for row in rows.values():  # nothing covers anything
                self.assertTrue(all(a[1] < b[0] + 0.02 for a, b in zip(sorted(row), sorted(row)[1:])))
            text = ''.join(picture.itertext())
            for record in records[:1]:
                for frame in record['stack'] or ['(no stack)']:
                    self.assertIn('\n'.join([frame.split('@')[0], '']), text)

    def test_csv_is_json(self):
        rows = list(csv.DictReader(io.StringIO(
            self.ok('--type', 'sched', '--format', 'csv', trace('v126-locks')).decode())))
        records = self.json('--type', 'sched', trace('v126-locks'))['records']
        self.assertEqual([(int(r['total']), int(r['p95']), r['stack']) for r in rows],
                         [(r['total_ns'], r['p95_ns'], ';'.join(r['stack'])) for r in records])

    def test_text(self):
        document = self.json('--type', 'sync', trace('v126-locks'))
        text = self.ok('--type', 'sync', '--format', 'text', trace('v126-locks')).decode()
        self.assertIn(f'{document["sum"]["count"]:,} waits', text)
        self.assertEqual(len(text.splitlines()), 4 + len(document['records']))
        whole = self.ok('--type', 'sync', '--format', 'text', '--stacks', trace('v126-locks'))
        for frame in document['records'][0]['stack']:
            function, place = frame.split('@')
            self.assertIn(f'\n    {function}\n        {place}\n', whole.decode())

    def test_rows_are_chosen_in_every_format(self):
        args = '--type', 'sched', '--filter', 'count >= 2', '--top', '3', trace('v126-http')
        records = self.json(*args)['records']
        self.assertEqual(len(records), 3)
        self.assertTrue(all(r['count'] >= 2 for r in records))
        self.assertEqual(pprof.Profile(self.ok(*args)).by_stack(),
                         {tuple(r['stack']): (r['count'], r['total_ns']) for r in records})
        folded = self.ok('--format', 'folded', *args).decode()
        self.assertEqual(sum(int(line.rsplit(' ', 1)[1]) for line in folded.splitlines()),
                         sum(r['total_ns'] for r in records))
        by_count = self.json('--type', 'sched', '--sort', 'count', trace('v126-http'))['records']
        self.assertEqual([r['count'] for r in by_count],
                         sorted((r['count'] for r in by_count), reverse=True))


class Surroundings(Case):
    def terminal(self, *args):
        """What a person sees, and the exit status."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PROGRAM, 'profile', *map(str, args)], stdin=theirs,
                                   stdout=theirs, stderr=theirs,
                                   env={**os.environ, 'NO_COLOR': '1'})
        os.close(theirs)
        seen = b''
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:  # the terminal's way to say that its user has gone
            pass
        os.close(ours)
        return process.wait(60), seen.decode()

    def test_a_terminal_gets_text(self):
        status, seen = self.terminal('--type', 'sync', trace('v126-locks'))
        self.assertEqual(status, 0)
        self.assertRegex(seen, r'Total +Share +Waits')

    def test_a_terminal_gets_no_pprof(self):
        status, seen = self.terminal('--type', 'sync', '--format', 'pprof', trace('v126-locks'))
        self.assertEqual(status, 2)
        self.assertIn('not for a terminal', seen)

    def test_the_name_of_the_output_decides(self):
        for name, begin in (('a.pb.gz', b'\x1f\x8b'), ('a.txt', b'sync: '), ('a.csv', b'total,'),
                            ('a.tsv', b'total\t'), ('a.json', b'{\n  "at_least"'),
                            ('a.folded', b'main.'), ('a.svg', b'<svg '), ('a.speedscope.json', b'{\n  "$schema"')):
            path = self.folder / name
            for _ in range(2):  # and what is there of the same kind may be written again
                self.assertEqual(self.ok('--type', 'sync', '-o', path, trace('v126-locks')), b'')
                self.assertEqual(path.read_bytes()[:len(begin)], begin)

    def test_a_trace_is_not_overwritten(self):
        path = self.folder / 'copy.zst'
        shutil.copyfile(trace('v126-locks'), path)
        self.assertIn('--force', self.fails(5, '--type', 'sync', '-o', path, path))
        self.assertEqual(path.read_bytes(), trace('v126-locks').read_bytes())

    def test_wrong_words(self):
        path = trace('v126-locks')
        self.assertIn('waker', self.fails(2, path))
        self.assertIn('waker', self.fails(2, '--type', 'what', path))
        self.assertIn('go', self.fails(2, '--type', 'sync', '--compat', 'rust', path))
        self.assertIn('waker', self.fails(2, '--type', 'waker', '--compat', 'go', path))

    def test_no_room_and_no_reader(self):
        with open('/dev/full', 'wb') as full:
            result = subprocess.run([PROGRAM, 'profile', '--type', 'sched', trace('v126-http')],
                                    stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(result.returncode, 5, result.stderr)
        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run([PROGRAM, 'profile', '--type', 'sched', trace('v126-http')],
                                stdout=writer, stderr=subprocess.PIPE, timeout=60)
        os.close(writer)
        self.assertEqual((result.returncode, result.stderr), (0, b''))

    def test_an_empty_trace(self):
        for kind in TYPES:
            profile = pprof.Profile(self.ok('--type', kind, trace('v126-empty')))
            document = self.json('--type', kind, trace('v126-empty'))
            self.assertEqual(profile.total(), (document['sum']['count'],
                                               document['sum']['total_ns']))
        path = self.file('nothing.trace', b'go 1.26 trace\x00\x00\x00')
        self.assertEqual(pprof.Profile(self.ok('--type', 'sync', path)).samples, [])
        self.assertIn(b'0 waits', self.ok('--type', 'sync', '--format', 'text', path))

    def test_a_damaged_trace_says_at_least(self):
        data = zstd.unpack(trace('v126-http'))
        path = self.file('cut.trace', data[:len(data) * 2 // 3])
        text = self.ok('--type', 'sched', '--format', 'text', path).decode()
        self.assertIn('\nat least ', text)
        self.assertTrue(self.json('--type', 'sched', path)['at_least'])
        self.assertFalse(self.json('--type', 'sched', trace('v126-http'))['at_least'])
        self.assertTrue(any('at least' in comment for comment in
                            pprof.Profile(self.ok('--type', 'sched', path)).comments))


@unittest.skipUnless(GO, 'there is no Go on this machine')
class Go(Case):
    def go(self, *args):
        result = subprocess.run([GO, 'tool', *map(str, args)], capture_output=True, text=True,
                                timeout=600, cwd=self.folder,  # Go builds its tools when asked
                                env={**os.environ, 'PPROF_TMPDIR': str(self.folder)})
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_pprof_reads_every_profile(self):
        for name in TRACES:
            for kind in TYPES:
                with self.subTest(f'{name} {kind}'):
                    path = self.folder / f'{name}-{kind}.pb.gz'
                    self.ok('--type', kind, '-o', path, trace(name))
                    profile = pprof.Profile(path.read_bytes())
                    top = self.go('pprof', '-top', '-unit=ns', '-nodecount=1000000',
                                  '-nodefraction=0', path)
                    samples = re.search(r'Total samples = (\d+)ns', top)
                    self.assertEqual(int(samples[1]) if samples else 0, profile.total()[1])
                    raw = self.go('pprof', '-raw', path)
                    rows = re.findall(r'^ +(\d+) +(\d+): ', raw, re.M)
                    self.assertEqual((sum(int(n) for n, _ in rows), sum(int(ns) for _, ns in rows)),
                                     profile.total())

    def test_pprof_subtracts(self):
        for kind in TYPES:
            before, after = self.folder / 'before.pb.gz', self.folder / 'after.pb.gz'
            self.ok('--type', kind, '-o', before, trace('v125-http'))
            self.ok('--type', kind, '-o', after, trace('v126-http'))
            same = self.go('pprof', '-top', '-unit=ns', '-nodefraction=0', '-diff_base', before,
                           before)
            self.assertRegex(same, r'accounting for 0(ns)?, ')
            self.go('pprof', '-top', '-diff_base', before, after)

    @unittest.skipUnless(GO_VERSION.startswith('go1.26'), 'Go is not 1.26')
    def test_go_tool_trace_says_the_same(self):
        """All that Go exports, stack by stack. Not for cgo, where Go forgets goroutines whose id
        was used again."""
        for name in ['v122-locks', 'v123-net', 'v124-http', 'v125-syscalls', 'v126-coro',
                     'v126-http', 'v126-timers']:
            path = self.file(f'{name}.trace', zstd.unpack(trace(name)))
            for kind in TYPES[:-1]:
                with self.subTest(f'{name} {kind}'):
                    out = subprocess.run([GO, 'tool', 'trace', f'-pprof={kind}', path],
                                         capture_output=True, timeout=600, cwd=self.folder)
                    self.assertEqual(out.returncode, 0, out.stderr)
                    ours = pprof.Profile(self.ok('--type', kind, '--compat', 'go', path))
                    self.assertEqual(ours.comments[1:], ['counted as go tool trace does'])
                    theirs = pprof.Profile(out.stdout)
                    self.assertEqual(ours.total(), theirs.total())
                    self.assertEqual(ours.by_stack(), theirs.by_stack())


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], '-v', *sys.argv[3:]])
