/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-private.h"

#include <glib/gi18n.h>

/* The lane that the tab is about: the selected one, or the goroutine on the selected processor. */
static GanderLaneId
find_goroutine (GanderTraceSession *session)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  GanderLaneId lane = gander_selection_get_lane (selection);
  GanderLane row;
  GanderSpan span;

  if (lane >= gander_index_get_n_lanes (index))
    return GANDER_LANE_NONE;
  gander_index_get_lane (index, lane, &row);
  if (row.kind == GANDER_LANE_GOROUTINE)
    return lane;
  if (gander_selection_get_span (selection, index, &span))
    return span.link;
  return GANDER_LANE_NONE;
}

static void
add_identity (GtkBox *page, GanderTraceSession *session, const GanderGoroutineFacts *facts)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *lifetime = gander_duration_to_short (facts->lifetime);
  g_autofree char *spans = gander_text_count (facts->lane.n_spans);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  if (*facts->created_by != '\0')
    gander_details_add_row (GTK_GRID (grid),
                            _ ("Created by"),
                            gander_details_lane_link (session,
                                                      facts->created_by,
                                                      facts->lane.creator,
                                                      facts->lane.begin));
  gander_details_add_text_row (GTK_GRID (grid), _ ("Created at"), facts->created_at);
  gander_details_add_text_row (GTK_GRID (grid), _ ("Life"), facts->life);
  gander_details_add_text_row (GTK_GRID (grid), _ ("In this trace"), lifetime);
  gander_details_add_text_row (GTK_GRID (grid), _ ("Spans"), spans);
  gtk_box_append (GTK_BOX (column), gander_details_label (facts->title, "gander-title"));
  gtk_box_append (GTK_BOX (column), grid);
  gtk_widget_add_css_class (column, "gander-column");
  gtk_box_append (page, column);
}

static void
add_part (GtkGrid *grid, int row, const char *name, GanderTime time, GanderTime whole)
{
  const double share = whole > 0 ? (double)time / (double)whole : 0;
  g_autofree char *duration = gander_duration_to_short (time);
  g_autofree char *percent = gander_text_share (share);
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *value = gtk_label_new (duration);
  GtkWidget *part = gtk_label_new (percent);

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (share, 0, 1));
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_label_set_xalign (GTK_LABEL (part), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (part, "numeric");
  gtk_widget_add_css_class (part, "dim-label");
  gtk_grid_attach (grid, gander_details_label (name, NULL), 0, row, 1, 1);
  gtk_grid_attach (grid, bar, 1, row, 1, 1);
  gtk_grid_attach (grid, value, 2, row, 1, 1);
  gtk_grid_attach (grid, part, 3, row, 1, 1);
}

static void
add_parts (GtkBox *page, const GanderGoroutineFacts *facts)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  for (int part = 0; part < GANDER_N_PARTS; part++)
    if (facts->parts[part] > 0)
      add_part (GTK_GRID (grid),
                part,
                gander_part_get_label ((GanderPart)part),
                facts->parts[part],
                facts->lifetime);
  gtk_box_append (GTK_BOX (column), gander_details_heading (_ ("Where its time went")));
  gtk_box_append (GTK_BOX (column), grid);
  gtk_widget_add_css_class (column, "gander-column");
  gtk_widget_add_css_class (column, "gander-divided");
  gtk_box_append (page, column);
}

static void
add_top (GtkBox *column,
         GanderTraceSession *session,
         const char *heading,
         const GanderTop *top,
         GanderTime time)
{
  if (top->n == 0)
    return;
  gtk_box_append (column, gander_details_heading (heading));
  for (guint i = 0; i < top->n; i++)
    {
      const GanderTopRow *row = &top->rows[i];
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      GtkWidget *name = gander_details_lane_link (session, row->text, row->lane, time);
      g_autofree char *count = gander_text_count ((gint64)row->count);
      g_autofree char *total = gander_duration_to_short (row->total);
      g_autofree char *text = row->total > 0 ? g_strdup_printf ("%s×  %s", count, total)
                                             : g_strdup_printf ("%s×", count);
      GtkWidget *value = gtk_label_new (text);

      gtk_widget_set_hexpand (name, TRUE);
      gtk_widget_add_css_class (value, "numeric");
      gtk_box_append (GTK_BOX (box), name);
      gtk_box_append (GTK_BOX (box), value);
      gtk_box_append (column, box);
    }
}

GtkWidget *
gander_details_build_goroutine (GanderTraceSession *session)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  const GanderLaneId lane = find_goroutine (session);
  g_auto (GanderGoroutineFacts) facts = { 0 };
  GtkWidget *page, *column;

  if (lane == GANDER_LANE_NONE)
    return gander_details_note (_ ("Select a goroutine, or a span of one."));

  gander_describe_goroutine (index, lane, &facts);
  page = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_set_homogeneous (GTK_BOX (page), TRUE);
  add_identity (GTK_BOX (page), session, &facts);
  add_parts (GTK_BOX (page), &facts);
  column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (column, "gander-column");
  gtk_widget_add_css_class (column, "gander-divided");
  add_top (GTK_BOX (column), session, _ ("Waits most at"), &facts.waits, facts.lane.begin);
  add_top (GTK_BOX (column), session, _ ("Woken most by"), &facts.woken_by, facts.lane.begin);
  add_top (GTK_BOX (column), session, _ ("Wakes most"), &facts.wakes, facts.lane.begin);
  gtk_box_append (GTK_BOX (page), column);
  return page;
}
