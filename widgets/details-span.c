/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-private.h"
#include "widgets/swatch.h"

#include <glib/gi18n.h>

#define SWATCH_TITLE 20
#define SWATCH_STEP  16

/* Columns of a page take so many of its parts: what, why, where. */
static const int column_parts[] = { 6, 6, 8 };
#define PAGE_WIDTH 860 /* px, at least; narrower panes scroll */

static GtkWidget *
new_page (void)
{
  GtkWidget *page = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (page), TRUE);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_widget_set_size_request (page, PAGE_WIDTH, -1);
  return page;
}

static void
add_column (GtkWidget *page, guint number, GtkWidget *column)
{
  int left = 0;

  for (guint i = 0; i < number; i++)
    left += column_parts[i];
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_set_vexpand (column, TRUE);
  gtk_widget_add_css_class (column, "gander-column");
  if (number > 0)
    gtk_widget_add_css_class (column, "gander-divided");
  gtk_grid_attach (GTK_GRID (page), column, left, 0, column_parts[number], 1);
}

/* The first column: what was selected, in words. The caller adds rows to the grid. */
static GtkGrid *
build_what (GtkWidget *page, GtkWidget *swatch, const char *title, const char *subtitle)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *grid = gtk_grid_new ();

  if (swatch != NULL)
    {
      gtk_widget_set_valign (swatch, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (head), swatch);
    }
  gtk_box_append (GTK_BOX (words), gander_details_label (title, "gander-title"));
  if (*subtitle != '\0')
    gtk_box_append (GTK_BOX (words), gander_details_label (subtitle, "dim-label"));
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (column), head);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_box_append (GTK_BOX (column), grid);
  add_column (page, 0, column);
  return GTK_GRID (grid);
}

static void
add_times (GtkGrid *grid, GanderTime begin, GanderTime end, const char *rank)
{
  g_autofree char *start = gander_duration_to_exact (begin);
  g_autofree char *stop = gander_duration_to_exact (end);
  g_autofree char *length = gander_duration_to_exact (end - begin);
  g_autofree char *duration =
      *rank == '\0' ? g_strdup (length) : g_strdup_printf ("%s  (%s)", length, rank);

  gander_details_add_text_row (grid, _ ("Start"), start);
  gander_details_add_text_row (grid, _ ("End"), stop);
  gander_details_add_text_row (grid, _ ("Duration"), duration);
}

/* One step of the chain: swatch, words and place, duration. All of it is one button. */
static GtkWidget *
build_step (GanderTraceSession *session, const GanderStep *step)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *duration = gander_duration_to_short (step->span.end - step->span.begin);
  g_autofree char *place = gander_describe_place (index, step->span.stack);
  g_autofree char *name = g_strdup_printf ("%s, %s", step->text, duration);
  GtkWidget *swatch = gander_swatch_new (gander_shade_of_state (step->span.state), SWATCH_STEP);
  GtkWidget *time = gtk_label_new (duration);
  GtkWidget *button;

  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (words),
                  gander_details_label (step->text, step->selected ? "gander-strong" : NULL));
  if (*place != '\0')
    {
      GtkWidget *where = gander_details_label (place, "caption");

      gtk_widget_add_css_class (where, "dim-label");
      gtk_box_append (GTK_BOX (words), where);
    }
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), words);
  gtk_widget_add_css_class (time, "gander-strong");
  gtk_widget_add_css_class (time, "numeric");
  gtk_box_append (GTK_BOX (box), time);

  button = gander_details_link (session, "", step->span.lane, step->span.ordinal);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_set_halign (button, GTK_ALIGN_FILL);
  gtk_widget_remove_css_class (button, "gander-link");
  gtk_widget_add_css_class (button, "gander-step");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
add_chain (GtkWidget *page, GanderTraceSession *session, const GanderSpanFacts *facts)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  if (facts->n_steps > 0)
    gtk_box_append (GTK_BOX (column), gander_details_heading (_ ("Why was it stuck?")));
  for (guint i = 0; i < facts->n_steps; i++)
    gtk_box_append (GTK_BOX (column), build_step (session, &facts->steps[i]));
  add_column (page, 1, column);
}

