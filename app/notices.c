/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/notices.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

/* What a loss means for who looks at the trace; all that are not listed leave gaps. */
static const struct
{
  GanderDamageCode code;
  enum
  {
    LOSS_GAP,
    LOSS_END,
    LOSS_ORDER,
    LOSS_NAMES,
  } kind;
} loss_kinds[] = {
  { GANDER_DAMAGE_TRACE_CUT, LOSS_END },        { GANDER_DAMAGE_READ_FAILED, LOSS_END },
  { GANDER_DAMAGE_UNPACK_FAILED, LOSS_END },    { GANDER_DAMAGE_GENERATION_UNFINISHED, LOSS_END },
  { GANDER_DAMAGE_ORDER_STUCK, LOSS_ORDER },    { GANDER_DAMAGE_STRINGS_BATCH, LOSS_NAMES },
  { GANDER_DAMAGE_STRING_UNKNOWN, LOSS_NAMES }, { GANDER_DAMAGE_STACKS_BATCH, LOSS_NAMES },
  { GANDER_DAMAGE_STACK_UNKNOWN, LOSS_NAMES },  { GANDER_DAMAGE_FRAME_STRING, LOSS_NAMES },
};

/* What the rows of damage come to. */
typedef struct
{
  gboolean ends_early;
  guint64 bytes_at_end; /* there, but not readable; 0 = not known */
  guint64 n_gaps;
  GanderTime gaps_begin; /* -1 = not known */
  GanderTime gaps_end;
  gboolean is_unordered;
  gboolean lacks_names;
  gboolean is_doubtful;
} DamageSum;

static int
kind_of_loss (GanderDamageCode code)
{
  for (guint i = 0; i < G_N_ELEMENTS (loss_kinds); i++)
    if (loss_kinds[i].code == code)
      return loss_kinds[i].kind;
  return LOSS_GAP;
}

static void
add_loss (DamageSum *sum, const GanderDamage *row)
{
  int kind = kind_of_loss (row->code);

  sum->ends_early |= kind == LOSS_END;
  sum->is_unordered |= kind == LOSS_ORDER;
  sum->lacks_names |= kind == LOSS_NAMES;
  if (row->code == GANDER_DAMAGE_TRACE_CUT)
    sum->bytes_at_end = row->size;
  if (kind == LOSS_GAP)
    {
      sum->n_gaps += row->count;
      if (row->begin >= 0 && (sum->gaps_begin < 0 || row->begin < sum->gaps_begin))
        sum->gaps_begin = row->begin;
      sum->gaps_end = MAX (sum->gaps_end, row->end);
    }
}

static DamageSum
sum_damage (const GanderDamage *damage, guint n)
{
  DamageSum sum = { .gaps_begin = -1, .gaps_end = -1 };

  for (guint i = 0; i < n; i++)
    switch (gander_damage_get_severity (damage[i].code))
      {
      case GANDER_SEVERITY_LOSS:
        add_loss (&sum, &damage[i]);
        break;
      case GANDER_SEVERITY_SUSPICIOUS:
        sum.is_doubtful = TRUE;
        break;
      case GANDER_SEVERITY_NOTE:
        break;
      }
  return sum;
}

/* Takes @sentence. */
static void
append_sentence (GString *text, char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

static char *
describe_end (const DamageSum *sum)
{
  g_autofree char *size = NULL;

  if (sum->bytes_at_end == 0)
    return g_strdup (_ ("The trace ends early."));

  size = gander_text_bytes ((gint64)sum->bytes_at_end);
  return g_strdup_printf (_ ("The trace ends early: the last %s could not be read."), size);
}

static char *
describe_gaps (const DamageSum *sum)
{
  g_autofree char *count = gander_text_count ((gint64)sum->n_gaps);

  return g_strdup_printf (g_dngettext (NULL,
                                       "%s place of this trace could not be read and was left out.",
                                       "%s places of this trace could not be read and were left "
                                       "out.",
                                       (gulong)sum->n_gaps),
                          count);
}

static char *
describe_gap_range (const DamageSum *sum)
{
  g_autofree char *begin = gander_duration_to_short (sum->gaps_begin);
  g_autofree char *end = gander_duration_to_short (sum->gaps_end);

  if (g_str_equal (begin, end))
    return g_strdup_printf (_ ("Lanes may have gaps at %s."), begin);
  return g_strdup_printf (_ ("Lanes may have gaps between %s and %s."), begin, end);
}

/* Returns: (nullable) what is lost, in sentences. */
static char *
describe_losses (const DamageSum *sum, const GanderFacts *facts)
{
  GString *text = g_string_new (NULL);

  if (sum->ends_early)
    append_sentence (text, describe_end (sum));
  if (sum->ends_early && sum->n_gaps == 0 && !sum->is_unordered)
    {
      g_autofree char *end = gander_duration_to_short (facts->duration);

      append_sentence (text, g_strdup_printf (_ ("What lies before %s was read."), end));
    }
  if (sum->n_gaps > 0)
    append_sentence (text, describe_gaps (sum));
  if (sum->n_gaps > 0 && sum->gaps_begin >= 0 && sum->gaps_end >= sum->gaps_begin)
    append_sentence (text, describe_gap_range (sum));
  if (sum->is_unordered)
    append_sentence (text, g_strdup (_ ("Some events could only be ordered by their times.")));
  if (sum->lacks_names)
    append_sentence (text, g_strdup (_ ("Some names and stacks are missing.")));

  return g_string_free (text, text->len == 0);
}

gboolean
gander_notice_init_from (GanderNotice *self,
                         const GanderFacts *facts,
                         const GanderDamage *damage,
                         guint n)
{
  DamageSum sum = sum_damage (damage, n);

  *self = (GanderNotice){
    .text = describe_losses (&sum, facts),
    .icon = "dialog-warning-symbolic",
    .is_damage = n > 0,
    .is_warning = TRUE,
  };
  if (self->text != NULL)
    return TRUE;

  if (facts->newer_format)
    self->text =
        g_strdup_printf (_ ("This trace was written by Go 1.%u, which is newer than this Gander "
                            "knows. It was read as the newest known format; some things may be "
                            "missing."),
                         facts->go_version);
  else if (sum.is_doubtful)
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
