/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

#include <glib/gstdio.h>

/* Of an index file before or after. */
typedef struct
{
  gboolean exists;
  guint64 size;
  guint64 inode;
} IndexFile;

static IndexFile
look_at (const char *path)
{
  GStatBuf status;

  if (path == NULL || g_stat (path, &status) != 0)
    return (IndexFile){ 0 };
  return (IndexFile){ TRUE, (guint64)status.st_size, (guint64)status.st_ino };
}

static void
write_answer (GanderCall *call,
              GanderOutput *output,
              const GanderIndex *index,
              const char *path,
              const IndexFile *file,
              gboolean built,
              GanderTime duration)
{
  if (g_str_equal (call->format, "json"))
    {
      JsonObject *object = gander_json_new ("index");

      gander_json_set_trace (object, index);
      if (path == NULL || !file->exists)
        json_object_set_null_member (object, "path");
      else
        json_object_set_string_member (object, "path", path);
      json_object_set_int_member (object, "bytes", (gint64)file->size);
      json_object_set_boolean_member (object, "built", built);
      json_object_set_int_member (object, "duration_ns", duration);
      gander_json_write (output, object, TRUE);
    }
  else
    {
      g_autofree char *size = gander_text_count ((gint64)file->size);
      g_autofree char *time = gander_duration_to_string (gander_duration_round (duration));
      g_autofree char *shown = gander_text_escape (file->exists ? path : "(no index was kept)");

      gander_output_printf (output,
                            "%s  %s bytes  %s in %s\n",
                            shown,
                            size,
                            built ? "built" : "opened",
                            time);
    }
}

static gboolean
build (GanderCall *call, GanderOutput *output, const char *trace, GError **error)
{
  GanderLoadOptions options;
  g_autofree char *path = NULL;
  g_autoptr (GanderIndex) index = NULL;
  IndexFile before, after;
  gint64 start = g_get_monotonic_time ();

  gander_call_get_load_options (call, &options);
  if (!options.no_cache)
    path = gander_load_get_cache_path (trace, &options);
  before = look_at (path);
  index = gander_call_load (call, trace, error);
  if (index == NULL)
    return FALSE;
  after = look_at (path);
  write_answer (call,
                output,
                index,
                path,
                &after,
                !before.exists || before.inode != after.inode,
                (g_get_monotonic_time () - start) * 1000);
  return TRUE;
}

gboolean
gander_command_index (GanderCall *call, GError **error)
{
  g_autoptr (GanderOutput) output = gander_call_open_output (call, error);

  if (output == NULL)
    return FALSE;
  for (guint i = 0; call->files[i] != NULL; i++)
    if (!build (call, output, call->files[i], error))
      return FALSE;
  return gander_output_close (output, error);
}
