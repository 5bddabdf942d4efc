/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-tip.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

#define CARD_WIDTH       340 /* px, at most */
#define PADDING_X        12
#define PADDING_Y        9
#define LINE_GAP         4
#define FROM_POINTER     14
#define RADIUS           8
#define SUMMED_LANES_MAX 512 /* enough for a share that is read in a glance */

static void
add_line (GanderTip *self, char *line)
{
  if (line != NULL && *line != '\0' && self->n_lines < GANDER_TIP_MAX_LINES)
    self->lines[self->n_lines++] = line;
  else
    g_free (line);
}

static void G_GNUC_PRINTF (2, 3) add_format (GanderTip *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  add_line (self, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
set_duration (GanderTip *self, GanderTime duration)
{
  self->value = gander_duration_to_short (duration);
}

/* The time in each state that a mix holds, largest first as the states are few and the order of
 * the legend is what people know: running, system call, GC, runnable, blocked. */
static void
add_shares (GanderTip *self, const GanderMix *mix)
{
  GanderTime shades[GANDER_N_SHADES] = { 0 };
  GanderTime sum = 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (int state = 0; state < GANDER_N_STATES; state++)
    {
      const GanderShade shade = gander_shade_of_state ((GanderState)state);

      if (shade < GANDER_N_SHADES)
        {
          shades[shade] += mix->time[state];
          sum += mix->time[state];
        }
    }
  for (int shade = 0; shade < GANDER_N_SHADES && sum > 0; shade++)
    if (shades[shade] > 0)
      {
        g_autofree char *share = gander_text_share ((double)shades[shade] / (double)sum);

        g_string_append_printf (text,
                                "%s%s %s",
                                text->len > 0 ? " · " : "",
                                gander_shade_get_name ((GanderShade)shade),
                                share);
      }
  add_line (self, g_string_free (g_steal_pointer (&text), FALSE));
}

static void
add_next (GanderTip *self, const GanderIndex *index, const GanderSpan *span)
{
  GanderSpan next;
  GanderLane lane;
  g_autofree char *duration = NULL;
  g_autofree char *title = NULL;

  gander_index_get_lane (index, span->lane, &lane);
  if (lane.kind != GANDER_LANE_GOROUTINE || span->ordinal + 1 >= lane.n_spans)
    return;
  gander_query_span (index, span->lane, span->ordinal + 1, &next);
  duration = gander_duration_to_short (next.end - next.begin);
  if (span->state == GANDER_STATE_BLOCKED && next.state == GANDER_STATE_RUNNABLE)
    {
      add_format (self, _ ("Then waited %s for a processor"), duration);
      return;
    }
  title = gander_describe_span_title (index, &next);
  add_format (self, _ ("Then: %s, %s"), title, duration);
}

static void
describe_span (GanderTip *self, const GanderIndex *index, GanderLaneId lane, guint32 ordinal)
{
  GanderSpan span, wake;
  GanderLane row;

  gander_query_span (index, lane, ordinal, &span);
  gander_index_get_lane (index, lane, &row);
  self->title = gander_describe_span_title (index, &span);
  set_duration (self, span.end - span.begin);
  add_line (self, gander_describe_lane (index, lane));
  if (row.kind != GANDER_LANE_GOROUTINE && span.link != GANDER_LANE_NONE)
    add_line (self, gander_describe_lane (index, span.link));
  if (row.kind == GANDER_LANE_GOROUTINE && span.state != GANDER_STATE_RUNNABLE)
    add_line (self, gander_describe_place (index, span.stack));
  if (gander_query_wake (index, &span, &wake) && wake.link != GANDER_LANE_NONE)
    {
      g_autofree char *waker = gander_describe_lane (index, wake.link);

      add_format (self,
                  wake.cause == GANDER_CAUSE_CREATED ? _ ("Created by %s") : _ ("Woken by %s"),
                  waker);
    }
  else if (span.state == GANDER_STATE_BLOCKED && (span.flags & GANDER_SPAN_OPEN_END) != 0)
    add_line (self, g_strdup (_ ("Never woken in this trace")));
  add_next (self, index, &span);
}

static void
describe_column (GanderTip *self, const GanderIndex *index, const GanderHit *hit)
{
  g_autofree char *count = gander_text_count (hit->n);

  self->title = g_strdup_printf (g_dngettext (NULL, "%s span", "%s spans", hit->n), count);
  set_duration (self, hit->end - hit->begin);
  if (hit->lane != GANDER_LANE_NONE)
    add_line (self, gander_describe_lane (index, hit->lane));
  add_shares (self, &hit->mix);
  add_line (self, g_strdup (_ ("Zoom in to tell them apart")));
}

/* What the processors or threads did within the column, which the hit does not tell. */
static void
add_lanes_of (GanderMix *mix, const GanderIndex *index, GanderLaneKind kind, const GanderHit *hit)
{
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, kind, &first, &n);
  for (guint32 i = 0; i < MIN (n, SUMMED_LANES_MAX); i++)
    {
      GanderMix lane;

      gander_query_mix (index, first + i, hit->begin, hit->end, &lane);
      for (int state = 0; state < GANDER_N_STATES; state++)
        mix->time[state] += lane.time[state];
    }
}

static void
describe_summary (GanderTip *self, GanderTraceSession *session, const GanderHit *hit)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  const GanderRows *rows = gander_trace_session_get_rows (session);
  const GanderSection section = gander_rows_get (rows, hit->row)->section;
  GanderMix mix = hit->mix;
  char title[256];

  if (section == GANDER_SECTION_PROCS || section == GANDER_SECTION_THREADS)
    add_lanes_of (&mix,
                  index,
                  section == GANDER_SECTION_PROCS ? GANDER_LANE_PROC : GANDER_LANE_THREAD,
                  hit);

  gander_rows_get_title (rows, hit->row, title, sizeof title);
  self->title = g_strdup (title);
  add_format (self,
              g_dngettext (NULL, "%u member", "%u members", gander_rows_get (rows, hit->row)->n),
              gander_rows_get (rows, hit->row)->n);
  add_shares (self, &mix);
}

