/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-private.h"

/* Blocking profiles. A record's stack is written as func@file:line, the leaf first. */

/* The kinds in a report, in the order of their names. */
static const GanderProfileKind kinds[] = {
  GANDER_PROFILE_NET,
  GANDER_PROFILE_SCHED,
  GANDER_PROFILE_SYNC,
  GANDER_PROFILE_SYSCALL,
};

static const struct
{
  const char *name;
  GanderProfileRule rule;
} rules[] = {
  { "go", GANDER_PROFILE_GO },
  { "sound", GANDER_PROFILE_SOUND },
};

static void
add_stack (GanderJsonStream *stream, const GanderIndex *index, GanderStackId stack)
{
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint n = gander_stack_get_frames (index, stack, frames);

  gander_json_stream_begin_array (stream, "stack");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = gander_stack_format_frame (index, &frames[i]);
      gander_json_stream_add_string (stream, NULL, text);
    }
  gander_json_stream_end (stream);
}

/* The members up to "p99_ns"; those after it differ. */
static void
add_figures (GanderJsonStream *stream, const GanderProfileFigures *figures)
{
  gander_json_stream_add_unsigned (stream, "count", figures->count);
  gander_json_stream_add_integer (stream, "max_ns", figures->max);
  gander_json_stream_add_unsigned (stream, "open", figures->open);
  gander_json_stream_add_integer (stream, "p50_ns", figures->p50);
  gander_json_stream_add_integer (stream, "p95_ns", figures->p95);
  gander_json_stream_add_integer (stream, "p99_ns", figures->p99);
}

static void
add_profile (GanderJsonStream *stream, const GanderIndex *index, const GanderProfile *profile)
{
  const GanderProfileFigures *sum = gander_profile_get_sum (profile);
  const GanderProfileRecord *records;
  guint n;

  add_figures (stream, sum);
  records = gander_profile_get_records (profile, &n);
  gander_json_stream_begin_array (stream, "records");
  for (guint i = 0; i < n; i++)
    {
      gander_json_stream_begin_object (stream, NULL);
      add_figures (stream, &records[i].figures);
      add_stack (stream, index, records[i].stack);
      gander_json_stream_add_integer (stream, "total_ns", records[i].figures.total);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
  gander_json_stream_add_integer (stream, "total_ns", sum->total);
}

gboolean
gander_report_json_add_profiles (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  gander_json_stream_begin_object (stream, "profiles");
  for (guint rule = 0; rule < G_N_ELEMENTS (rules); rule++)
    {
      gander_json_stream_begin_object (stream, rules[rule].name);
      for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
        {
          GanderProfileOptions options = {
            .kind = kinds[kind],
            .rule = rules[rule].rule,
            .percentiles = TRUE,
          };
          g_autoptr (GanderProfile) profile =
              gander_profile_compute (self->index, self->scope, &options, self->cancellable, error);

          if (profile == NULL)
            return FALSE;
          gander_json_stream_begin_object (stream, gander_profile_kind_get_id (kinds[kind]));
          add_profile (stream, self->index, profile);
          gander_json_stream_end (stream);
        }
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
  return TRUE;
}
