#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does with the window. Usage: e2e.py GANDER SOURCE-ROOT, inside `headless`."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import person

GANDER, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
PIPELINE = ROOT / 'data/examples/pipeline.trace.zst'
ORDERS = ROOT / 'data/examples/orders.trace.zst'
LABEL_COLUMN = 236  # pixels; the lanes begin to the right of it


def canvas_of(user):
    return user.find('image', 'Timeline, ')


def name_changes(canvas, before):
    return person.wait(lambda: canvas.get_name() != before and canvas.get_name(),
                       f'another range than “{before}”')


def find_span(user, canvas, words):
    """Clicks down the lanes, a little right of the trace's begin, until one is described so."""
    height = canvas.get_extents(person.Atspi.CoordType.WINDOW).height
    for y in range(40, height - 10, 12):
        before = canvas.get_description()
        user.click(canvas, LABEL_COLUMN + 40, y)
        try:
            person.wait(lambda: canvas.get_description() != before, 'another selection', 0.15)
        except AssertionError:
            continue
        if words in canvas.get_description():
            return canvas.get_description()
    raise AssertionError(f'no span is described as “{words}”')


def test_a_sample_says_why_a_worker_waits():
    with person.Person(GANDER) as user:
        user.reads('Open an Execution Trace')
        user.click(user.find('list item', 'Workers That Wait'))
        canvas = canvas_of(user)
        whole = canvas.get_name()

        user.press('ctrl+plus')
        by_key = name_changes(canvas, whole)
        xy = (LABEL_COLUMN + 300, 100)
        person.xdotool('keydown', 'ctrl')
        user.wheel(canvas, *xy, clicks=3)
        person.xdotool('keyup', 'ctrl')
        name_changes(canvas, by_key)
        user.press('ctrl+0')
        person.wait(lambda: canvas.get_name() == whole, 'the whole trace again')

        sentence = find_span(user, canvas, 'Blocked on a channel receive')
        duration = re.search(r'[0-9.]+\s(ns|µs|ms|s)\b', sentence)
        assert duration, sentence
        assert re.search(r'woken by G[0-9]+', sentence, re.IGNORECASE), sentence

        # The same in the details pane, as ordinary labels.
        user.reads('Blocked on a channel receive')
        user.reads(duration.group(0))
        user.reads('Woken by')
        user.reads('main.')


def test_a_text_file_is_named():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'notes.txt'
        path.write_text('not a trace at all\n')
        with person.Person(GANDER, path) as user:
            user.reads('notes.txt is not an execution trace')
            user.reads('It looks like text.')


def test_a_comparison_shows_what_differs():
    with person.Person(GANDER, '--compare', PIPELINE, ORDERS) as user:
        user.reads('Wall time')
        user.reads('Channel receive')
        user.reads('pipeline.trace.zst')
        user.reads('orders.trace.zst')


def test_loading_can_be_cancelled():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'endless.trace'
        os.mkfifo(path)
        with person.Person(GANDER, path) as user:
            # A writer that says nothing more keeps the reader waiting.
            with open(path, 'wb', buffering=0) as writer:
                writer.write(b'go 1.26 trace\0\0\0')
                user.reads('endless.trace')
                user.find('push button', '_Cancel')
                user.press('Escape')
                user.reads('Cancelled')
                user.reads('Open an Execution Trace')


def test_a_second_start_uses_the_first_window():
    with person.Person(GANDER, PIPELINE) as user:
        canvas_of(user)
        subprocess.run([GANDER, str(ORDERS)], check=True, timeout=20)
        user.reads('orders.trace.zst')
        user.reads('pipeline.trace.zst')
        # The tab bar names both; the window is the second's.
        person.wait(lambda: user.app.get_child_at_index(0).get_name() == 'orders.trace.zst',
                    'the second trace in front')
        subprocess.run([GANDER, str(PIPELINE)], check=True, timeout=20)
        person.wait(lambda: user.app.get_child_at_index(0).get_name() == 'pipeline.trace.zst',
                    'the tab that was there')


if __name__ == '__main__':
    sys.exit(person.run([
        test_a_sample_says_why_a_worker_waits,
        test_a_text_file_is_named,
        test_a_comparison_shows_what_differs,
        test_loading_can_be_cancelled,
        test_a_second_start_uses_the_first_window,
    ]))
