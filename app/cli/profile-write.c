/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles as texts: folded stacks, speedscope, and stacks for people. */
#include "app/cli/profile-write.h"

#include "app/cli/json-stream.h"

#include <string.h>

static gboolean
is_kept (const GanderProfileView *self, guint record)
{
  return self->keep == NULL || self->keep[record];
}

/* What separates frames and lines is replaced in names. */
static void
append_name (GString *out, const char *name)
{
  g_autofree char *text = gander_text_escape (name);

  g_string_append (out, g_strdelimit (text, ";", ','));
}

static char *
fold (const GanderIndex *index, GanderStackId stack)
{
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint n = gander_stack_get_frames (index, stack, frames);
  GString *text = g_string_new (n == 0 ? GANDER_PROFILE_NO_STACK : NULL);

  for (guint i = n; i > 0; i--)
    {
      append_name (text, gander_index_get_string (index, frames[i - 1].function));
      if (i > 1)
        g_string_append_c (text, ';');
    }
  return g_string_free (text, FALSE);
}

void
gander_profile_write_folded (const GanderProfileView *self, GanderOutput *output)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (GanderTime));
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (self->profile, &n);

  /* Stacks that differ in lines alone are one here. */
  for (guint i = 0; i < n; i++)
    {
      char *text = NULL;
      gpointer place = NULL;
      if (!is_kept (self, i))
        continue;
      text = fold (self->index, records[i].stack);
      if (g_hash_table_lookup_extended (places, text, NULL, &place))
        {
          g_array_index (totals, GanderTime, GPOINTER_TO_UINT (place)) += records[i].figures.total;
          g_free (text);
          continue;
        }
      g_hash_table_insert (places, text, GUINT_TO_POINTER (texts->len));
      g_ptr_array_add (texts, text);
      g_array_append_val (totals, records[i].figures.total);
    }
  for (guint i = 0; i < texts->len; i++)
    gander_output_printf (output,
                          "%s %" G_GINT64_FORMAT "\n",
                          (const char *)g_ptr_array_index (texts, i),
                          g_array_index (totals, GanderTime, i));
}

/* The frames of a speedscope file: each place once. */
typedef struct
{
  GHashTable *numbers; /* text to number + 1 */
  GArray *frames;      /* GanderFrame */
} Frames;

static guint
get_frame (Frames *self, const GanderIndex *index, const GanderFrame *frame)
{
  char *text =
      frame == NULL ? g_strdup (GANDER_PROFILE_NO_STACK) : gander_stack_format_frame (index, frame);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, text));
  const GanderFrame none = { 0 };

  if (number > 0)
    {
      g_free (text);
      return number - 1;
    }
  g_array_append_vals (self->frames, frame == NULL ? &none : frame, 1);
  g_hash_table_insert (self->numbers, text, GUINT_TO_POINTER (self->frames->len));
  return self->frames->len - 1;
}

static void
write_samples (const GanderProfileView *self, GanderJsonStream *json, Frames *all)
{
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (self->profile, &n);

  gander_json_stream_begin_array (json, "samples");
  for (guint i = 0; i < n; i++)
    {
      GanderFrame frames[GANDER_STACK_FRAMES];
      guint depth = 0;
      if (!is_kept (self, i))
        continue;
      depth = gander_stack_get_frames (self->index, records[i].stack, frames);
      gander_json_stream_begin_array (json, NULL);
      if (depth == 0)
        gander_json_stream_add_integer (json, NULL, get_frame (all, self->index, NULL));
      for (guint level = depth; level > 0; level--)
        gander_json_stream_add_integer (json,
                                        NULL,
                                        get_frame (all, self->index, &frames[level - 1]));
      gander_json_stream_end (json);
    }
  gander_json_stream_end (json);
}

static gint64
get_weight (const GanderProfileRecord *record, gboolean times)
{
  return times ? record->figures.total : (gint64)record->figures.count;
}

/* @times: weights are times, else numbers of waits. */
static void
write_profile (const GanderProfileView *self,
               GanderJsonStream *json,
               Frames *frames,
               gboolean times)
{
  const GanderProfileOptions *options = gander_profile_get_options (self->profile);
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (self->profile, &n);
  g_autofree char *name = g_strdup_printf ("%s: %s",
                                           gander_profile_kind_get_id (options->kind),
                                           times ? "delay" : "contentions");
  gint64 sum = 0;

  for (guint i = 0; i < n; i++)
    if (is_kept (self, i))
      sum += get_weight (&records[i], times);
  gander_json_stream_begin_object (json, NULL);
  gander_json_stream_add_integer (json, "endValue", sum);
  gander_json_stream_add_string (json, "name", name);
  write_samples (self, json, frames);
  gander_json_stream_add_integer (json, "startValue", 0);
  gander_json_stream_add_string (json, "type", "sampled");
  gander_json_stream_add_string (json, "unit", times ? "nanoseconds" : "none");
  gander_json_stream_begin_array (json, "weights");
  for (guint i = 0; i < n; i++)
    if (is_kept (self, i))
      gander_json_stream_add_integer (json, NULL, get_weight (&records[i], times));
  gander_json_stream_end (json);
  gander_json_stream_end (json);
}

