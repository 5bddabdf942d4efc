/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/trace-file.h"

#include <string.h>

#define VERSION      26
#define FIRST_THREAD 1000
#define FULL_BATCH   65000
#define WAYS         4
#define DEEPEST      12

/* Codes of the format. */
enum
{
  STACKS = 2,
  STACK = 3,
  STRINGS = 4,
  FREQUENCY = 8,
  SYNC = 50,
  CLOCK_SNAPSHOT = 51,
};

/* One row of names: what a function is called and why a goroutine stops in it. */
static const struct
{
  const char *function;
  const char *reason; /* NULL = it does not stop there */
} sites[TRACE_FILE_SITES] = {
  [SITE_START] = { "", NULL },
  [SITE_CHAN_RECEIVE] = { "runtime.chanrecv1", "chan receive" },
  [SITE_CHAN_SEND] = { "runtime.chansend1", "chan send" },
  [SITE_SELECT] = { "runtime.selectgo", "select" },
  [SITE_SYNC] = { "sync.(*Mutex).Lock", "sync" },
  [SITE_NETWORK] = { "internal/poll.(*FD).Read", "network" },
  [SITE_SLEEP] = { "time.Sleep", "sleep" },
  [SITE_UNLOCK] = { "sync.(*Mutex).Unlock", NULL },
  [SITE_GO] = { "main.spawn", NULL },
  [SITE_SYSCALL] = { "syscall.Syscall", NULL },
  [SITE_PREEMPTED] = { "main.compute", "preempted" },
  [SITE_GOSCHED] = { "runtime.Gosched", "runtime.Gosched" },
  [SITE_ALLOCATE] = { "runtime.mallocgc", NULL },
  [SITE_ANNOTATE] = { "runtime/trace.Logf", NULL },
};

static const char *const roles[TRACE_FILE_ROLES] = {
  "runtime.main",  "net/http.(*conn).serve", "main.worker",
  "main.producer", "main.(*Cache).refresh",  "main.handle.func1",
};

static const char *const ways[WAYS] = { "main.step", "main.load", "main.store", "main.encode" };

static const char *const texts[TRACE_FILE_TEXTS] = {
  [TEXT_STW_BEGIN] = "stop-the-world (GC sweep termination)",
  [TEXT_STW_END] = "stop-the-world (GC mark termination)",
  [TEXT_TASK] = "request",
  [TEXT_REGION] = "parse",
  [TEXT_REGION_WITHIN] = "decode",
  [TEXT_CATEGORY] = "cache",
  [TEXT_MESSAGE] = "miss, asking the next one",
};

static const char source_file[] = "/src/main.go";

/* Ids of strings: all tables in a row, from a number on that differs between generations. */
enum
{
  FIRST_FUNCTION = 0,
  FIRST_REASON = FIRST_FUNCTION + TRACE_FILE_SITES,
  FIRST_ROLE = FIRST_REASON + TRACE_FILE_SITES,
  FIRST_WAY = FIRST_ROLE + TRACE_FILE_ROLES,
  FIRST_TEXT = FIRST_WAY + WAYS,
  SOURCE_FILE = FIRST_TEXT + TRACE_FILE_TEXTS,
};

static guint64
string_id (const TraceFile *self, guint row)
{
  return row + 1 + self->generation % 7;
}

static void
take_bytes (TraceFile *self, TraceBuilder *builder)
{
  GByteArray *bytes = builder->bytes;

  if (fwrite (bytes->data, 1, bytes->len, self->file) != bytes->len)
    self->failed = TRUE;
  g_byte_array_set_size (bytes, 0);
}

static void
end_batch (TraceFile *self, guint thread)
{
  trace_builder_end (&self->builders[thread]);
  take_bytes (self, &self->builders[thread]);
}

void
trace_file_init (TraceFile *self, FILE *file)
{
  *self = (TraceFile){ .file = file, .now = TRACE_FILE_FREQUENCY };
  for (guint i = 0; i <= TRACE_FILE_THREADS; i++)
    {
      trace_builder_init (&self->builders[i], VERSION);
      if (i > 0)
        g_byte_array_set_size (self->builders[i].bytes, 0);
    }
  take_bytes (self, &self->builders[0]);
}

void
trace_file_clear (TraceFile *self)
{
  for (guint i = 0; i <= TRACE_FILE_THREADS; i++)
    trace_builder_clear (&self->builders[i]);
}

static TraceBuilder *
begin_tables (TraceFile *self, guint8 code)
{
  TraceBuilder *builder = &self->builders[TRACE_FILE_NOBODY];

  trace_builder_begin (builder, self->generation, TRACE_BUILDER_NO_THREAD, self->now);
  PUT (builder, code);
  return builder;
}

static void
end_tables (TraceFile *self)
{
  self->bytes += self->builders[TRACE_FILE_NOBODY].batch->len;
  end_batch (self, TRACE_FILE_NOBODY);
}