static void
describe_range (GanderTip *self, const GanderIndex *index, const GanderHit *hit)
{
  GanderRange range;
  g_autofree char *total = NULL;

  gander_index_get_range (index, hit->range_kind, hit->item, &range);
  self->title = hit->range_kind == GANDER_RANGE_STW ? g_strdup (_ ("Stop-the-world"))
                                                    : g_strdup (_ ("Garbage collection"));
  set_duration (self, range.end - range.begin);
  add_line (self, gander_text_escape (gander_index_get_string (index, range.name)));
  if (hit->range_kind == GANDER_RANGE_GC_MARK)
    add_format (self, _ ("Cycle %u of this trace"), hit->item + 1);
  if (range.goroutine != GANDER_LANE_NONE)
    add_line (self, gander_describe_lane (index, range.goroutine));
  if (hit->n > 1)
    {
      total = gander_duration_to_short (hit->end - hit->begin);
      add_format (self, _ ("%u together, over %s"), hit->n, total);
    }
}

static void
describe_region (GanderTip *self, const GanderIndex *index, const GanderHit *hit)
{
  GanderRegion region;

  gander_index_get_region (index, hit->item, &region);
  self->title = gander_text_escape (gander_index_get_string (index, region.type));
  set_duration (self, region.end - region.begin);
  add_line (self, gander_describe_lane (index, region.lane));
  if (region.task != 0)
    add_format (self, _ ("Task #%" G_GUINT64_FORMAT), region.task);
  if (hit->n > 1)
    add_format (self, _ ("and %u more"), hit->n - 1);
}

static void
describe_task (GanderTip *self, const GanderIndex *index, const GanderHit *hit)
{
  GanderTask task;
  g_autofree char *name = NULL;

  gander_index_get_task (index, hit->item, &task);
  name = gander_text_escape (gander_index_get_string (index, task.type));
  self->title = g_strdup_printf ("%s #%" G_GUINT64_FORMAT, name, task.id);
  set_duration (self, hit->end - hit->begin);
  if (task.creator != GANDER_LANE_NONE)
    add_line (self, gander_describe_lane (index, task.creator));
  if (task.end < 0)
    add_line (self, g_strdup (_ ("Not finished in this trace")));
}