static void
write_frames (const GanderProfileView *self, GanderJsonStream *json, const Frames *frames)
{
  gander_json_stream_begin_object (json, "shared");
  gander_json_stream_begin_array (json, "frames");
  for (guint i = 0; i < frames->frames->len; i++)
    {
      const GanderFrame *frame = &g_array_index (frames->frames, GanderFrame, i);
      const char *name = gander_index_get_string (self->index, frame->function);
      gander_json_stream_begin_object (json, NULL);
      if (frame->file != 0)
        {
          gander_json_stream_add_string (json,
                                         "file",
                                         gander_index_get_string (self->index, frame->file));
          gander_json_stream_add_unsigned (json, "line", frame->line);
        }
      gander_json_stream_add_string (json, "name", *name == '\0' ? GANDER_PROFILE_NO_STACK : name);
      gander_json_stream_end (json);
    }
  gander_json_stream_end (json);
  gander_json_stream_end (json);
}

void
gander_profile_write_speedscope (const GanderProfileView *self, GanderOutput *output)
{
  g_auto (GanderJsonStream) json = { 0 };
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (GanderFrame));
  Frames frames = { numbers, list };
  g_autofree char *path = g_utf8_make_valid (gander_index_get_facts (self->index)->path, -1);

  gander_json_stream_init (&json, output);
  gander_json_stream_begin_object (&json, NULL);
  gander_json_stream_add_string (&json,
                                 "$schema",
                                 "https://www.speedscope.app/file-format-schema.json");
  gander_json_stream_add_integer (&json, "activeProfileIndex", 0);
  gander_json_stream_add_string (&json, "exporter", "gander " GANDER_VERSION);
  gander_json_stream_add_string (&json, "name", gander_text_short_file (path));
  gander_json_stream_begin_array (&json, "profiles");
  write_profile (self, &json, &frames, TRUE);
  write_profile (self, &json, &frames, FALSE);
  gander_json_stream_end (&json);
  write_frames (self, &json, &frames);
  gander_json_stream_end (&json);
}

char *
gander_profile_format_duration (const GanderProfileView *self, GanderTime duration)
{
  const GanderValue value = { .type = GANDER_COLUMN_DURATION, .integer = duration };

  return gander_value_format (&value, self->times);
}

void
gander_profile_append_sum (const GanderProfileView *self, GString *out)
{
  const GanderProfileFigures *sum = gander_profile_get_sum (self->profile);
  g_autofree char *count = gander_text_count ((gint64)sum->count);
  g_autofree char *total = gander_profile_format_duration (self, sum->total);
  g_autofree char *open = gander_text_count ((gint64)sum->open);

  g_string_append_printf (out,
                          "%s%s %s, %s in all",
                          self->at_least ? "at least " : "",
                          count,
                          sum->count == 1 ? "wait" : "waits",
                          total);
  if (sum->open > 0)
    g_string_append_printf (out, ", %s still open when the trace ended", open);
}

void
gander_profile_write_stacks (const GanderProfileView *self, GanderOutput *output)
{
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (self->profile, &n);

  for (guint i = 0; i < n; i++)
    {
      GanderFrame frames[GANDER_STACK_FRAMES];
      guint depth = 0;
      g_autofree char *total = NULL;
      g_autofree char *count = NULL;
      if (!is_kept (self, i))
        continue;
      depth = gander_stack_get_frames (self->index, records[i].stack, frames);
      total = gander_profile_format_duration (self, records[i].figures.total);
      count = gander_text_count ((gint64)records[i].figures.count);
      gander_output_printf (output,
                            "\n%s in %s %s\n",
                            total,
                            count,
                            records[i].figures.count == 1 ? "wait" : "waits");
      if (depth == 0)
        gander_output_printf (output, "    %s\n", GANDER_PROFILE_NO_STACK);
      for (guint level = 0; level < depth; level++)
        {
          g_autofree char *name =
              gander_text_escape (gander_index_get_string (self->index, frames[level].function));
          g_autofree char *file =
              gander_text_escape (gander_index_get_string (self->index, frames[level].file));
          gander_output_printf (output,
                                "    %s\n        %s:%" G_GUINT64_FORMAT "\n",
                                name,
                                file,
                                frames[level].line);
        }
    }
}
