#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Gander shall reach, and what it reaches on traces of yours.

Usage: targets.py [--runs N] [--json FILE] [--no-go] BUILD-FOLDER NAME=TRACE...

NAME is one of http10, http100, pool, many, mixed1, mixed10, mixed100 and mixed1g: a web server of
10 and 100 MB, a worker pool of 100 MB, a million goroutines alive, and everything together from 1
MB to 1 GB. Lines whose trace is not given are left out. Times are medians of 5 runs, of 3 from 100
MB up. What is compared runs in turns. A target is one of wall time; for machines that do other
things, too, the least of the runs and the processor time stand beside it, and *busy* says that the
target was missed, but not by processor time. Take a release build.
"""
import argparse
import functools
import importlib.util
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location('beside_go', ROOT / 'tests/oracle/beside-go.py')
beside_go = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(beside_go)

LARGE = 100_000_000
SKIPPED = 77
MIXED = ('mixed1', 'mixed10', 'mixed100', 'mixed1g')
SHAPES = ('http10', 'http100', 'pool', 'many') + MIXED
BIG = ('http100', 'pool', 'mixed100', 'mixed1g')
GROWTH = 0.10  # how far from that of the largest ns/event may be


@dataclass
class Target:
    """A line: @figure of @probe on each of @traces, at most @limit (None = to be known)."""
    work: str
    traces: tuple
    probe: str
    figure: str
    unit: str
    limit: float | None
    cpu: str | None = None  # the figure of processor time beside it, in the same unit


TARGETS = [
    Target('cold open', ('http10',), 'load', 'wall_s', 's', 0.20, 'cpu_s'),
    Target('cold open, peak', ('http10',), 'load', 'peak_mib', 'MiB', 83),
    Target('cold open', ('http100',), 'load', 'wall_s', 's', 2.0, 'cpu_s'),
    Target('cold open, peak', ('http100',), 'load', 'peak_mib', 'MiB', 241),
    Target('cold open', ('pool',), 'load', 'wall_s', 's', 1.2, 'cpu_s'),
    Target('cold open, peak', ('pool',), 'load', 'peak_mib', 'MiB', 64),
    Target('cold open', ('many',), 'load', 'wall_s', 's', 2.0, 'cpu_s'),
    Target('cold open', ('mixed1g',), 'load', 'wall_s', 's', 10, 'cpu_s'),
    Target('cold open, peak', ('mixed1g',), 'load', 'peak_mib', 'MiB', 430),
    Target('cold open, an event', SHAPES, 'load', 'ns_per_event', 'ns', None, 'cpu_ns_per_event'),
    Target('private memory to 64 MiB + 200 B a goroutine', SHAPES, 'load', 'memory', 'x', 1),
    Target('index, an event', MIXED, 'load', 'index_bytes_per_event', 'B', 12),
    Target('index, an event', ('http10', 'http100'), 'load', 'index_bytes_per_event', 'B', 20),
    Target('index to trace', MIXED, 'load', 'index_ratio', 'x', 1.8),
    Target('index to trace', ('http10', 'http100', 'pool', 'many'), 'load', 'index_ratio', 'x', 4),
    Target('warm open, command line', SHAPES, 'warm', 'wall_ms', 'ms', 50, 'cpu_ms'),
    Target('warm open, first picture', SHAPES, 'window', 'warm_ms', 'ms', 300),
    Target('cold open, first picture', SHAPES, 'window', 'cold_ms', 'ms', 500),
    Target('cold open, between two signs of progress', SHAPES, 'window', 'gap_ms', 'ms', 250),
    Target('timeline query, interpolated', BIG, 'query', 'mixes_about_by_all', 'ms', 10),
    Target('timeline query, a pixel may be mixed', BIG, 'query', 'mixes_rough', 'ms', None),
    Target('timeline query, exact', BIG, 'query', 'mixes_by_all', 'ms', 40),
    Target('timeline query, exact, worst zoom', BIG, 'query', 'mixes_by_all_worst', 'ms', 80),
    Target('frame of lanes, 3840x2160, a pan', BIG, 'draw', 'pan_frame_ms', 'ms', 8, 'pan_cpu_ms'),
    Target('its paint', BIG, 'draw', 'pan_paint_ms', 'ms', None),
    Target('the same, one processor', BIG, 'draw', 'single_pan_frame_ms', 'ms', None),
    Target('the first frame of a zoom', BIG, 'draw', 'first_frame_ms', 'ms', None),
    Target('blocking profile, cold', ('http10',), 'profile', 'cold_s', 's', 0.2, 'cold_cpu_s'),
    Target('blocking profile, cold', ('http100',), 'profile', 'cold_s', 's', 2.0, 'cold_cpu_s'),
    Target('blocking profile, warm', SHAPES, 'profile', 'warm_ms', 'ms', 50, 'warm_cpu_ms'),
    Target('comparison, cold, to two opens', ('http100',), 'compare', 'ratio', 'x', 1.1, 'cpu_ratio'),
    Target('cut at 90 %, to the whole', SHAPES, 'cut', 'ratio', 'x', 1.1, 'cpu_ratio'),
    Target('cut at 90 %, events missing', SHAPES, 'cut', 'missing', 'x', 0.05),
    Target("index to Go's bare reader", SHAPES, 'go', 'to_reader', 'x', 0.6, 'cpu_to_reader'),
    Target('go tool trace to cold open', SHAPES, 'go', 'tool_to_cold', 'x', None),
]


class Missing(Exception):
    """Why a line cannot be measured here."""


class Bench:
    """The programs of a build, and the traces; each probe of a trace runs once."""

    def __init__(self, options, folder):
        self.build = pathlib.Path(options.build)
        self.cli = self.build / 'app/cli/gander-cli'
        self.traces = options.traces
        self.options = options
        self.folder = pathlib.Path(folder)
        self.warm = os.environ | {'XDG_CACHE_HOME': str(self.folder / 'warm')}
        (self.folder / 'warm').mkdir()

    def runs(self, trace):
        return self.options.runs or (3 if os.path.getsize(trace) >= LARGE else 5)

    def in_turns(self, trace, **functions):
        """Of each the median wall and processor seconds and the least wall; all meet the same
        machine."""
        found = {name: [] for name in functions}
        for _ in range(self.runs(trace)):
            for name, function in functions.items():
                answer = function()
                if answer is None:
                    raise Missing(f'{name} failed')
                found[name].append(answer)
        return {name: (statistics.median(row[0] for row in rows),
                       statistics.median(row[1] for row in rows), min(row[0] for row in rows))
                for name, rows in found.items()}

    def cold(self, *words):
        """Runs gander-cli with an empty cache."""
        with tempfile.TemporaryDirectory(dir=self.folder) as home:
            return beside_go.run([self.cli, *words], os.environ | {'XDG_CACHE_HOME': home})

    def ask(self, *words):
        """What gander-cli answers, with the index in the cache."""
        done = subprocess.run([self.cli, *words, '--json', '--quiet'], env=self.warm, check=True,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def bench(self, name, *words):
        """The figures of one of the bench programs."""
        program = self.build / 'tests/bench' / f'bench-{name}'
        if not program.exists():
            raise Missing(f'there is no {program.name} in this build')
        report = self.folder / f'{name}.json'
        before = [ROOT / 'tests/app/headless'] if name == 'window' else []
        done = subprocess.run([*before, program, '--json', report, *words], env=self.warm,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == SKIPPED:
            raise Missing('there is no display')
        if done.returncode != 0:
            raise Missing(f'{program.name} failed: {done.stderr.strip()[-200:]}')
        return json.loads(report.read_text())

    @functools.cache
    def probe(self, name, trace_name):
        """The figures of a probe, or a word why there are none."""
        try:
            return PROBES[name](self, self.traces[trace_name])
        except Missing as missing:
            return str(missing)


def probe_load(bench, trace):
    figures = bench.bench('load', '--runs', str(bench.runs(trace)), trace)['cold']
    goroutines = bench.ask('summary', trace)['trace']['goroutines']
    allowed = 64 + 200 * goroutines / 2**20
    size = figures['index_bytes_per_event'] * figures['events'] / figures['bytes']
    return figures | {'memory': figures['private_mib'] / allowed, 'index_ratio': size}


def probe_warm(bench, trace):
    beside_go.run([bench.cli, 'index', '--quiet', trace], bench.warm)
    wall, cpu, least = bench.in_turns(
        trace, warm=lambda: beside_go.run([bench.cli, 'summary', '--quiet', trace], bench.warm))['warm']
    return {'wall_ms': wall * 1e3, 'cpu_ms': cpu * 1e3, 'least_wall_ms': least * 1e3}


def probe_window(bench, trace):
    beside_go.run([bench.cli, 'index', '--quiet', trace], bench.warm)
    rows = bench.bench('window', '--only', 'first picture', '--size', '1440x900',
                       '--cache', bench.warm['XDG_CACHE_HOME'], trace)
    found = {row['script']: row for row in rows}
    if 'first picture, cold' not in found:
        raise Missing('the window came to no picture')
    cold, warm = found['first picture, cold'], found['first picture, warm']
    return {'warm_ms': warm['ms'], 'least_warm_ms': warm['least_ms'], 'cold_ms': cold['ms'],
            'least_cold_ms': cold['least_ms'], 'gap_ms': cold['longest_progress_gap_ms']}


def probe_query(bench, trace):
    """Of each query the median over the zooms, and the worst zoom: of rows of pixels the time with as
    many threads as the window has, and processor time of all the rest."""
    answer = {}
    for name, figures in bench.bench('query', trace).items():
        zooms = [value for zoom, value in figures.items() if not zoom.endswith('worst')]
        answer |= {name: statistics.median(zooms), f'{name}_worst': max(zooms)}
    return answer


def probe_draw(bench, trace):
    """The worst zoom of the median frame, all rows open: a pan by a tenth of the view, and a frame
    that knows nothing of the one before; with all processors and with one."""
    answer = {}
    for name, figures in bench.bench('draw', trace).items():
        words = name.split()
        kind = f'single_{words[-1]}' if 'single' in words else words[-1]
        for figure in ('frame_ms', 'cpu_ms', 'layout_ms', 'paint_ms'):
            key = f'{kind}_{figure}'
            answer[key] = max(answer.get(key, 0), figures[figure])
    return answer


def probe_profile(bench, trace):
    words = ['profile', '--type', 'sync', '--quiet', '--force', '-o', bench.folder / 'pprof', trace]
    beside_go.run([bench.cli, 'index', '--quiet', trace], bench.warm)
    times = bench.in_turns(trace, cold=lambda: bench.cold(*words),
                           warm=lambda: beside_go.run([bench.cli, *words], bench.warm))
    cold, warm = times['cold'], times['warm']
    return {'cold_s': cold[0], 'cold_cpu_s': cold[1], 'least_cold_s': cold[2],
            'warm_ms': warm[0] * 1e3, 'warm_cpu_ms': warm[1] * 1e3, 'least_warm_ms': warm[2] * 1e3}


def probe_compare(bench, trace):
    """With the worker pool, or with itself under another name and date."""
    other = bench.traces.get('pool')
    if other is None:
        other = bench.folder / 'other.trace'
        shutil.copyfile(trace, other)
    times = bench.in_turns(trace, one=lambda: bench.cold('index', '--quiet', trace),
                           other=lambda: bench.cold('index', '--quiet', other),
                           both=lambda: bench.cold('diff', '--quiet', '--force', '-o',
                                                   bench.folder / 'diff', trace, other))
    return {name: times['both'][column] / (times['one'][column] + times['other'][column])
            for column, name in enumerate(('ratio', 'cpu_ratio'))}


def probe_cut(bench, trace):
    cut = bench.folder / 'cut.trace'
    size = os.path.getsize(trace) * 9 // 10
    with open(trace, 'rb') as whole, open(cut, 'wb') as part:
        while part.tell() < size:
            part.write(whole.read(min(1 << 20, size - part.tell())))
    times = bench.in_turns(trace, whole=lambda: bench.cold('index', '--quiet', trace),
                           cut=lambda: bench.cold('index', '--quiet', cut))
    there = bench.ask('summary', '--no-cache', cut)['trace']['events']
    cut.unlink()
    return {'ratio': times['cut'][0] / times['whole'][0],
            'cpu_ratio': times['cut'][1] / times['whole'][1],
            'missing': 1 - there / (0.9 * bench.ask('summary', trace)['trace']['events'])}


@functools.cache
def bare_reader(folder):
    (folder / 'reader').mkdir()
    return beside_go.build_reader(folder / 'reader')


def probe_go(bench, trace):
    if shutil.which('go') is None:
        raise Missing('there is no Go here')
    reader = bare_reader(bench.folder)
    if reader is None:
        raise Missing("there is no bare reader of Go's")
    times = bench.in_turns(trace, cold=lambda: bench.cold('index', '--quiet', trace),
                           reader=lambda: beside_go.run([reader, trace]))
    answer = {'to_reader': times['cold'][0] / times['reader'][0],
              'cpu_to_reader': times['cold'][1] / times['reader'][1]}
    tool = beside_go.run_tool(trace)
    return answer | ({'tool_to_cold': tool[0] / times['cold'][0]} if tool is not None else {})


PROBES = {'load': probe_load, 'warm': probe_warm, 'window': probe_window, 'query': probe_query,
          'draw': probe_draw, 'profile': probe_profile, 'compare': probe_compare, 'cut': probe_cut,
          'go': probe_go}


def measure_line(bench, target, name):
    figures = bench.probe(target.probe, name)
    row = {'work': target.work, 'trace': name, 'unit': target.unit, 'target': target.limit}
    if isinstance(figures, str):
        return row | {'skipped': figures}
    if target.figure not in figures:
        return row | {'skipped': 'it failed'}
    value = figures[target.figure]
    cpu = figures[target.cpu] if target.cpu is not None else None
    row |= {'value': value, 'least': figures.get(f'least_{target.figure}'), 'cpu': cpu}
    if target.limit is None:
        return row | {'verdict': ''}
    busy = cpu is not None and cpu <= target.limit
    return row | {'verdict': 'met' if value <= target.limit else 'busy' if busy else 'NOT MET'}


def number(value):
    return '' if value is None else f'{value:.3g}' if value < 100 else f'{value:.0f}'


def show_line(row):
    if 'skipped' in row:
        print(f'{row["work"]:46}{row["trace"]:9}{"":10}left out: {row["skipped"]}', flush=True)
        return
    print(f'{row["work"]:46}{row["trace"]:9}{number(row["target"]):>10}{number(row["value"]):>10}'
          f'{number(row["least"]):>10}{number(row["cpu"]):>10} {row["unit"]:4}{row["verdict"]}',
          flush=True)


def show_growth(bench):
    """Everything of one shape: what an event costs must not depend on the size of the trace."""
    rows = []
    for name in MIXED:
        figures = bench.probe('load', name) if name in bench.traces else ''
        if not isinstance(figures, str):
            rows.append({'trace': name, **{key: figures[key] for key in (
                'bytes', 'events', 'ns_per_event', 'cpu_ns_per_event', 'private_mib', 'peak_mib')}})
    if len(rows) < 2:
        return rows
    print(f'\n{"growth":9}{"MB":>8}{"M events":>10}{"ns/event":>10}{"CPU ns":>9}{"ratio":>9}'
          f'{"private MiB":>13}{"peak MiB":>10}')
    for row in rows:
        row['ratio'] = row['cpu_ns_per_event'] / rows[-1]['cpu_ns_per_event']
        print(f'{row["trace"]:9}{row["bytes"] / 1e6:8.1f}{row["events"] / 1e6:10.1f}'
              f'{row["ns_per_event"]:10.0f}{row["cpu_ns_per_event"]:9.0f}{row["ratio"]:9.2f}'
              f'{row["private_mib"]:13.1f}{row["peak_mib"]:10.1f}')
    met = all(abs(row['ratio'] - 1) <= GROWTH for row in rows)
    print(f'within {GROWTH:.0%} of the largest, by processor time: {"met" if met else "NOT MET"}')
    return rows


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--runs', type=int, default=0, help='instead of 5, or 3')
    parser.add_argument('--json', help='a file for the same figures')
    parser.add_argument('--no-go', action='store_true', help='leave out what Go is needed for')
    parser.add_argument('build', help='the folder of a release build')
    parser.add_argument('traces', nargs='+', metavar='NAME=TRACE')
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    pairs = [word.partition('=') for word in options.traces]
    unknown = [name for name, _, path in pairs if name not in SHAPES or not os.path.exists(path)]
    if unknown:
        parser.error(f'not a known name with a trace that is there: {", ".join(unknown)}')
    options.traces = {name: os.path.abspath(path) for name, _, path in pairs}
    return options


def main():
    options = parse()
    print(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}')
    print(f'{"":46}{"trace":9}{"target":>10}{"measured":>10}{"least":>10}'
          f'{"CPU":>10}')
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        for target in TARGETS:
            for name in target.traces:
                if name in options.traces and not (options.no_go and target.probe == 'go'):
                    rows.append(measure_line(bench, target, name))
                    show_line(rows[-1])
        growth = show_growth(bench)
    if options.no_go:
        print("\nleft out, as asked: Go's bare reader and go tool trace")
    left_out = [name for name in SHAPES if name not in options.traces]
    if left_out:
        print(f'\nleft out, no trace given: {", ".join(left_out)}')
    verdicts = [row.get('verdict') for row in rows]
    print(', '.join(f'{verdicts.count(word)} {word}' for word in ('met', 'busy', 'NOT MET'))
          + f'; load {os.getloadavg()[0]:.1f}')
    if options.json is not None:
        document = {'processors': os.cpu_count(), 'lines': rows, 'growth': growth}
        pathlib.Path(options.json).write_text(json.dumps(document, indent=1) + '\n')


if __name__ == '__main__':
    sys.exit(main())