static const char *
get_stack_heading (const GanderSpan *span)
{
  static const char *const headings[GANDER_N_STATES] = {
    [GANDER_STATE_BLOCKED] = N_ ("Blocked at"),
    [GANDER_STATE_SYSCALL] = N_ ("Called at"),
    [GANDER_STATE_SYSCALL_BLOCKED] = N_ ("Called at"),
    [GANDER_STATE_RUNNABLE] = N_ ("Stopped at"),
  };

  return headings[span->state] != NULL ? _ (headings[span->state]) : _ ("Stack");
}

static GtkWidget *
build_stack_block (const GanderIndex *index, const char *heading, GanderStackId stack)
{
  GtkWidget *block = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (block), gander_details_heading (heading));
  gtk_box_append (GTK_BOX (block), gander_details_stack (index, stack, TRUE));
  return block;
}

static void
add_stacks (GtkWidget *page,
            const GanderIndex *index,
            const GanderSpan *span,
            const GanderSpanFacts *facts)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  const char *woken = facts->created ? _ ("Created from") : _ ("Woken from");

  if (facts->stack != 0 || facts->waker_stack == 0)
    gtk_box_append (GTK_BOX (column),
                    build_stack_block (index, get_stack_heading (span), facts->stack));
  if (facts->waker_stack != 0)
    gtk_box_append (GTK_BOX (column), build_stack_block (index, woken, facts->waker_stack));
  add_column (page, 2, column);
}

static void
add_waker (GtkGrid *grid, GanderTraceSession *session, const GanderSpanFacts *facts)
{
  const char *label = facts->created ? _ ("Created by") : _ ("Woken by");

  if (*facts->woken_by == '\0')
    return;
  if (facts->has_waker_span)
    gander_details_add_row (grid,
                            label,
                            gander_details_link (session,
                                                 facts->woken_by,
                                                 facts->waker_span.lane,
                                                 facts->waker_span.ordinal));
  else
    gander_details_add_text_row (grid, label, facts->woken_by);
}

static void
add_then (GtkGrid *grid, const GanderSpanFacts *facts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < facts->n_then; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : " → ", facts->then[i].text);
  gander_details_add_text_row (grid, _ ("Then"), text->str);
}

static GtkWidget *
build_for_span (GanderTraceSession *session, const GanderSpan *span)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GtkWidget *page = new_page ();
  g_auto (GanderSpanFacts) facts = { 0 };
  GtkWidget *swatch;
  GtkGrid *grid;

  gander_describe_span (index, span, &facts);
  swatch = gander_swatch_new (gander_shade_of_state (span->state), SWATCH_TITLE);
  grid = build_what (page, swatch, facts.title, facts.subtitle);
  gander_details_add_text_row (grid, _ ("State"), facts.state);
  add_times (grid, span->begin, span->end, facts.rank);
  if (facts.has_where)
    gander_details_add_text_row (grid, _ ("Where"), facts.where_text);
  add_waker (grid, session, &facts);
  add_then (grid, &facts);
  add_chain (page, session, &facts);
  add_stacks (page, index, span, &facts);
  return page;
}

/* A page with one column of words and one stack, for what is no span. */
static GtkWidget *
build_simple (GanderTraceSession *session,
              GtkWidget *swatch,
              const char *title,
              const char *subtitle,
              GanderTime begin,
              GanderTime end,
              GanderStackId stack,
              GtkGrid **grid)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GtkWidget *page = new_page ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  *grid = build_what (page, swatch, title, subtitle);
  add_times (*grid, begin, end, "");
  gtk_box_append (GTK_BOX (column), build_stack_block (index, _ ("Began at"), stack));
  add_column (page, 1, column);
  return page;
}

