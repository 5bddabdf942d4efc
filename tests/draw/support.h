/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of pictures share. */

#include "reader/reader.h"

/* Returns: (transfer full) the index of tests/corpus/@name.trace.zst; kept nowhere. */
GanderIndex *test_load (const char *name);
