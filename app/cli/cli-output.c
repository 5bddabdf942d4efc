/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-output.h"

#include "app/cli/cli-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (1 << 16)

/* The tag of the first field of a pprof profile: number 1, with a length. */
#define PROFILE_HEAD (1 << 3 | 2)

struct _GanderOutput
{
  FILE *file;
  char *path;              /* NULL = standard output */
  char *temporary;         /* NULL: @path is written in place, it is no plain file */
  int trouble;             /* errno of the first write that failed, or 0 */
  GanderOutputGuard guard; /* (nullable) */
  gpointer guard_data;
};

static gboolean
is_standard_output (const char *path)
{
  return path == NULL || g_str_equal (path, "-");
}

static gboolean
is_same_file (const char *a, const char *b)
{
  GStatBuf stat_a, stat_b;

  return g_stat (a, &stat_a) == 0 && g_stat (b, &stat_b) == 0 && stat_a.st_dev == stat_b.st_dev &&
         stat_a.st_ino == stat_b.st_ino;
}

/* How what is not to be lost begins: a trace of any Go version, or something compressed, which a
 * trace often is. */
static const char *const precious[] = { "go 1.", "\x1f\x8b", "\x28\xb5\x2f\xfd" };

/* A profile for pprof is compressed, too, and is made again and again. */
static gboolean
is_profile (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) unpacked = NULL;
  char first = '\0';

  if (stream == NULL)
    return FALSE;
  unpacked = g_converter_input_stream_new (G_INPUT_STREAM (stream), G_CONVERTER (unpacker));
  return g_input_stream_read (unpacked, &first, 1, NULL, NULL) == 1 && first == PROFILE_HEAD;
}

static gboolean
is_precious (const char *path)
{
  char head[8] = "";
  FILE *file;
  gsize size;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  file = g_fopen (path, "rbe");
  if (file == NULL)
    return FALSE;
  size = fread (head, 1, sizeof head, file);
  fclose (file);
  for (gsize i = 0; i < G_N_ELEMENTS (precious); i++)
    if (size >= strlen (precious[i]) && memcmp (head, precious[i], strlen (precious[i])) == 0)
      return !is_profile (path);
  return FALSE;
}

gboolean
gander_output_check (const char *path, const char *const *inputs, GError **error)
{
  gboolean bad = is_precious (path);

  for (gsize i = 0; inputs[i] != NULL && !bad; i++)
    bad = is_same_file (path, inputs[i]);
  if (bad)
    g_set_error (error,
                 G_IO_ERROR,
                 G_IO_ERROR_EXISTS,
                 "%s is a trace or a compressed file; choose another name, or overwrite it with "
                 "--force",
                 path);
  return !bad;
}

static gboolean
open_file (GanderOutput *self, GError **error)
{
  const char *name = self->path;
  int code;

  /* A device or a pipe is written as it is; a plain file must never be half written. */
  if (!g_file_test (name, G_FILE_TEST_EXISTS) || g_file_test (name, G_FILE_TEST_IS_REGULAR))
    name = self->temporary = g_strdup_printf ("%s.%d.part", self->path, (int)getpid ());
  self->file = g_fopen (name, "wbe");
  if (self->file != NULL)
    return TRUE;
  code = errno;
  g_set_error (error,
               G_IO_ERROR,
               g_io_error_from_errno (code),
               "cannot write %s: %s",
               self->path,
               g_strerror (code));
  g_clear_pointer (&self->temporary, g_free);
  return FALSE;
}

GanderOutput *
gander_output_open (const char *path, const char *const *inputs, gboolean force, GError **error)
{
  g_autoptr (GanderOutput) self = g_new0 (GanderOutput, 1);

  if (is_standard_output (path))
    self->file = stdout;
  else
    {
      if (!force && !gander_output_check (path, inputs, error))
        return NULL;
      self->path = g_strdup (path);
      if (!open_file (self, error))
        return NULL;
    }
  setvbuf (self->file, NULL, _IOFBF, BUFFER_SIZE);
  return g_steal_pointer (&self);
}

void
gander_output_free (GanderOutput *self)
{
  if (self->path != NULL && self->file != NULL)
    fclose (self->file);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

gboolean
gander_output_is_terminal (const GanderOutput *self)
{
  return isatty (fileno (self->file)) != 0;
}

void
gander_output_write (GanderOutput *self, const char *text, gssize size)
{
  gsize n = size < 0 ? strlen (text) : (gsize)size;

  if (self->trouble == 0 && fwrite (text, 1, n, self->file) < n)
    self->trouble = errno;
}

void
gander_output_printf (GanderOutput *self, const char *format, ...)
{
  va_list args;
  int n;

  if (self->trouble != 0)
    return;
  va_start (args, format);
  n = vfprintf (self->file, format, args);
  va_end (args);
  if (n < 0)
    self->trouble = errno;
}

gboolean
gander_output_has_failed (const GanderOutput *self)
{
  return self->trouble != 0;
}

static void
keep_trouble (GanderOutput *self, int result)
{
  if (result != 0 && self->trouble == 0)
    self->trouble = errno;
}

void
gander_output_set_guard (GanderOutput *self, GanderOutputGuard guard, gpointer data)
{
  self->guard = guard;
  self->guard_data = data;
}

gboolean
gander_output_close (GanderOutput *self, GError **error)
{
  if (self->guard != NULL && !self->guard (self->guard_data, error))
    {
      __fpurge (self->file);
      return FALSE;
    }
  keep_trouble (self, fflush (self->file));
  if (self->path != NULL)
    {
      keep_trouble (self, fclose (self->file));
      self->file = NULL;
    }
  if (self->trouble == 0 && self->temporary != NULL)
    {
      keep_trouble (self, g_rename (self->temporary, self->path));
      if (self->trouble == 0)
        g_clear_pointer (&self->temporary, g_free);
    }
  if (self->trouble == 0 || self->trouble == EPIPE)
    return TRUE;
  g_set_error (error,
               G_IO_ERROR,
               g_io_error_from_errno (self->trouble),
               "cannot write %s: %s",
               self->path == NULL ? "standard output" : self->path,
               g_strerror (self->trouble));
  return FALSE;
}
