/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/gc-example.h"

#include "tests/support/corpus.h"
#include "tests/support/trace-builder.h"

#define NS G_GUINT64_CONSTANT (1000000000)
#define T0 1000

#define MICROSECONDS(n) ((n)*1000)

enum
{
  STRING_DEDICATED = 1,
  STRING_TERMINATION,
  STRING_WAIT,
  STRING_GC,
  STRING_FILE,
};

enum
{
  STACK_GC = 1,
};

static void
put_tables (TraceBuilder *b)
{
  trace_builder_begin (b, 1, TRACE_BUILDER_NO_THREAD, T0);
  PUT (b, 4);
  trace_builder_string (b, STRING_DEDICATED, "GC (dedicated)");
  trace_builder_string (b, STRING_TERMINATION, "GC mark termination");
  trace_builder_string (b, STRING_WAIT, "system goroutine wait");
  trace_builder_string (b, STRING_GC, "runtime.GC");
  trace_builder_string (b, STRING_FILE, "mgc.go");
  trace_builder_end (b);
  trace_builder_begin (b, 1, TRACE_BUILDER_NO_THREAD, T0);
  PUT (b, 2);
  PUT (b, 3, STACK_GC, 1, 4096, STRING_GC, STRING_FILE, 7);
  trace_builder_end (b);
}

GanderIndex *
gc_example_load (void)
{
  TraceBuilder b;
  GanderIndex *index = NULL;

  trace_builder_init (&b, 22);
  trace_builder_clock (&b, 1, T0, NS);
  put_tables (&b);
  trace_builder_begin (&b, 1, 100, T0);
  PUT (&b, 13, 1, 0, 1);                                 /* P0 is running */
  PUT (&b, 25, 1, 1, 100, 2);                            /* G1 is running */
  PUT (&b, 39, MICROSECONDS (21) - 2, STRING_DEDICATED); /* 20 */
  PUT (&b, 20, MICROSECONDS (21), STRING_WAIT, 0);       /* 41 */
  trace_builder_end (&b);
  trace_builder_begin (&b, 1, 101, T0);
  PUT (&b, 13, 10, 1, 1);                   /* P1 is running */
  PUT (&b, 25, 1, 2, 101, 2);               /* G2 is running */
  PUT (&b, 9, MICROSECONDS (1) - 11, 2, 0); /* 0: GOMAXPROCS is 2 */
  PUT (&b, 37, MICROSECONDS (10), 1000);    /* 10 */
  PUT (&b, 38, 1, 4000);
  PUT (&b, 29, MICROSECONDS (5) - 1, 1, STACK_GC);        /* 15: marking begins */
  PUT (&b, 26, MICROSECONDS (25), STRING_TERMINATION, 0); /* 40 */
  PUT (&b, 37, MICROSECONDS (2), 700);                    /* 42 */
  PUT (&b, 30, MICROSECONDS (1), 2);                      /* 43: and ends */
  PUT (&b, 38, MICROSECONDS (1), 1400);                   /* 44 */
  PUT (&b, 27, MICROSECONDS (1));                         /* 45 */
  PUT (&b, 37, MICROSECONDS (55) - 1, 700);               /* the last event */
  trace_builder_end (&b);
  trace_builder_end_generation (&b);
  index = test_corpus_load_bytes (b.bytes->data, b.bytes->len);
  trace_builder_clear (&b);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  g_assert_cmpint (gander_index_get_facts (index)->duration,
                   ==,
                   GC_EXAMPLE_ZERO + MICROSECONDS (100));
  return index;
}
