/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include "analysis/duration.h"
#include "analysis/text.h"

#include <math.h>

#define NARROW_SPACE "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */
#define MINUS        "\xe2\x88\x92" /* U+2212 MINUS SIGN */
#define ARROW        "\xe2\x86\x92" /* U+2192 RIGHTWARDS ARROW */

/* Smaller changes are not worth a colour. */
#define SAME_PERCENT 3.0

static const char *const verdict_ids[GANDER_N_VERDICTS] = {
  [GANDER_VERDICT_SAME] = "same",
  [GANDER_VERDICT_NEUTRAL] = "neutral",
  [GANDER_VERDICT_BETTER] = "better",
  [GANDER_VERDICT_WORSE] = "worse",
};

const char *
gander_verdict_get_id (GanderVerdict verdict)
{
  g_return_val_if_fail (verdict < GANDER_N_VERDICTS, NULL);
  return verdict_ids[verdict];
}

static double
percent_of (gint64 a, gint64 change)
{
  if (change == 0)
    return 0;
  return a == 0 ? copysign (INFINITY, (double)change) : 100.0 * (double)change / (double)a;
}

/* Whether a change is small must not depend on which of the two is called A, so the larger value
 * is the measure. */
static GanderVerdict
judge (GanderBetter better, gint64 a, gint64 b)
{
  gint64 change = b - a;

  if (ABS ((double)change) * 100 < SAME_PERCENT * (double)MAX (ABS (a), ABS (b)) || change == 0)
    return GANDER_VERDICT_SAME;
  if (better == GANDER_BETTER_NEUTRAL)
    return GANDER_VERDICT_NEUTRAL;
  return change < 0 ? GANDER_VERDICT_BETTER : GANDER_VERDICT_WORSE;
}

void
gander_compare (const GanderMetrics *a, const GanderMetrics *b, GanderComparison *out)
{
  for (guint i = 0; i < GANDER_N_METRICS; i++)
    {
      gint64 change = b->value[i] - a->value[i];

      out->rows[i] = (GanderDifference){
        .metric = (GanderMetric)i,
        .a = a->value[i],
        .b = b->value[i],
        .change = change,
        .percent = percent_of (a->value[i], change),
        .verdict =
            judge (gander_metric_get_spec ((GanderMetric)i)->better, a->value[i], b->value[i]),
      };
    }
}

char *
gander_compare_format (GanderMetric metric, gint64 value, gboolean sign)
{
  g_autofree char *text = NULL;
  gint64 size = value < 0 ? -value : value;

  switch (gander_metric_get_spec (metric)->unit)
    {
    case GANDER_COLUMN_DURATION:
      text = gander_duration_to_short (size);
      break;
    case GANDER_COLUMN_BYTES:
      text = gander_text_bytes (size);
      break;
    default:
      text = gander_text_count (size);
    }
  return g_strconcat (value < 0 ? MINUS : sign && value > 0 ? "+" : "", text, NULL);
}

char *
gander_compare_format_percent (const GanderDifference *row)
{
  g_autofree char *text = NULL;

  if (row->change == 0)
    return g_strdup ("");
  if (row->a == 0)
    return g_strdup ("new");
  if (row->b == 0)
    return g_strdup ("gone");
  if (row->percent > 999)
    return g_strdup (">+999" NARROW_SPACE "%");
  text = gander_text_share (ABS (row->percent) / 100);
  return g_strconcat (row->percent < 0 ? MINUS : "+", text, NULL);
}

static void
append_wall (GString *out, const GanderDifference *wall)
{
  g_autofree char *a = gander_compare_format (wall->metric, wall->a, FALSE);
  g_autofree char *b = gander_compare_format (wall->metric, wall->b, FALSE);
  g_autofree char *share = gander_text_share (ABS (wall->percent) / 100);

  if (wall->verdict == GANDER_VERDICT_SAME || !isfinite (wall->percent))
    g_string_append_printf (out, "B takes as long as A (%s " ARROW " %s).", a, b);
  else
    g_string_append_printf (out,
                            "B is %s %s (%s " ARROW " %s).",
                            share,
                            wall->change < 0 ? "faster" : "slower",
                            a,
                            b);
}

/* Returns: the row with the largest change in time that is judged so, or NULL. */
static const GanderDifference *
find_largest (const GanderComparison *self, GanderVerdict verdict)
{
  const GanderDifference *largest = NULL;

  for (guint i = GANDER_METRIC_WALL + 1; i < GANDER_N_METRICS; i++)
    {
      const GanderDifference *row = &self->rows[i];

      if (row->verdict == verdict &&
          gander_metric_get_spec (row->metric)->unit == GANDER_COLUMN_DURATION &&
          (largest == NULL || ABS (row->change) > ABS (largest->change)))
        largest = row;
    }
  return largest;
}

