#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compile every header alone, with the flags of its source, else of any in its folder.

Usage: check-headers.py SOURCE-ROOT BUILD-ROOT. A folder that this build leaves out
(-Dgui=disabled) is not looked at.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

FOLDERS = ['reader', 'analysis', 'widgets/draw', 'widgets', 'app/cli', 'app', 'tests/support']


def flags_of(root, build):
    """The compiler and its flags for each source and folder that the build knows."""
    found = {}
    for entry in json.loads((build / 'compile_commands.json').read_text()):
        source = pathlib.Path(os.path.normpath(os.path.join(entry['directory'], entry['file'])))
        if not source.is_relative_to(root):
            continue
        words = shlex.split(entry['command'])
        # What says which file, where to, and what depends on it is ours to say.
        kept, skip = [], False
        for word in words:
            if skip:
                skip = False
            elif word in ('-o', '-MF', '-MQ', '-c'):
                skip = True
            elif word not in ('-MD', entry['file']):
                kept.append(word)
        name = source.relative_to(root)
        found.setdefault(name.parent.as_posix(), kept)
        found.setdefault(name.with_suffix('').as_posix(), kept)
    return found


def compile_alone(header, command, build):
    """What the compiler says about a file that includes this header and nothing else."""
    run = subprocess.run(command + ['-Werror', '-fsyntax-only', '-x', 'c', '-'],
                         input=f'#include "{header}"\n#include "{header}"\n', cwd=build, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return '' if run.returncode == 0 else f'{header} does not stand alone:\n{run.stdout}'


def check(root, build):
    flags = flags_of(root, build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = []
        for folder in FOLDERS:
            for header in sorted((root / folder).glob('*.h')):
                if folder in flags:
                    name = header.relative_to(root).as_posix()
                    command = flags.get(name.removesuffix('.h'), flags[folder])
                    jobs.append(pool.submit(compile_alone, name, command, build))
        bad = [job.result() for job in jobs if job.result()]
    return len(jobs), bad


if __name__ == '__main__':
    count, problems = check(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
    print('\n'.join(problems + [f'{count} headers']))
    sys.exit(1 if problems or count == 0 else 0)
