/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/notices.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

/* What the rows of damage come to. */
typedef struct
{
  const GanderDamage *cut; /* (nullable) the end that is missing */
  guint64 n_losses;        /* places where events are missing, the cut end aside */
  guint64 n_doubts;
  GanderTime begin; /* of the losses; -1 = not known */
  GanderTime end;
} DamageSum;

static DamageSum
sum_damage (const GanderDamage *damage, guint n)
{
  DamageSum sum = { .begin = -1, .end = -1 };

  for (guint i = 0; i < n; i++)
    {
      const GanderDamage *row = &damage[i];
      GanderSeverity severity = gander_damage_get_severity (row->code);

      if (row->code == GANDER_DAMAGE_TRACE_CUT)
        sum.cut = row;
      else if (severity == GANDER_SEVERITY_SUSPICIOUS)
        sum.n_doubts += row->count;
      else if (severity == GANDER_SEVERITY_LOSS)
        {
          sum.n_losses += row->count;
          if (row->begin >= 0 && (sum.begin < 0 || row->begin < sum.begin))
            sum.begin = row->begin;
          sum.end = MAX (sum.end, row->end);
        }
    }
  return sum;
}

static char *
describe_losses (const DamageSum *sum)
{
  g_autofree char *count = gander_text_count (sum->n_losses);
  g_autofree char *left_out =
      g_strdup_printf (g_dngettext (NULL,
                                    "%s place of this trace could not be read and was left out.",
                                    "%s places of this trace could not be read and were left out.",
                                    (gulong)sum->n_losses),
                       count);
  g_autofree char *begin = NULL;
  g_autofree char *end = NULL;

  if (sum->begin < 0 || sum->end < sum->begin)
    return g_steal_pointer (&left_out);

  begin = gander_duration_to_short (sum->begin);
  end = gander_duration_to_short (sum->end);
  /* Translators: a whole sentence, then two times. */
  return g_strdup_printf (_ ("%s Lanes may have gaps between %s and %s."), left_out, begin, end);
}

static char *
describe_cut (const GanderDamage *cut, const GanderFacts *facts)
{
  g_autofree char *whole =
      gander_duration_to_short (cut->begin >= 0 ? cut->begin : facts->duration);
  g_autofree char *size = NULL;

  if (cut->size == 0)
    return g_strdup_printf (_ ("The trace ends early. Everything before %s is complete."), whole);

  size = gander_text_bytes (cut->size);
  return g_strdup_printf (_ ("The trace ends early: the last %s could not be read. "
                             "Everything before %s is complete."),
                          size,
                          whole);
}

gboolean
gander_notice_init_from (GanderNotice *self,
                         const GanderFacts *facts,
                         const GanderDamage *damage,
                         guint n)
{
  DamageSum sum = sum_damage (damage, n);

  *self = (GanderNotice){
    .icon = "dialog-warning-symbolic",
    .is_damage = n > 0,
    .is_warning = TRUE,
  };
  if (sum.n_losses > 0)
    self->text = describe_losses (&sum);
  else if (sum.cut != NULL)
    self->text = describe_cut (sum.cut, facts);
  else if (facts->newer_format)
    self->text =
        g_strdup_printf (_ ("This trace was written by Go 1.%u, which is newer than this Gander "
                            "knows. "
                            "It was read as the newest known format; some things may be missing."),
                         facts->go_version);
  else if (sum.n_doubts > 0)
    self->text = g_strdup (
        _ ("Some of this trace contradicts itself. What could be settled was; see the details."));
  else if (facts->starts_midway)
    {
      self->icon = "dialog-information-symbolic";
      self->is_warning = FALSE;
      self->text = g_strdup (_ ("The program was already running when tracing began. "
                                "Goroutines from before have no known creation."));
    }

  return self->text != NULL;
}

gboolean
gander_notice_init (GanderNotice *self, const GanderIndex *index)
{
  guint n = gander_index_get_n_damage (index);
  g_autofree GanderDamage *damage = g_new0 (GanderDamage, n);

  for (guint i = 0; i < n; i++)
    gander_index_get_damage (index, i, &damage[i]);
  return gander_notice_init_from (self, gander_index_get_facts (index), damage, n);
}

void
gander_notice_clear (GanderNotice *self)
{
  g_free (self->text);
  *self = (GanderNotice){ 0 };
}

static void
append_part (GString *text, const char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

char *
gander_notice_describe_damage (const GanderDamage *damage)
{
  GString *text = g_string_new (NULL);
  g_autofree char *offset = gander_text_count (damage->offset);
  g_autofree char *place = g_strdup_printf (_ ("byte %s"), offset);

  append_part (text, place);
  if (damage->size > 0)
    {
      g_autofree char *size = gander_text_bytes (damage->size);

      append_part (text, size);
    }
  if (damage->thread >= 0)
    {
      g_autofree char *thread = g_strdup_printf (_ ("thread M%" G_GINT64_FORMAT), damage->thread);

      append_part (text, thread);
    }
  if (damage->begin >= 0 && damage->end >= damage->begin)
    {
      g_autofree char *begin = gander_duration_to_short (damage->begin);
      g_autofree char *end = gander_duration_to_short (damage->end);
      g_autofree char *range = g_strdup_printf (_ ("%s to %s"), begin, end);

      append_part (text, range);
    }
  if (damage->events_lost > 0)
    {
      g_autofree char *events = gander_text_count (damage->events_lost);
      g_autofree char *lost = g_strdup_printf (g_dngettext (NULL,
                                                            "at least %s event lost",
                                                            "at least %s events lost",
                                                            (gulong)damage->events_lost),
                                               events);

      append_part (text, lost);
    }
  if (damage->count > 1)
    {
      g_autofree char *count = gander_text_count (damage->count);
      g_autofree char *times = g_strdup_printf (_ ("%s times"), count);

      append_part (text, times);
    }

  return g_string_free (text, FALSE);
}
