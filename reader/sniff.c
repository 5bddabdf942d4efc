/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/sniff.h"

#include <string.h>

typedef struct
{
  gsize at;
  const char *bytes;
  gsize size;
  const char *what;
} Signature;

#define MAGIC(at, text, what)         \
  {                                   \
    at, text, sizeof (text) - 1, what \
  }

/* The first row that fits counts, so the special comes before the general. */
static const Signature signatures[] = {
  MAGIC (0, "\x1f\x8b", "it looks like gzip inside gzip or zstd; unpack it first"),
  MAGIC (0, "\x28\xb5\x2f\xfd", "it looks like zstd inside gzip or zstd; unpack it first"),
  MAGIC (0, "go1.", "it looks like a Go heap dump or a version line"),
  MAGIC (0, "go object", "it looks like a Go object file"),
  MAGIC (0, "!<arch>", "it looks like a library archive"),
  MAGIC (0,
         "\xfd"
         "7zXZ",
         "it looks like an xz archive; unpack it first"),
  MAGIC (0, "BZh", "it looks like a bzip2 archive; unpack it first"),
  MAGIC (0, "PK\x03\x04", "it looks like a zip archive; unpack it first"),
  MAGIC (257, "ustar", "it looks like a tar archive; unpack it first"),
  MAGIC (0, "\x89PNG", "it looks like a PNG picture"),
  MAGIC (0, "\xff\xd8\xff", "it looks like a JPEG picture"),
  MAGIC (0, "%PDF", "it looks like a PDF document"),
  MAGIC (0, "MZ", "it looks like a Windows program"),
  MAGIC (0, "SQLite format 3", "it looks like an SQLite database"),
  MAGIC (0, "PERFILE2", "it looks like a Linux perf recording"),
  MAGIC (0, "heap profile:", "it looks like a heap profile as text; go tool pprof reads this file"),
  MAGIC (0, "goroutine profile:", "it looks like a goroutine profile as text"),
  MAGIC (0, "goroutine ", "it looks like the stack traces of a Go program"),
  MAGIC (0, "mode: ", "it looks like a Go coverage profile; go tool cover reads this file"),
  MAGIC (0, "{\"traceEvents\"", "it looks like a Chrome trace (JSON); Perfetto reads this file"),
};

#undef MAGIC

GanderPacking
gander_sniff_packing (const guint8 *head, gsize size)
{
  if (size >= 2 && memcmp (head, "\x1f\x8b", 2) == 0)
    return GANDER_PACKING_GZIP;
  if (size >= 4 && memcmp (head, "\x28\xb5\x2f\xfd", 4) == 0)
    return GANDER_PACKING_ZSTD;
  /* A skippable frame of zstd may come first. */
  if (size >= 4 && (head[0] & 0xf0) == 0x50 && memcmp (head + 1, "\x2a\x4d\x18", 3) == 0)
    return GANDER_PACKING_ZSTD;
  return GANDER_PACKING_NONE;
}

const char *
gander_packing_get_name (GanderPacking packing)
{
  static const char *const names[] = {
    [GANDER_PACKING_NONE] = "plain",
    [GANDER_PACKING_GZIP] = "gzip",
    [GANDER_PACKING_ZSTD] = "zstd",
  };

  return names[packing];
}

guint
gander_sniff_version (const guint8 *head, gsize size)
{
  gsize i = 5;
  guint version = 0;

  if (size < GANDER_HEADER_SIZE || memcmp (head, "go 1.", 5) != 0)
    return 0;
  while (i < 8 && g_ascii_isdigit (head[i]))
    version = version * 10 + (guint)(head[i++] - '0');
  if (i == 5 || memcmp (head + i, " trace", 6) != 0)
    return 0;
  for (i += 6; i < GANDER_HEADER_SIZE; i++)
    if (head[i] != 0)
      return 0;
  return version;
}

/* A profile is a protobuf whose first field is number 1, a message (0x0a), holding a sample type:
 * two small numbers, fields 1 and 2. */
static gboolean
is_pprof (const guint8 *head, gsize size)
{
  return size >= 6 && head[0] == 0x0a && head[1] <= 12 && head[2] == 0x08 &&
         (head[4] == 0x10 || head[1] == 2);
}

static gboolean
is_text (const guint8 *head, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (head[i] < 0x20 && head[i] != '\n' && head[i] != '\r' && head[i] != '\t' && head[i] != 0x1b)
      return FALSE;
  return size > 0;
}

static const char *
describe_text (const guint8 *head, gsize size)
{
  gsize i = 0;

  while (i < size && g_ascii_isspace (head[i]))
    i++;
  if (i < size && head[i] == '<')
    return "it looks like HTML or XML, perhaps the error page of a server";
  if (i < size && (head[i] == '{' || head[i] == '['))
    return "it looks like JSON";
  return "it looks like text";
}

const char *
gander_sniff_describe (const guint8 *head, gsize size, gboolean unpacked)
{
  if (is_pprof (head, size))
    return "it looks like a pprof profile; go tool pprof reads this file";

  if (size >= 18 && memcmp (head,
                            "\x7f"
                            "ELF",
                            4) == 0)
    return head[16] == 4 || head[17] == 4 ? "it looks like a core dump"
                                          : "it looks like a Linux program (ELF)";

  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      const Signature *s = &signatures[i];

      if (size >= s->at + s->size && memcmp (head + s->at, s->bytes, s->size) == 0)
        return s->what;
    }

  if (size >= 3 && memcmp (head, "go ", 3) == 0)
    return "it starts like a trace, but its header is broken";
  if (is_text (head, size))
    return describe_text (head, size);
  if (unpacked)
    return "what the compressed file holds cannot be told";
  return "what it is cannot be told";
}

gboolean
gander_sniff_is_hopeless (const guint8 *head, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (head[i] != head[0])
      return FALSE;
  return size >= GANDER_HEADER_SIZE;
}
