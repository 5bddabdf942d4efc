# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a pprof file, by the published format alone: gzip, and protocol buffers by hand."""
import dataclasses
import gzip


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def fields(data):
    """Number and value of each field; a value is a number or bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            size, at = varint(data, at)
            if at + size > len(data):
                raise ValueError('a field ends behind its message')
            value, at = data[at:at + size], at + size
        else:
            raise ValueError(f'wire type {tag & 7}')
        yield tag >> 3, value


def numbers(value):
    """A list of numbers comes one by one or packed."""
    if isinstance(value, int):
        return [signed(value)]
    result, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        result.append(signed(number))
    return result


def message(data):
    """The last value of each field."""
    return {number: signed(value) if isinstance(value, int) else value
            for number, value in fields(data)}


@dataclasses.dataclass
class Sample:
    stack: tuple  # "func@file:line", leaf first
    values: list
    labels: dict


class Profile:
    def __init__(self, packed):
        self.sample_types, self.samples, self.comments = [], [], []
        self.strings, self.functions, self.locations = [], {}, {}
        self.time = self.duration = self.period = 0
        self.period_type = None
        types, samples, places = [], [], []
        for number, value in fields(gzip.decompress(packed)):
            if number == 1:
                types.append(message(value))
            elif number == 2:
                samples.append(value)
            elif number == 4:
                places.append(value)
            elif number == 5:
                self.add_function(message(value))
            elif number == 6:
                self.strings.append(value.decode())
            elif number == 9:
                self.time = signed(value)
            elif number == 10:
                self.duration = signed(value)
            elif number == 11:
                self.period_type = message(value)
            elif number == 12:
                self.period = signed(value)
            elif number == 13:
                self.comments += numbers(value)
            elif number not in (3, 7, 8, 14):  # mappings, filters, the usual sample type
                raise ValueError(f'field {number}')
        if self.strings[0] != '' or len(set(self.strings)) != len(self.strings):
            raise ValueError('the first text is "", and each is there once')
        self.sample_types = [self.value_type(t) for t in types]
        self.period_type = self.value_type(self.period_type)
        self.comments = [self.strings[c] for c in self.comments]
        for place in places:
            self.add_location(place)
        self.samples = [self.sample(s) for s in samples]

    def value_type(self, fields_of):
        return self.strings[fields_of.get(1, 0)], self.strings[fields_of.get(2, 0)]

    def add_function(self, function):
        if function[1] == 0 or function[1] in self.functions:
            raise ValueError(f'function {function[1]}')
        self.functions[function[1]] = function

    def add_location(self, data):
        place = {1: 0, 3: 0}
        lines = []
        for number, value in fields(data):
            if number == 4:
                lines.append(message(value))
            else:
                place[number] = value
        if place[1] == 0 or place[1] in self.locations:
            raise ValueError(f'location {place[1]}')
        (line,) = lines
        function = self.functions[line[1]]
        name, file = self.strings[function.get(2, 0)], self.strings[function.get(4, 0)]
        self.locations[place[1]] = (place[3], f'{name}@{file}:{line.get(2, 0)}')

    def sample(self, data):
        stack, values, labels = [], [], {}
        for number, value in fields(data):
            if number == 1:
                stack += [self.locations[i][1] for i in numbers(value)]
            elif number == 2:
                values += numbers(value)
            elif number == 3:
                label = message(value)
                key = self.strings[label[1]]
                if key in labels:
                    raise ValueError(f'label {key} twice')
                labels[key] = self.strings[label[2]] if 2 in label else label.get(3, 0)
        return Sample(tuple(stack), values, labels)

    def by_stack(self):
        """Count and time of each stack."""
        sums = {}
        for sample in self.samples:
            sum_of = sums.setdefault(sample.stack, [0, 0])
            for i, value in enumerate(sample.values):
                sum_of[i] += value
        return {stack: tuple(values) for stack, values in sums.items()}

    def total(self):
        return tuple(sum(s.values[i] for s in self.samples) for i in range(2))