static GtkWidget *
build_for_region (GanderTraceSession *session, guint32 row)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderRegion region;
  g_autofree char *title = NULL;
  g_autofree char *lane = NULL;
  GtkGrid *grid;
  GtkWidget *page;

  gander_index_get_region (index, row, &region);
  title = gander_text_escape (gander_index_get_string (index, region.type));
  lane = gander_describe_lane (index, region.lane);
  page = build_simple (session,
                       NULL,
                       title,
                       _ ("User region"),
                       region.begin,
                       region.end,
                       region.stack,
                       &grid);
  gander_details_add_row (grid,
                          _ ("Goroutine"),
                          gander_details_lane_link (session, lane, region.lane, region.begin));
  if (region.task != 0)
    {
      g_autofree char *task = g_strdup_printf ("#%" G_GUINT64_FORMAT, region.task);

      gander_details_add_text_row (grid, _ ("Task"), task);
    }
  return page;
}

static GtkWidget *
build_for_task (GanderTraceSession *session, guint32 row)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  const GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTask task;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *creator = NULL;
  GtkGrid *grid;
  GtkWidget *page;

  gander_index_get_task (index, row, &task);
  name = gander_text_escape (gander_index_get_string (index, task.type));
  title = g_strdup_printf ("%s #%" G_GUINT64_FORMAT, name, task.id);
  page = build_simple (session,
                       NULL,
                       title,
                       task.end < 0 ? _ ("User task, not finished in this trace") : _ ("User task"),
                       MAX (task.begin, 0),
                       task.end < 0 ? duration : task.end,
                       task.stack,
                       &grid);
  creator = gander_describe_lane (index, task.creator);
  gander_details_add_row (grid,
                          _ ("Begun by"),
                          gander_details_lane_link (session,
                                                    creator,
                                                    task.creator,
                                                    MAX (task.begin, 0)));
  return page;
}

static GtkWidget *
build_for_range (GanderTraceSession *session, GanderRangeKind kind, guint32 row)
{
  static const char *const titles[GANDER_N_RANGE_KINDS] = {
    [GANDER_RANGE_GC_MARK] = N_ ("Garbage collection, mark phase"),
    [GANDER_RANGE_STW] = N_ ("Stop-the-world"),
    [GANDER_RANGE_ASSIST] = N_ ("Mark assist"),
    [GANDER_RANGE_SWEEP] = N_ ("Sweep"),
  };
  const GanderIndex *index = gander_trace_session_get_index (session);
  const GanderShade shade = kind == GANDER_RANGE_STW ? GANDER_SHADE_STW : GANDER_SHADE_GC;
  GtkWidget *swatch = gander_swatch_new (shade, SWATCH_TITLE);
  g_autofree char *subtitle = NULL;
  GanderRange range;
  GtkGrid *grid;
  GtkWidget *page;

  gander_index_get_range (index, kind, row, &range);
  subtitle = gander_text_escape (gander_index_get_string (index, range.name));
  page = build_simple (session,
                       swatch,
                       _ (titles[kind]),
                       subtitle,
                       range.begin,
                       range.end,
                       range.stack,
                       &grid);
  if (range.goroutine != GANDER_LANE_NONE)
    {
      g_autofree char *lane = gander_describe_lane (index, range.goroutine);

      gander_details_add_row (grid,
                              _ ("Goroutine"),
                              gander_details_lane_link (session,
                                                        lane,
                                                        range.goroutine,
                                                        range.begin));
    }
  return page;
}

GtkWidget *
gander_details_build_span (GanderTraceSession *session)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  const GanderSelected *selected = gander_selection_get (selection);
  GanderSpan span;

  switch (selected->kind)
    {
    case GANDER_SELECTED_SPAN:
      if (gander_selection_get_span (selection, index, &span))
        return build_for_span (session, &span);
      break;
    case GANDER_SELECTED_REGION:
      return build_for_region (session, selected->row);
    case GANDER_SELECTED_TASK:
      return build_for_task (session, selected->row);
    case GANDER_SELECTED_RANGE:
      return build_for_range (session, selected->range_kind, selected->row);
    case GANDER_SELECTED_NONE:
    case GANDER_SELECTED_LANE:
    case GANDER_SELECTED_ROW:
      break;
    }
  return gander_details_note (
      _ ("Click a span to see why it waited, who woke it and what came next."));
}