static void
describe_counter (GanderTip *self, const GanderHit *hit)
{
  static const char *const names[GANDER_N_COUNTERS] = {
    [GANDER_COUNTER_HEAP] = N_ ("Heap in use"),
    [GANDER_COUNTER_GOAL] = N_ ("Heap goal"),
    [GANDER_COUNTER_GOMAXPROCS] = N_ ("GOMAXPROCS"),
    [GANDER_COUNTER_GOROUTINES] = N_ ("Goroutines alive"),
    [GANDER_COUNTER_RUNNABLE] = N_ ("Waiting for a processor"),
  };
  const gboolean bytes = hit->counter == GANDER_COUNTER_HEAP || hit->counter == GANDER_COUNTER_GOAL;
  g_autofree char *time = gander_duration_to_short (hit->time);

  self->title = g_strdup (_ (names[hit->counter]));
  self->value =
      bytes ? gander_text_bytes ((gint64)hit->value) : gander_text_count ((gint64)hit->value);
  add_format (self, _ ("at %s"), time);
}

static void
describe_mark (GanderTip *self, const GanderIndex *index, const GanderHit *hit)
{
  GanderLog log;

  if (hit->mark == GANDER_MARK_EXTREME)
    {
      describe_span (self, index, hit->lane, hit->ordinal);
      return;
    }
  if (hit->mark != GANDER_MARK_LOG)
    return;
  gander_index_get_log (index, hit->item, &log);
  self->title = gander_text_escape (gander_index_get_string (index, log.message));
  add_line (self, gander_text_escape (gander_index_get_string (index, log.category)));
  if (hit->n > 1)
    add_format (self, _ ("and %u more"), hit->n - 1);
}