static void
append_change (GString *out, const GanderDifference *row)
{
  const char *label = gander_metric_get_spec (row->metric)->label;
  g_autofree char *change = gander_compare_format (row->metric, ABS (row->change), FALSE);
  g_autofree char *share = gander_text_share (ABS (row->percent) / 100);

  g_string_append_printf (out, " %s %s by %s", label, row->change < 0 ? "fell" : "rose", change);
  if (row->a != 0)
    g_string_append_printf (out, " (%s)", share);
  g_string_append_c (out, '.');
}

char *
gander_compare_verdict (const GanderComparison *self)
{
  GString *out = g_string_new (NULL);
  const GanderDifference *better = find_largest (self, GANDER_VERDICT_BETTER);
  const GanderDifference *worse = find_largest (self, GANDER_VERDICT_WORSE);

  append_wall (out, &self->rows[GANDER_METRIC_WALL]);
  if (better != NULL)
    append_change (out, better);
  if (worse != NULL)
    append_change (out, worse);
  return g_string_free (out, FALSE);
}

static const GanderColumn shown_columns[] = {
  { "metric", "Metric", GANDER_COLUMN_TEXT, FALSE },
  { "a", "A", GANDER_COLUMN_FIGURE, FALSE },
  { "b", "B", GANDER_COLUMN_FIGURE, FALSE },
  { "change", "Change", GANDER_COLUMN_FIGURE, FALSE },
  { "percent", "Percent", GANDER_COLUMN_FIGURE, FALSE },
  { "verdict", "", GANDER_COLUMN_TEXT, FALSE },
};

GanderTable *
gander_compare_get_shown_table (const GanderComparison *self)
{
  GanderTable *table = gander_table_new (shown_columns, G_N_ELEMENTS (shown_columns));

  for (guint i = 0; i < GANDER_N_METRICS; i++)
    {
      const GanderDifference *row = &self->rows[i];
      const GanderMetricSpec *spec = gander_metric_get_spec (row->metric);
      g_autofree char *label = g_strdup_printf ("%*s%s", (int)(2 * spec->indent), "", spec->label);
      g_autofree char *a = gander_compare_format (row->metric, row->a, FALSE);
      g_autofree char *b = gander_compare_format (row->metric, row->b, FALSE);
      g_autofree char *change = gander_compare_format (row->metric, row->change, TRUE);
      g_autofree char *percent = gander_compare_format_percent (row);
      gboolean judged =
          row->verdict == GANDER_VERDICT_BETTER || row->verdict == GANDER_VERDICT_WORSE;
      const char *const cells[] = {
        label,   a,
        b,       row->change == 0 ? "" : change,
        percent, judged ? gander_verdict_get_id (row->verdict) : "",
      };

      gander_table_append (table);
      for (guint column = 0; column < G_N_ELEMENTS (cells); column++)
        gander_table_set_text (table, i, column, cells[column]);
    }
  return table;
}

static const GanderColumn raw_columns[] = {
  { "metric", "Metric", GANDER_COLUMN_TEXT, FALSE },
  { "unit", "Unit", GANDER_COLUMN_TEXT, FALSE },
  { "a", "A", GANDER_COLUMN_ID, FALSE },
  { "b", "B", GANDER_COLUMN_ID, FALSE },
  { "change", "Change", GANDER_COLUMN_ID, FALSE },
  { "ratio", "Ratio", GANDER_COLUMN_SHARE, FALSE },
  { "verdict", "Verdict", GANDER_COLUMN_TEXT, FALSE },
};

GanderTable *
gander_compare_get_table (const GanderComparison *self)
{
  static const char *const units[GANDER_N_COLUMN_TYPES] = {
    [GANDER_COLUMN_DURATION] = "ns",
    [GANDER_COLUMN_BYTES] = "bytes",
    [GANDER_COLUMN_COUNT] = "count",
  };
  GanderTable *table = gander_table_new (raw_columns, G_N_ELEMENTS (raw_columns));

  for (guint i = 0; i < GANDER_N_METRICS; i++)
    {
      const GanderDifference *row = &self->rows[i];
      const GanderMetricSpec *spec = gander_metric_get_spec (row->metric);

      gander_table_append (table);
      gander_table_set_text (table, i, 0, spec->id);
      gander_table_set_text (table, i, 1, units[spec->unit]);
      gander_table_set_integer (table, i, 2, row->a);
      gander_table_set_integer (table, i, 3, row->b);
      gander_table_set_integer (table, i, 4, row->change);
      gander_table_set_share (table,
                              i,
                              5,
                              isfinite (row->percent) ? row->percent / 100 : (double)NAN);
      gander_table_set_text (table, i, 6, gander_verdict_get_id (row->verdict));
    }
  return table;
}
