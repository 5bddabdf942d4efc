/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A collection written by hand. */

#include "reader/reader.h"

G_BEGIN_DECLS

/* All times of the example are in µs from here, 1 µs after the trace begins. */
#define GC_EXAMPLE_ZERO 1000

/* Two processors from 0 to 100. G1 is a dedicated mark worker on P0 from 20 on until it blocks at
 * 41; G2 on P1 calls runtime.GC at 15 and stops the world for the mark termination from 40 to 45.
 * The heap is 1,000 bytes at 10 with a goal of 4,000, and 700 at 42; marking ends at 43, with a
 * goal of 1,400 for the next time.
 *
 * Returns: (transfer full) the index; the trace ends at 100. */
GanderIndex *gc_example_load (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
