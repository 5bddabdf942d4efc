/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader-error.h"
#include "reader/sniff.h"
#include "reader/source.h"
#include "reader/trace.h"
#include "tests/support/trace-builder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

/* Where traces come from, and what is said of files that are none. */

static char *folder;
static gboolean seen[GANDER_READER_ERROR_BAD_INDEX];

typedef struct
{
  guint64 n_events;
} Outcome;

static void
event_cb (gpointer data, const GanderEvent *event G_GNUC_UNUSED)
{
  ((Outcome *)data)->n_events++;
}

static void
generation_cb (gpointer data G_GNUC_UNUSED, const GanderGeneration *generation G_GNUC_UNUSED)
{
}

static void
damage_cb (gpointer data G_GNUC_UNUSED, const GanderDamage *damage G_GNUC_UNUSED)
{
}

static const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };

/* Returns: the events of @path, 0 and @error when it cannot be read. */
static guint64
read_path (const char *path, guint64 limit, GCancellable *cancellable, GError **error)
{
  const GanderTraceOptions options = { .unpack_limit = limit };
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  GanderProgress progress = { 0 };
  GanderTraceInfo info;
  Outcome outcome = { 0 };
  gboolean ok = gander_trace_read (path,
                                   &options,
                                   dictionary,
                                   &sink,
                                   &outcome,
                                   &info,
                                   &progress,
                                   cancellable,
                                   error);

  g_assert_true (ok == (*error == NULL));
  if ((*error) != NULL && (*error)->domain == GANDER_READER_ERROR)
    seen[(*error)->code] = TRUE;
  return ok ? outcome.n_events : 0;
}

static char *
make_file (const char *name, const void *bytes, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize)size, NULL));
  return g_steal_pointer (&path);
}

/* A trace of @n_events events and more, of generation 1, in Go 1.23's format. */
static GByteArray *
make_trace (guint n_events)
{
  TraceBuilder b;
  GByteArray *bytes;

  trace_builder_init (&b, 23);
  trace_builder_clock (&b, 1, 1000, 15625000);
  trace_builder_begin (&b, 1, 100, 1000);
  PUT (&b, 13, 1, 0, 1);
  PUT (&b, 25, 1, 1, 100, 2);
  for (guint i = 0; i < n_events; i++)
    {
      PUT (&b, 38, 1, 100);
      if (b.batch->len > 60000)
        {
          trace_builder_end (&b);
          trace_builder_begin (&b, 1, 100, 1000 + i);
        }
    }
  trace_builder_end (&b);
  bytes = g_steal_pointer (&b.bytes);
  trace_builder_clear (&b);
  return bytes;
}

static GByteArray *
gzip (const guint8 *bytes, gsize size)
{
  g_autoptr (GConverter) converter =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  GByteArray *out = g_byte_array_new ();
  GConverterResult result;

  do
    {
      guint8 buffer[4096];
      gsize used;
      gsize n;

      result = g_converter_convert (converter,
                                    bytes,
                                    size,
                                    buffer,
                                    sizeof buffer,
                                    G_CONVERTER_INPUT_AT_END,
                                    &used,
                                    &n,
                                    NULL);
      g_assert_cmpint (result, !=, G_CONVERTER_ERROR);
      g_byte_array_append (out, buffer, (guint)n);
      bytes += used;
      size -= used;
    }
  while (result != G_CONVERTER_FINISHED);
  return out;
}

static GByteArray *
zstd (const guint8 *bytes, gsize size)
{
  gsize room = ZSTD_compressBound (size);
  g_autofree guint8 *buffer = g_malloc (room);
  gsize n = ZSTD_compress (buffer, room, bytes, size, 3);
  GByteArray *out = g_byte_array_new ();

  g_assert_false (ZSTD_isError (n));
  return g_byte_array_append (out, buffer, (guint)n);
}

/* Plain, gzip and zstd are one trace; of two packed pieces in a row both are unpacked. */
static void
test_packings (void)
{
  g_autoptr (GByteArray) trace = make_trace (50000);
  g_autoptr (GByteArray) gz = gzip (trace->data, trace->len);
  g_autoptr (GByteArray) zst = zstd (trace->data, trace->len);
  g_autoptr (GByteArray) gz_parts = gzip (trace->data, 1000);
  g_autoptr (GByteArray) gz_rest = gzip (trace->data + 1000, trace->len - 1000);
  g_autoptr (GByteArray) zst_parts = zstd (trace->data, 1000);
  g_autoptr (GByteArray) zst_rest = zstd (trace->data + 1000, trace->len - 1000);
  const GByteArray *const all[] = { trace, gz, zst, gz_parts, zst_parts };

  g_byte_array_append (gz_parts, gz_rest->data, gz_rest->len);
  g_byte_array_append (zst_parts, zst_rest->data, zst_rest->len);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *path = make_file ("packed", all[i]->data, all[i]->len);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (read_path (path, 0, NULL, &error), ==, 50000 + 2 + 2);
      g_assert_no_error (error);
    }
}