void
trace_file_begin_generation (TraceFile *self)
{
  TraceBuilder *builder = NULL;
  guint64 ns = 0;

  self->generation++;
  ns = ++self->now * (G_USEC_PER_SEC * G_GUINT64_CONSTANT (1000) / TRACE_FILE_FREQUENCY);
  builder = begin_tables (self, SYNC);
  PUT (builder, FREQUENCY, TRACE_FILE_FREQUENCY);
  PUT (builder,
       CLOCK_SNAPSHOT,
       0,
       ns,
       1700000000 + ns / G_GUINT64_CONSTANT (1000000000),
       ns % G_GUINT64_CONSTANT (1000000000));
  end_tables (self);
}

/* The program counter, the function, its file and the line. */
static void
put_frame (TraceFile *self, TraceBuilder *builder, guint function, guint line)
{
  trace_builder_number (builder, 0x400000 + function * 0x1000 + line);
  trace_builder_number (builder, string_id (self, function));
  trace_builder_number (builder, string_id (self, SOURCE_FILE));
  trace_builder_number (builder, line);
}

/* The leaf, the way there, some of them more than once, and the start function. */
static void
put_stack (TraceFile *self, TraceBuilder *builder, guint role, TraceFileSite site, guint way)
{
  guint n_between = site == SITE_START ? 0 : 1 + (role + site * way) % DEEPEST;

  PUT (builder, STACK, trace_file_stack (role, site, way), site == SITE_START ? 1 : n_between + 2);
  if (site != SITE_START)
    put_frame (self, builder, FIRST_FUNCTION + site, 20 + site);
  for (guint i = 0; i < n_between; i++)
    put_frame (self, builder, FIRST_WAY + (way + i) % WAYS, 100 + site + i);
  put_frame (self, builder, FIRST_ROLE + role, 200 + site);
}

static void
put_string (TraceFile *self, TraceBuilder *builder, guint row, const char *text)
{
  if (text != NULL)
    trace_builder_string (builder, string_id (self, row), text);
}

static void
put_strings (TraceFile *self)
{
  TraceBuilder *builder = begin_tables (self, STRINGS);

  for (guint i = 0; i < TRACE_FILE_SITES; i++)
    {
      put_string (self, builder, FIRST_FUNCTION + i, sites[i].function);
      put_string (self, builder, FIRST_REASON + i, sites[i].reason);
    }
  for (guint i = 0; i < TRACE_FILE_ROLES; i++)
    put_string (self, builder, FIRST_ROLE + i, roles[i]);
  for (guint i = 0; i < WAYS; i++)
    put_string (self, builder, FIRST_WAY + i, ways[i]);
  for (guint i = 0; i < TRACE_FILE_TEXTS; i++)
    put_string (self, builder, FIRST_TEXT + i, texts[i]);
  put_string (self, builder, SOURCE_FILE, source_file);
  end_tables (self);
}

static void
put_stacks (TraceFile *self)
{
  TraceBuilder *builder = begin_tables (self, STACKS);

  for (guint role = 0; role < TRACE_FILE_ROLES; role++)
    for (guint site = 0; site < TRACE_FILE_SITES; site++)
      for (guint way = 0; way < WAYS; way++)
        put_stack (self, builder, role, site, way);
  end_tables (self);
}

void
trace_file_end_generation (TraceFile *self)
{
  for (guint i = 0; i <= TRACE_FILE_THREADS; i++)
    if (self->builders[i].batch != NULL)
      end_batch (self, i);
  put_stacks (self);
  put_strings (self);
  trace_builder_end_generation (&self->builders[TRACE_FILE_NOBODY]);
  take_bytes (self, &self->builders[TRACE_FILE_NOBODY]);
}

void
trace_file_event (TraceFile *self, guint thread, guint64 gap, guint n, const guint64 *numbers)
{
  TraceBuilder *builder = &self->builders[thread];
  guint64 all[8] = { numbers[0] };
  guint before = 0;

  g_assert (n < G_N_ELEMENTS (all));
  self->now += gap;
  if (builder->batch == NULL)
    {
      trace_builder_begin (builder,
                           self->generation,
                           thread == TRACE_FILE_NOBODY ? TRACE_BUILDER_NO_THREAD
                                                       : trace_file_thread (thread),
                           self->now);
      self->last[thread] = self->now;
    }
  all[1] = self->now - self->last[thread];
  self->last[thread] = self->now;
  memcpy (&all[2], &numbers[1], (n - 1) * sizeof *all);
  before = builder->batch->len;
  trace_builder_put (builder, n + 1, all);
  self->bytes += builder->batch->len - before;
  if (builder->batch->len > FULL_BATCH)
    end_batch (self, thread);
}

guint64
trace_file_thread (guint thread)
{
  return FIRST_THREAD + thread;
}

guint64
trace_file_stack (guint role, TraceFileSite site, guint way)
{
  return (role * TRACE_FILE_SITES + site) * WAYS + way % WAYS + 1;
}

guint64
trace_file_reason (const TraceFile *self, TraceFileSite site)
{
  return string_id (self, FIRST_REASON + site);
}

guint64
trace_file_text (const TraceFile *self, TraceFileText text)
{
  return string_id (self, FIRST_TEXT + text);
}
