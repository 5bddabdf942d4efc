/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Writes small traces by hand, right or wrong, byte by byte if need be. */

#include <glib.h>

G_BEGIN_DECLS

#define TRACE_BUILDER_NO_THREAD G_MAXUINT64

typedef struct
{
  GByteArray *bytes; /* the trace so far */
  GByteArray *batch; /* data of the open batch */
  guint version;
  guint64 generation;
  guint64 thread;
  guint64 time;
  int experiment; /* -1 = an ordinary batch */
} TraceBuilder;

/* Begins with the header of "go 1.@version trace". */
void trace_builder_init (TraceBuilder *self, guint version);
void trace_builder_clear (TraceBuilder *self);

/* Opens a batch; what is put next goes into it, until trace_builder_end (). */
void trace_builder_begin (TraceBuilder *self, guint64 generation, guint64 thread, guint64 time);
void trace_builder_end (TraceBuilder *self);

/* A code and its numbers, all as varints: a code is below 128 or of an experiment. */
void trace_builder_put (TraceBuilder *self, guint n, const guint64 *numbers);
#define PUT(builder, ...)                                                    \
  trace_builder_put (builder,                                                \
                     sizeof ((guint64[]){ __VA_ARGS__ }) / sizeof (guint64), \
                     (guint64[]){ __VA_ARGS__ })

/* One more number, into the open batch. */
void trace_builder_number (TraceBuilder *self, guint64 number);

/* Bytes as they are: into the open batch, or between batches. */
void trace_builder_raw (TraceBuilder *self, const void *bytes, gsize size);

/* A string of the open Strings batch. */
void trace_builder_string (TraceBuilder *self, guint64 id, const char *text);

/* The batch that states the clock: @frequency units a second. */
void trace_builder_clock (TraceBuilder *self, guint64 generation, guint64 time, guint64 frequency);

/* From Go 1.26 on: the byte that ends a generation; nothing for older versions. */
void trace_builder_end_generation (TraceBuilder *self);

G_END_DECLS
