#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail when a folder includes what its layer may not.

A folder may include its own headers, the umbrella header of every folder below
it, and the outside libraries listed for it. tests/ may include anything of ours.
"""
import pathlib
import re
import sys

LAYERS = {  # folder: (folders it may use, outside headers besides the C library's)
    'reader': ([], ['glib', 'gio/', 'zstd']),
    'analysis': (['reader'], ['glib', 'gio/', 'json-glib/']),
    'widgets/draw': (['reader', 'analysis'], ['glib', 'gio/', 'cairo', 'pango/']),
    'widgets': (['reader', 'analysis', 'widgets/draw'],
                ['glib', 'gio/', 'cairo', 'pango/', 'gtk/', 'gdk/', 'gsk/', 'graphene', 'adwaita']),
    'app/cli': (['reader', 'analysis', 'widgets/draw'], ['glib', 'gio/', 'json-glib/', 'cairo']),
    'app': (['reader', 'analysis', 'widgets/draw', 'widgets', 'app/cli'],
            ['glib', 'gio/', 'gtk/', 'gdk/', 'adwaita']),
}
LIBC = re.compile(r'^(sys/|linux/)?[a-z0-9_]+\.h$')
FENCED = re.compile(r'^(glib|gio|gtk|gdk|gsk|adwaita|cairo|pango|zstd|zlib|graphene)')
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def folder_of(path):
    """The most specific layer that holds this path, or None."""
    for name in sorted(LAYERS, key=len, reverse=True):
        if path.startswith(name + '/'):
            return name
    return None


def allowed(path, here, kind, target):
    """Whether a file at `path`, of the layer `here`, may include `target`."""
    below, outside = LAYERS[here]
    if kind == '<':
        if LIBC.match(target) and not FENCED.match(target):
            return True
        return any(target.startswith(prefix) for prefix in outside)
    made = (f'gander-{here.replace("/", "-")}-resources.h', 'profile.pb-c.h')  # by the build
    if target in made:
        return True
    there = folder_of(target)
    if there == here:
        stem = pathlib.PurePath(target).name.removesuffix('-private.h')
        return not target.endswith('-private.h') or path.name.startswith(stem)
    return there in below and target == f'{there}/{there.rsplit("/", 1)[-1]}.h'


def check(root):
    bad = []
    for layer in LAYERS:
        for path in sorted((root / layer).glob('*')):
            if path.suffix not in ('.c', '.h', '.def'):
                continue
            rel = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if match and not allowed(path, layer, *match.groups()):
                    bad.append(f'{rel}:{number}: {layer}/ may not include {match.group(2)}')
    return bad


if __name__ == '__main__':
    problems = check(pathlib.Path(sys.argv[1]))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
