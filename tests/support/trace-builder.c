/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/trace-builder.h"

#include <string.h>

static void
put_uvarint (GByteArray *bytes, guint64 value)
{
  guint8 byte;

  do
    {
      byte = value & 0x7f;
      value >>= 7;
      if (value != 0)
        byte |= 0x80;
      g_byte_array_append (bytes, &byte, 1);
    }
  while (value != 0);
}

void
trace_builder_init (TraceBuilder *self, guint version)
{
  char header[17] = { 0 };

  *self = (TraceBuilder){ .bytes = g_byte_array_new (), .version = version, .experiment = -1 };
  g_snprintf (header, sizeof header, "go 1.%02u trace", version);
  g_byte_array_append (self->bytes, (const guint8 *)header, 16);
}

void
trace_builder_clear (TraceBuilder *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_pointer (&self->batch, g_byte_array_unref);
}

void
trace_builder_begin (TraceBuilder *self, guint64 generation, guint64 thread, guint64 time)
{
  self->batch = g_byte_array_new ();
  self->generation = generation;
  self->thread = thread;
  self->time = time;
  self->experiment = -1;
}

void
trace_builder_end (TraceBuilder *self)
{
  guint8 type = self->experiment < 0 ? 1 : 49;

  g_byte_array_append (self->bytes, &type, 1);
  if (self->experiment >= 0)
    {
      type = (guint8)self->experiment;
      g_byte_array_append (self->bytes, &type, 1);
    }
  put_uvarint (self->bytes, self->generation);
  put_uvarint (self->bytes, self->thread);
  put_uvarint (self->bytes, self->time);
  put_uvarint (self->bytes, self->batch->len);
  g_byte_array_append (self->bytes, self->batch->data, self->batch->len);
  g_clear_pointer (&self->batch, g_byte_array_unref);
}

void
trace_builder_put (TraceBuilder *self, guint n, const guint64 *numbers)
{
  guint8 code = (guint8)numbers[0];

  g_byte_array_append (self->batch, &code, 1);
  for (guint i = 1; i < n; i++)
    put_uvarint (self->batch, numbers[i]);
}

void
trace_builder_number (TraceBuilder *self, guint64 number)
{
  put_uvarint (self->batch, number);
}

void
trace_builder_raw (TraceBuilder *self, const void *bytes, gsize size)
{
  g_byte_array_append (self->batch != NULL ? self->batch : self->bytes, bytes, (guint)size);
}

void
trace_builder_string (TraceBuilder *self, guint64 id, const char *text)
{
  PUT (self, 5, id, strlen (text));
  trace_builder_raw (self, text, strlen (text));
}

void
trace_builder_clock (TraceBuilder *self, guint64 generation, guint64 time, guint64 frequency)
{
  trace_builder_begin (self, generation, TRACE_BUILDER_NO_THREAD, time);
  if (self->version >= 25)
    {
      PUT (self, 50);
      PUT (self, 8, frequency);
      PUT (self, 51, 0, 1000, 1700000000, 5);
    }
  else
    PUT (self, 8, frequency);
  trace_builder_end (self);
}

void
trace_builder_end_generation (TraceBuilder *self)
{
  if (self->version >= 26)
    trace_builder_raw (self, "\x34", 1);
}
