# SPDX-License-Identifier: GPL-3.0-or-later
"""A person in front of the window: looks through the accessibility tree, acts with xdotool.

Needs an X server and a session bus of its own, see `headless`.
"""
import os
import shutil
import subprocess
import sys
import time

SKIP = 77

try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as error:
    print(f'SKIP: the accessibility bindings for Python are not installed ({error})')
    sys.exit(SKIP)

if shutil.which('xdotool') is None:
    print('SKIP: xdotool is not installed')
    sys.exit(SKIP)

# The bus and the registry first: a program that starts at the same moment may not find them.
Atspi.init()
Atspi.get_desktop(0).get_child_count()


def wait(look, what, seconds=20):
    """The first true answer of look (), asked again and again."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = look()
        except GLib.Error:  # what was there a moment ago is gone
            answer = None
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f'waited {seconds} s for {what}')
        time.sleep(0.02)


def xdotool(*words):
    run = subprocess.run(['xdotool', *map(str, words)], capture_output=True, text=True, check=True)
    return run.stdout


class Person:
    """Starts the program, and ends it on leaving the `with` block."""

    def __init__(self, *command):
        self.command = list(map(str, command))

    def __enter__(self):
        environment = dict(os.environ, G_DEBUG='fatal-criticals')
        environment.pop('GTK_A11Y', None)
        self.process = subprocess.Popen(self.command, env=environment)
        self.app = wait(self._find_app, 'the program on the accessibility bus')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def _find_app(self):
        if self.process.poll() is not None:
            raise AssertionError(f'the program ended with {self.process.returncode}')
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == self.process.pid and app.get_child_count():
                return app
        return None

    def everything(self, node=None):
        """All that is on screen, from outside in."""
        node = node or self.app
        yield node
        for i in range(min(node.get_child_count(), 100)):
            child = node.get_child_at_index(i)
            if child is not None:
                yield from self.everything(child)

    def is_seen(self, node):
        place = node.get_extents(Atspi.CoordType.WINDOW)
        return place.width > 0 and place.height > 0

    def look_for(self, role, name):
        """What has this role and a name that begins so and takes up room; or None."""
        for node in self.everything():
            if node.get_role_name() == role and node.get_name().startswith(name):
                if self.is_seen(node):
                    return node
        return None

    def find(self, role, name):
        return wait(lambda: self.look_for(role, name), f'{role} “{name}…”')

    def texts(self):
        """The texts of all labels that can be seen."""
        return [node.get_name() for node in self.everything()
                if node.get_role_name() == 'label' and self.is_seen(node)]

    def reads(self, text):
        """Waits until a label that can be seen contains this; returns the label's text."""
        return wait(lambda: next((t for t in self.texts() if text in t), None), f'text “{text}”')

    def _window(self):
        return xdotool('search', '--onlyvisible', '--pid', self.process.pid).split()[-1]

    def point(self, node, x, y):
        """Screen pixels of a place inside a node."""
        window = xdotool('getwindowgeometry', '--shell', self._window())
        numbers = dict(line.split('=') for line in window.split())
        frame = self.app.get_child_at_index(0).get_extents(Atspi.CoordType.WINDOW)
        place = node.get_extents(Atspi.CoordType.WINDOW)
        # Without a compositor GTK draws a border of the same width all around.
        border = (int(numbers['WIDTH']) - frame.width) // 2
        return (int(numbers['X']) + border + place.x + x, int(numbers['Y']) + border + place.y + y)

    def click(self, node, x=None, y=None):
        place = node.get_extents(Atspi.CoordType.WINDOW)
        x = place.width // 2 if x is None else x
        y = place.height // 2 if y is None else y
        xdotool('mousemove', *self.point(node, x, y))
        xdotool('click', 1)

    def wheel(self, node, x, y, clicks, up=True):
        xdotool('mousemove', *self.point(node, x, y))
        for _ in range(clicks):
            xdotool('click', 4 if up else 5)

    def press(self, *keys):
        xdotool('key', *keys)


def run(tests):
    """Runs functions and tells of each as TAP does; returns an exit status."""
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.removeprefix('test_').replace('_', ' ')
        try:
            begin = time.monotonic()
            test()
            print(f'ok {number} {name} # {time.monotonic() - begin:.1f} s', flush=True)
        except (AssertionError, GLib.Error, subprocess.CalledProcessError) as error:
            failed += 1
            print(f'not ok {number} {name}\n# {error}', flush=True)
    return 1 if failed else 0
