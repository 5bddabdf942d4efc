# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack the compressed files of the tests with the library that Gander itself needs."""
import ctypes

LIMIT = 64 << 20


def unpack(path):
    """The bytes of a compressed file, at most LIMIT."""
    library = ctypes.CDLL('libzstd.so.1')
    library.ZSTD_decompress.restype = ctypes.c_size_t
    library.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t,
                                        ctypes.c_char_p, ctypes.c_size_t]
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    library.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    packed = path.read_bytes()
    size = library.ZSTD_getFrameContentSize(packed, len(packed))
    # What is larger than any size was not told.
    buffer = ctypes.create_string_buffer(size if size <= LIMIT else LIMIT)
    size = library.ZSTD_decompress(buffer, len(buffer), packed, len(packed))
    if size > len(buffer):
        raise ValueError(f'{path} cannot be unpacked')
    return buffer.raw[:size]
