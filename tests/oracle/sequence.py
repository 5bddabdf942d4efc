#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/corpus/sequence.json: the checksum of the whole event sequence of some traces, as
`go tool trace -d=parsed` of Go 1.26 prints it, in a normal form that tests/reader/test-sequence.c
prints as well. Needs go and zstd; the test needs neither.

One line per event: thread, processor, goroutine, kind, time, what Go prints for the kind, then
the stacks. Texts are quoted byte by byte, values bare, wall time is Unix ns.

usage: sequence.py [--print NAME | NAME...]
"""

import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"

# One of each kind of program, over all releases. Not v125-file: with more than twelve threads
# Go's order of its few events that had to wait depends on an unstable sort.
NAMES = """
v122-cgo v122-file v122-gcgens v122-second v123-coro v123-grow v123-stw v124-allocfree
v124-syscalls v124-synctest v125-cgo v125-cpuprof v125-regions v125-weak v126-allocfreegc
v126-cpuprof v126-file v126-flight v126-net
""".split()

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
VALUE = re.compile(r"Value\{Uint64\((\d+)\)\}")
WALL = re.compile(r"Wall=(\S+)")
ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, '"': 34}
EVENT = re.compile(r"M=(-?\d+) P=(-?\d+) G=(-?\d+) (\w+) Time=(\d+)(.*)")


def unquote(text):
    """The bytes of a Go string literal."""
    out = bytearray()
    i = 1
    while i < len(text) - 1:
        c = text[i]
        if c != "\\":
            out += c.encode()
            i += 1
            continue
        c = text[i + 1]
        if c in ESCAPES:
            out.append(ESCAPES[c])
            i += 2
        elif c == "x":
            out.append(int(text[i + 2 : i + 4], 16))
            i += 4
        else:
            n = 4 if c == "u" else 8
            out += chr(int(text[i + 2 : i + 2 + n], 16)).encode()
            i += 2 + n
    return bytes(out)


def quote(data):
    plain = (chr(b) if 32 <= b < 127 and b not in b'"\\' else "\\x%02x" % b for b in data)
    return '"' + "".join(plain) + '"'


def unix_ns(text):
    seconds, _, fraction = text.rstrip("Z").partition(".")
    then = datetime.datetime.fromisoformat(seconds + "+00:00")
    return int(then.timestamp()) * 10**9 + int(fraction.ljust(9, "0"))


def normal(lines):
    """Lines of the normal form from lines of go tool trace."""
    line = None
    for text in lines:
        text = text.rstrip("\n")
        match = EVENT.match(text)
        if match:
            if line is not None:
                yield line
            rest = QUOTED.sub(lambda m: quote(unquote(m.group())), match.group(6))
            rest = VALUE.sub(r"\1", rest)
            rest = WALL.sub(lambda m: "Wall=%d" % unix_ns(m.group(1)), rest)
            line = " ".join(match.groups()[:5]) + rest
        elif text in ("Stack=", "TransitionStack="):
            line += " " + text
        elif text.startswith("\t\t"):
            line += " " + text[2:] + ";"
        elif text.startswith("\t"):
            line += " " + text[1:]
    if line is not None:
        yield line


def sequence(name):
    with tempfile.NamedTemporaryFile(suffix=".trace") as trace:
        packed = CORPUS / (name + ".trace.zst")
        subprocess.run(["zstd", "-dcq", packed], stdout=trace, check=True)
        go = subprocess.Popen(
            ["go", "tool", "trace", "-d=parsed", trace.name],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
        )
        yield from normal(go.stdout)
        if go.wait() != 0:
            sys.exit("go tool trace failed on " + name)


def checksum(name):
    digest = hashlib.sha256()
    events = 0
    for line in sequence(name):
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
        events += 1
    return {"events": events, "sha256": digest.hexdigest()}


def main():
    if sys.argv[1:2] == ["--print"]:
        for line in sequence(sys.argv[2]):
            sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape") + b"\n")
        return
    sums = {name: checksum(name) for name in sys.argv[1:] or NAMES}
    target = CORPUS / "sequence.json"
    target.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
