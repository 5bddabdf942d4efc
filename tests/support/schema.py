# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a JSON document is as its schema says."""

TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'number': (int, float),
         'boolean': bool, 'null': type(None)}


def find(reference, root):
    """What "#/$defs/name" refers to."""
    for name in reference.removeprefix('#/').split('/'):
        root = root[name]
    return root


def problems(schema, value, where='$', root=None):
    """What of a value does not follow a JSON schema; the keywords that ours use. A member that is
    not described is a problem, whether the schema says so or not."""
    root = root or schema
    if '$ref' in schema:
        yield from problems(find(schema['$ref'], root), value, where, root)
        return
    if 'const' in schema and value != schema['const']:
        yield f'{where} is {value!r}'
    if 'enum' in schema and value not in schema['enum']:
        yield f'{where} is {value!r}'
    types = schema.get('type', [])
    types = types if isinstance(types, list) else [types]
    if types and not any(isinstance(value, TYPES[t]) and not (t != 'boolean' and value is True)
                         for t in types):
        yield f'{where} is no {types}'
        return
    if isinstance(value, dict):
        for name in schema.get('required', []):
            if name not in value:
                yield f'{where}.{name} is missing'
        for name, member in value.items():
            known = schema.get('properties', {}).get(name) or schema.get('additionalProperties')
            if not known:
                yield f'{where}.{name} is not described'
            else:
                yield from problems(known, member, f'{where}.{name}', root)
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from problems(schema.get('items', {}), item, f'{where}[{i}]', root)


def is_sorted(value):
    if isinstance(value, dict):
        return list(value) == sorted(value) and all(map(is_sorted, value.values()))
    return all(map(is_sorted, value)) if isinstance(value, list) else True