GanderTip *
gander_tip_new (GanderTraceSession *session, const GanderHit *hit)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  g_autoptr (GanderTip) self = g_new0 (GanderTip, 1);

  switch (hit->kind)
    {
    case GANDER_HIT_SPAN:
      describe_span (self, index, hit->lane, hit->ordinal);
      break;
    case GANDER_HIT_COLUMN:
      describe_column (self, index, hit);
      break;
    case GANDER_HIT_SUMMARY:
      describe_summary (self, session, hit);
      break;
    case GANDER_HIT_RANGE:
      describe_range (self, index, hit);
      break;
    case GANDER_HIT_REGION:
      describe_region (self, index, hit);
      break;
    case GANDER_HIT_TASK:
      describe_task (self, index, hit);
      break;
    case GANDER_HIT_COUNTER:
      describe_counter (self, hit);
      break;
    case GANDER_HIT_MARK:
      describe_mark (self, index, hit);
      break;
    case GANDER_HIT_LABEL:
      if (hit->lane != GANDER_LANE_NONE)
        self->title = gander_describe_lane (index, hit->lane);
      break;
    case GANDER_HIT_NOTHING:
    case GANDER_HIT_ROW:
    case GANDER_HIT_DISCLOSURE:
    case GANDER_HIT_MORE:
      break;
    }
  if (self->title == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
gander_tip_free (GanderTip *self)
{
  for (guint i = 0; i < self->n_lines; i++)
    g_free (self->lines[i]);
  g_free (self->title);
  g_free (self->value);
  g_free (self);
}

char *
gander_tip_to_text (const GanderTip *self)
{
  g_autoptr (GString) text = g_string_new (self->title);

  if (self->value != NULL)
    g_string_append_printf (text, ", %s", self->value);
  for (guint i = 0; i < self->n_lines; i++)
    g_string_append_printf (text, "\n%s", self->lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static PangoLayout *
create_layout (GtkWidget *widget, const char *text, gboolean bold, double scale, int width)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if (width > 0)
    pango_layout_set_width (layout, width * PANGO_SCALE);
  return layout;
}

static int
limit_width (PangoLayout *layout, int most)
{
  int width, height;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  width = MIN (width, most);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  return width;
}

/* Below and right of the pointer, else on the other side of it; never over what it describes. */
static void
place_card (GtkWidget *widget,
            double x,
            double y,
            const GdkRectangle *avoid,
            int width,
            int height,
            int *card_x,
            int *card_y)
{
  const int right = gtk_widget_get_width (widget) - 4;
  const int bottom = gtk_widget_get_height (widget) - 4;
  const int below = MAX (avoid->y + avoid->height + 4, (int)y + FROM_POINTER);

  *card_x = (int)x + FROM_POINTER;
  if (*card_x + width > right)
    *card_x = (int)x - FROM_POINTER - width;
  *card_x = CLAMP (*card_x, 4, MAX (right - width, 4));
  *card_y = below + height <= bottom ? below : MIN (avoid->y - 4, (int)y - FROM_POINTER) - height;
  *card_y = MAX (*card_y, 4);
}

static void
append_text (GtkSnapshot *snapshot, PangoLayout *layout, int x, int y, const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
append_card (GtkSnapshot *snapshot, int x, int y, int width, int height)
{
  const GdkRGBA fill = { 0.14f, 0.14f, 0.16f, 0.97f };
  const GdkRGBA edge = { 1, 1, 1, 0.12f };
  const GdkRGBA shadow = { 0, 0, 0, 0.3f };
  const float widths[4] = { 1, 1, 1, 1 };
  const GdkRGBA edges[4] = { edge, edge, edge, edge };
  GskRoundedRect card;

  gsk_rounded_rect_init_from_rect (&card,
                                   &GRAPHENE_RECT_INIT ((float)x,
                                                        (float)y,
                                                        (float)width,
                                                        (float)height),
                                   RADIUS);
  gtk_snapshot_append_outset_shadow (snapshot, &card, &shadow, 0, 2, 0, 8);
  gtk_snapshot_push_rounded_clip (snapshot, &card);
  gtk_snapshot_append_color (snapshot, &fill, &card.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &card, widths, edges);
}

void
gander_tip_snapshot (const GanderTip *self,
                     GtkWidget *widget,
                     GtkSnapshot *snapshot,
                     double x,
                     double y,
                     const GdkRectangle *avoid)
{
  const GdkRGBA bright = { 1, 1, 1, 1 };
  const GdkRGBA soft = { 0.8f, 0.8f, 0.82f, 1 };
  const int inner = CARD_WIDTH - 2 * PADDING_X;
  g_autoptr (PangoLayout) value =
      create_layout (widget, self->value != NULL ? self->value : "", TRUE, 0.95, 0);
  g_autoptr (PangoLayout) title = create_layout (widget, self->title, TRUE, 0.95, 0);
  PangoLayout *lines[GANDER_TIP_MAX_LINES];
  int value_width = limit_width (value, inner / 2);
  const int gap = value_width > 0 ? 24 : 0;
  int text_width = limit_width (title, inner - value_width - gap) + gap + value_width;
  int line_height, title_height, height, card_x, card_y;

  pango_layout_get_pixel_size (title, NULL, &title_height);
  height = 2 * PADDING_Y + title_height;
  for (guint i = 0; i < self->n_lines; i++)
    {
      lines[i] = create_layout (widget, self->lines[i], FALSE, 0.88, 0);
      text_width = MAX (text_width, limit_width (lines[i], inner));
      pango_layout_get_pixel_size (lines[i], NULL, &line_height);
      height += line_height + LINE_GAP;
    }

  place_card (widget, x, y, avoid, text_width + 2 * PADDING_X, height, &card_x, &card_y);
  append_card (snapshot, card_x, card_y, text_width + 2 * PADDING_X, height);
  append_text (snapshot, title, card_x + PADDING_X, card_y + PADDING_Y, &bright);
  append_text (snapshot,
               value,
               card_x + PADDING_X + text_width - value_width,
               card_y + PADDING_Y,
               &bright);
  card_y += PADDING_Y + title_height + LINE_GAP;
  for (guint i = 0; i < self->n_lines; i++)
    {
      append_text (snapshot, lines[i], card_x + PADDING_X, card_y, &soft);
      pango_layout_get_pixel_size (lines[i], NULL, &line_height);
      card_y += line_height + LINE_GAP;
      g_object_unref (lines[i]);
    }
}