/* What unpacks to more than it may is refused; so are a broken archive and an empty one. */
static void
test_limits (void)
{
  g_autoptr (GByteArray) trace = make_trace (50000);
  g_autoptr (GByteArray) zst = zstd (trace->data, trace->len);
  g_autoptr (GByteArray) nothing = gzip ((const guint8 *)"", 0);
  g_autofree char *path = make_file ("limit.zst", zst->data, zst->len);
  g_autofree char *broken = make_file ("broken.zst", "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff", 9);
  g_autofree char *empty = make_file ("empty.gz", nothing->data, nothing->len);
  g_autoptr (GError) error = NULL;

  read_path (path, trace->len - 1, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_cmpuint (read_path (path, trace->len, NULL, &error), >, 50000);
  g_assert_no_error (error);

  read_path (broken, 0, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_CORRUPT);
  g_clear_error (&error);
  read_path (empty, 0, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_EMPTY);
}

static gpointer
write_slowly (gpointer data)
{
  g_autoptr (GByteArray) trace = make_trace (100);
  g_autofree char *path = g_build_filename (folder, "pipe", NULL);
  FILE *file;

  g_usleep (150000);
  file = g_fopen (path, "w");
  g_assert_nonnull (file);
  for (guint i = 0; i < trace->len; i += 100)
    {
      fwrite (trace->data + i, 1, MIN (100, trace->len - i), file);
      fflush (file);
      g_usleep (1000);
    }
  fclose (file);
  return data;
}

/* A pipe whose writer is late and slow; then one that never comes, cancelled. */
static void
test_pipe (void)
{
  g_autofree char *path = g_build_filename (folder, "pipe", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *writer;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  writer = g_thread_new ("writer", write_slowly, NULL);
  g_assert_cmpuint (read_path (path, 0, NULL, &error), ==, 104);
  g_assert_no_error (error);
  g_thread_join (writer);

  g_cancellable_cancel (cancellable);
  read_path (path, 0, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_remove (path);
}

static void
cancel_cb (gpointer data, const GanderEvent *event)
{
  if (event->time > 100000)
    g_cancellable_cancel (data);
}

/* Cancelled in the midst of the events. */
static void
test_cancel (void)
{
  const GanderSink cancelling = { cancel_cb, generation_cb, damage_cb, NULL };
  g_autoptr (GByteArray) trace = make_trace (50000);
  g_autofree char *path = make_file ("cancel", trace->data, trace->len);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GError) error = NULL;
  GanderTraceInfo info;

  g_assert_false (gander_trace_read (path,
                                     NULL,
                                     dictionary,
                                     &cancelling,
                                     cancellable,
                                     &info,
                                     NULL,
                                     cancellable,
                                     &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_files (void)
{
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char *empty = make_file ("empty", "", 0);
  g_autoptr (GError) error = NULL;

  read_path (folder, 0, NULL, &error);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error (&error);
  read_path (missing, 0, NULL, &error);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  read_path (empty, 0, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_EMPTY);
  g_clear_error (&error);
  /* Endless, and seen to be no trace after a few bytes. */
  read_path ("/dev/zero", 0, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_NOT_A_TRACE);
}

typedef struct
{
  const char *name;
  const char *bytes;
  gsize size;
  const char *says;
} Stranger;

#define STRANGER(name, bytes, says)       \
  {                                       \
    name, bytes, sizeof (bytes) - 1, says \
  }

static const Stranger strangers[] = {
  STRANGER ("pprof", "\x0a\x04\x08\x01\x10\x02\x12\x04\x08\x03\x10\x04", "pprof"),
  STRANGER ("program",
            "\x7f"
            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0",
            "program"),
  STRANGER ("core",
            "\x7f"
            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0\x3e\0",
            "core dump"),
  STRANGER ("html", "<!DOCTYPE html><html>", "HTML"),
  STRANGER ("json", "  {\"a\": 1}\n", "JSON"),
  STRANGER ("chrome", "{\"traceEvents\": []}", "Chrome"),
  STRANGER ("text", "hello, world\n", "text"),
  STRANGER ("stacks", "goroutine 1 [running]:\n", "stack traces"),
  STRANGER ("heap", "heap profile: 1: 2 [3: 4]", "go tool pprof"),
  STRANGER ("picture", "\x89PNG\r\n\x1a\n", "PNG"),
  STRANGER ("zip", "PK\x03\x04\x14\0\0\0", "zip"),
  STRANGER ("xz",
            "\xfd"
            "7zXZ\0\0\0",
            "xz"),
  STRANGER ("broken-header", "go 1.23 tracx\0\0\0", "header is broken"),
  STRANGER ("random", "\x93\x01\xfe\x80\x11\x02", "cannot be told"),
};

/* What a file is when it is no trace: by itself, and packed. */
static void
test_stranger (gconstpointer data)
{
  const Stranger *stranger = data;
  g_autoptr (GByteArray) gz = gzip ((const guint8 *)stranger->bytes, stranger->size);
  g_autofree char *plain = make_file ("stranger", stranger->bytes, stranger->size);
  g_autofree char *packed = make_file ("stranger.gz", gz->data, gz->len);
  const char *const paths[] = { plain, packed };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      read_path (paths[i], 0, NULL, &error);
      g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_NOT_A_TRACE);
      g_assert_nonnull (strstr (error->message, stranger->says));
    }
}

static void
test_versions (void)
{
  static const guint old[] = { 5, 7, 11, 19, 21 };
  static const char *const not_headers[] = {
    "go 1. trace\0\0\0\0\0", "go 1.1234 trace\0", "go 2.22 trace\0\0\0", "go 1.22 trace\0\0x"
  };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (old); i++)
    {
      g_autofree char *name = g_strdup_printf ("Go 1.%u;", old[i]);
      char header[GANDER_HEADER_SIZE] = { 0 };
      g_autofree char *path = NULL;

      g_snprintf (header, sizeof header, "go 1.%u trace", old[i]);
      g_assert_cmpuint (gander_sniff_version ((guint8 *)header, sizeof header), ==, old[i]);
      path = make_file ("old", header, sizeof header);
      read_path (path, 0, NULL, &error);
      g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_UNSUPPORTED_VERSION);
      g_assert_nonnull (strstr (error->message, name));
      g_clear_error (&error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (not_headers); i++)
    g_assert_cmpuint (gander_sniff_version ((const guint8 *)not_headers[i], 16), ==, 0);
  g_assert_cmpuint (gander_sniff_version ((const guint8 *)"go 1.22 trace\0\0", 15), ==, 0);
}

/* A header with nothing behind it: from Go 1.26 on that is a trace without a generation. */
static void
test_header_only (void)
{
  g_autofree char *old = make_file ("header", "go 1.23 trace\0\0", 16);
  g_autofree char *new = make_file ("header26", "go 1.26 trace\0\0", 16);
  g_autoptr (GError) error = NULL;

  read_path (old, 0, NULL, &error);
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_NOTHING_READABLE);
  g_clear_error (&error);
  g_assert_cmpuint (read_path (new, 0, NULL, &error), ==, 0);
  g_assert_no_error (error);
}

/* Every error of the reader that can end a load came up; the broken number is told by
 * test-bytes.c, the broken index by its own tests. */
static void
test_every_error (void)
{
  for (guint code = 0; code < G_N_ELEMENTS (seen); code++)
    g_assert_true (seen[code] || code == GANDER_READER_ERROR_TRUNCATED);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}

int
main (int argc, char *argv[])
{
  gboolean all = argc == 1;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_assert_nonnull (folder);

  g_test_add_func ("/reader/source/packings", test_packings);
  g_test_add_func ("/reader/source/limits", test_limits);
  g_test_add_func ("/reader/source/pipe", test_pipe);
  g_test_add_func ("/reader/source/cancel", test_cancel);
  g_test_add_func ("/reader/source/files", test_files);
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strconcat ("/reader/sniff/", strangers[i].name, NULL);

      g_test_add_data_func (path, &strangers[i], test_stranger);
    }
  g_test_add_func ("/reader/source/versions", test_versions);
  g_test_add_func ("/reader/source/header-only", test_header_only);
  if (all)
    g_test_add_func ("/reader/source/every-error", test_every_error);

  result = g_test_run ();
  remove_folder ();
  return result;
}
