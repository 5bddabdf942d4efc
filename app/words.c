/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/words.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

#define NARROW_SPACE "\u202f"
/* Before that much of the work and of a second, an estimate jumps about. */
#define ESTIMATE_FRACTION 0.05
#define ESTIMATE_US       G_USEC_PER_SEC

char *
gander_words_progress (const GanderLoaderProgress *progress)
{
  g_autofree char *percent = gander_text_share (progress->fraction);
  GString *text = g_string_new (NULL);

  /* Translators: what is done, then how far it is: "Reading events — 61 %". */
  g_string_printf (text, _ ("%s — %s"), _ (gander_phase_get_label (progress->phase)), percent);

  if (progress->events > 0)
    {
      g_autofree char *events = gander_text_count (progress->events);

      g_string_append (text, " · ");
      g_string_append_printf (text,
                              g_dngettext (NULL, "%s event", "%s events", (gulong)progress->events),
                              events);
    }

  if (progress->fraction > ESTIMATE_FRACTION && progress->elapsed_us > ESTIMATE_US)
    {
      double left = (double)progress->elapsed_us * (1.0 / progress->fraction - 1.0);

      g_string_append (text, " · ");
      g_string_append_printf (text,
                              _ ("%" G_GINT64_FORMAT NARROW_SPACE "s left"),
                              (gint64)(left / G_USEC_PER_SEC) + 1);
    }

  return g_string_free (text, FALSE);
}

char *
gander_words_facts (const GanderFacts *facts)
{
  g_autofree char *duration = gander_duration_to_short (facts->duration);
  g_autofree char *procs = gander_text_count (facts->n_procs);
  g_autofree char *goroutines = gander_text_count (facts->n_goroutines);
  g_autofree char *procs_text =
      g_strdup_printf (g_dngettext (NULL, "%s processor", "%s processors", facts->n_procs), procs);
  g_autofree char *goroutines_text =
      g_strdup_printf (g_dngettext (NULL, "%s goroutine", "%s goroutines", facts->n_goroutines),
                       goroutines);

  return g_strdup_printf ("%s · Go 1.%u · %s · %s",
                          duration,
                          facts->go_version,
                          procs_text,
                          goroutines_text);
}

char *
gander_words_tooltip (GFile *file, const GanderIndex *index)
{
  g_autofree char *path = g_file_get_parse_name (file);
  const GanderFacts *facts;
  g_autofree char *size = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *events = NULL;

  if (index == NULL)
    return g_steal_pointer (&path);

  facts = gander_index_get_facts (index);
  size = gander_text_bytes (facts->bytes);
  duration = gander_duration_to_short (facts->duration);
  events = gander_text_count (facts->n_events);
  /* Translators: path, size, then Go's minor version, duration, number of events. */
  return g_strdup_printf (_ ("%s\n%s · Go 1.%u\n%s · %s events"),
                          path,
                          size,
                          facts->go_version,
                          duration,
                          events);
}
