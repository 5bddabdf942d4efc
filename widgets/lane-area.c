/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-area-private.h"

#include "analysis/analysis.h"
#include "widgets/style.h"

#include <glib/gi18n.h>

#define FRAME_MS  6   /* that a frame waits for the picture of the lanes */
#define FIRST_MS  50  /* the first one: a frame without it costs as much */
#define LAYOUT_MS 500 /* that a click waits */

G_DEFINE_FINAL_TYPE (GanderLaneArea, gander_lane_area, GTK_TYPE_WIDGET)

static const GanderRows *
get_rows (GanderLaneArea *self)
{
  return gander_trace_session_get_rows (self->session);
}

void
gander_lane_area_queue_overlay (GanderLaneArea *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
gander_lane_area_invalidate (GanderLaneArea *self)
{
  self->asked = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
get_ruler_height (GanderLaneArea *self)
{
  return self->ruler_place == GANDER_RULER_HIDDEN ? 0 : GANDER_RULER_HEIGHT;
}

int
gander_lane_area_get_rows_top (GanderLaneArea *self)
{
  return self->ruler_place == GANDER_RULER_TOP ? GANDER_RULER_HEIGHT : 0;
}

int
gander_lane_area_get_rows_height (GanderLaneArea *self)
{
  return MAX (gtk_widget_get_height (GTK_WIDGET (self)) - get_ruler_height (self), 0);
}

int
gander_lane_area_get_axis_width (GanderLaneArea *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)) - GANDER_LABEL_WIDTH, 1);
}

gboolean
gander_lane_area_is_ruler (GanderLaneArea *self, double y)
{
  const int top = gander_lane_area_get_rows_top (self);

  return y < top || y >= top + gander_lane_area_get_rows_height (self);
}

/* The system font may change at any time; rows grow with it. */
static void
ensure_font (GanderLaneArea *self)
{
  const char *family;
  const double em = gander_style_get_font (GTK_WIDGET (self), &family);
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  if (self->ruler != NULL && em == self->em && g_strcmp0 (family, self->font_family) == 0)
    return;

  self->em = em;
  g_free (self->font_family);
  self->font_family = g_strdup (family);
  g_clear_pointer (&self->ruler, gander_ruler_free);
  self->ruler = gander_ruler_new (family, em);
  self->asked = FALSE;
  change.options = *gander_trace_session_get_row_options (self->session);
  if (MAX (change.options.text_scale, 1) == MAX (em / GANDER_STYLE_USUAL_EM, 1))
    return;
  change.options.text_scale = MAX (em / GANDER_STYLE_USUAL_EM, 1);
  gander_trace_session_change_rows (self->session, &change);
}

static void
update_adjustment (GanderLaneArea *self)
{
  const double height = (double)gander_rows_get_height (get_rows (self));
  const double page = gander_lane_area_get_rows_height (self);
  const double scroll = gander_trace_session_get_scroll (self->session);
  const double most = MAX (height - page, 0);

  if (scroll > most)
    gander_trace_session_set_scroll (self->session, most);
  gtk_adjustment_configure (self->adjustment,
                            MIN (scroll, most),
                            0,
                            height,
                            24,
                            page * 0.9,
                            MIN (page, height));
}

/* The scrollbar comes and goes with the height of the rows. */
static gboolean
needs_scrollbar (GanderLaneArea *self)
{
  return gander_rows_get_height (get_rows (self)) > gander_lane_area_get_rows_height (self);
}

static guint64
get_chosen_key (GanderLaneArea *self)
{
  const guint32 row = gander_lane_area_get_selected_row (self);

  return row == GANDER_ROW_NONE ? 0 : gander_rows_get (get_rows (self), row)->key;
}

/* Asks for the picture of what is in view, unless that was done. Returns: FALSE if there is no room
 * for one. */
static gboolean
ask_for_picture (GanderLaneArea *self)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  const int height = gander_lane_area_get_rows_height (self);
  GanderPictureWish wish = { 0 };

  ensure_font (self);
  if (width <= 0 || height <= 0)
    return FALSE;
  if (self->asked && self->picture_width == width && self->picture_height == height)
    return TRUE;

  wish.rows = get_rows (self);
  wish.theme = gander_style_get_theme ();
  wish.font_family = self->font_family;
  wish.em = self->em;
  wish.frame.begin = gander_viewport_get_begin (viewport);
  wish.frame.end = gander_viewport_get_end (viewport);
  wish.frame.zero = gander_trace_session_get_zero (self->session);
  wish.frame.width = width;
  wish.frame.height = height;
  wish.frame.label_width = GANDER_LABEL_WIDTH;
  wish.frame.scroll_y = gander_trace_session_get_scroll (self->session);
  wish.frame.scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  wish.frame.hidden_shades = gander_trace_session_get_hidden_shades (self->session);
  wish.frame.focus_shades = gander_trace_session_get_focus_shades (self->session);
  wish.frame.chosen_key = get_chosen_key (self);
  wish.frame.rough = self->rough;
  gander_lane_picture_ask (self->picture, &wish);
  self->asked = TRUE;
  self->picture_width = width;
  self->picture_height = height;
  return TRUE;
}

GanderTimeline *
gander_lane_area_ensure_layout (GanderLaneArea *self)
{
  if (!ask_for_picture (self) || !gander_lane_picture_wait (self->picture, LAYOUT_MS))
    return NULL;
  return gander_lane_picture_get_timeline (self->picture);
}

gboolean
gander_lane_area_has_picture (GanderLaneArea *self)
{
  g_return_val_if_fail (GANDER_IS_LANE_AREA (self), FALSE);
  return self->asked && gander_lane_picture_wait (self->picture, 0);
}

gboolean
gander_lane_area_is_settled (GanderLaneArea *self)
{
  return gander_lane_area_has_picture (self) && !self->rough &&
         gander_rows_is_complete (get_rows (self)) &&
         !gander_trace_session_is_changing_rows (self->session);
}

gboolean
gander_lane_area_hit (GanderLaneArea *self, double x, double y, GanderHit *out)
{
  const int top = gander_lane_area_get_rows_top (self);
  const GanderTimeline *timeline = gander_lane_area_ensure_layout (self);

  if (gander_lane_area_is_ruler (self, y) || timeline == NULL)
    return FALSE;
  if (!gander_timeline_hit (timeline, x, y - top, out))
    return FALSE;
  out->y += top;
  return TRUE;
}

/* Straight from the viewport: many events may come in one frame, and a layout is made once. */
GanderTime
gander_lane_area_get_time (GanderLaneArea *self, double x)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderTime begin = gander_viewport_get_begin (viewport);
  const double length = (double)(gander_viewport_get_end (viewport) - begin);
  const double share = (x - GANDER_LABEL_WIDTH) / gander_lane_area_get_axis_width (self);

  return begin + (GanderTime)(length * share);
}

static guint32
find_selected_row (GanderLaneArea *self)
{
  GanderSelection *selection = gander_trace_session_get_selection (self->session);
  const GanderSelected *selected = gander_selection_get (selection);
  const GanderLaneId lane = gander_selection_get_lane (selection);

  if (selected->key != 0)
    return gander_rows_find_key (get_rows (self), selected->key);
  return lane == GANDER_LANE_NONE ? GANDER_ROW_NONE : gander_rows_find_lane (get_rows (self), lane);
}

/* Found once: there may be a million rows, and every frame asks. */
guint32
gander_lane_area_get_selected_row (GanderLaneArea *self)
{
  if (!self->has_selected_row)
    self->selected_row = find_selected_row (self);
  self->has_selected_row = TRUE;
  return self->selected_row;
}

/* Far away rows come to the upper third, near ones into sight with a neighbour. */
void
gander_lane_area_show_row (GanderLaneArea *self, guint32 row)
{
  const GanderRows *rows = get_rows (self);
  const double scroll = gander_trace_session_get_scroll (self->session);
  double top, height, page;

  if (row == GANDER_ROW_NONE || row < gander_rows_get_n_pinned (rows))
    return;
  update_adjustment (self);
  page = gander_lane_area_get_rows_height (self);
  top = (double)gander_rows_get_y (rows, row);
  height = gander_rows_get (rows, row)->height;
  if (top + 2 * height < scroll || top > scroll + page + height)
    gander_trace_session_set_scroll (self->session, top - page / 3);
  else if (top - height < scroll)
    gander_trace_session_set_scroll (self->session, top - height);
  else if (top + 2 * height > scroll + page)
    gander_trace_session_set_scroll (self->session, top + 2 * height - page);
}

void
gander_lane_area_toggle_row (GanderLaneArea *self, guint32 number)
{
  const GanderRow *row = gander_rows_get (get_rows (self), number);
  GanderRowChange change = { .key = row->key, .on = !row->open };

  if (row->kind == GANDER_ROW_MORE)
    change.kind = GANDER_ROW_CHANGE_SHOW_ALL;
  else if (row->kind == GANDER_ROW_HIDDEN)
    change.kind = GANDER_ROW_CHANGE_SHOW_HIDDEN;
  else if (row->openable)
    change.kind = GANDER_ROW_CHANGE_OPEN;
  else
    return;
  gander_trace_session_change_rows (self->session, &change);
}

static gboolean
refine_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer data)
{
  GanderLaneArea *self = GANDER_LANE_AREA (widget);

  self->rough = FALSE;
  gander_lane_area_invalidate (self);
  return G_SOURCE_REMOVE;
}

/* The picture of what is in view is going to be painted: what it lacks comes next. */
static void
go_on (GanderLaneArea *self)
{
  if (!self->rough)
    gander_trace_session_complete_rows (self->session);
  else if (!self->refining)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), refine_cb, NULL, NULL);
  self->refining = TRUE;
}

static void
gander_lane_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GanderLaneArea *self = GANDER_LANE_AREA (widget);
  const int width = gtk_widget_get_width (widget);
  const int height = gander_lane_area_get_rows_height (self);
  const int top = gander_lane_area_get_rows_top (self);

  if (ask_for_picture (self))
    {
      const gboolean is_first = gander_lane_picture_get_timeline (self->picture) == NULL;

      if (gander_lane_picture_wait (self->picture, is_first ? FIRST_MS : FRAME_MS))
        go_on (self);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float)top));
      gander_lane_picture_snapshot (self->picture, snapshot);
      gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
      gander_lane_area_snapshot_overlay (self, snapshot, width, height);
      gtk_snapshot_pop (snapshot);
      gtk_snapshot_restore (snapshot);
    }
  if (self->ruler_place != GANDER_RULER_HIDDEN)
    gander_lane_area_snapshot_ruler (self,
                                     snapshot,
                                     width,
                                     self->ruler_place == GANDER_RULER_TOP ? 0 : height);
  gtk_widget_snapshot_child (widget, self->scrollbar, snapshot);
  gander_lane_area_snapshot_tip (self, snapshot);
}

static void
gander_lane_area_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  const gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? GANDER_LABEL_WIDTH + 80 : GANDER_RULER_HEIGHT + 48;
  *natural = horizontal ? 900 : 400;
}

static void
gander_lane_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GanderLaneArea *self = GANDER_LANE_AREA (widget);
  GtkAllocation child = { 0 };
  int thickness;

  update_adjustment (self);
  gtk_widget_set_child_visible (self->scrollbar, needs_scrollbar (self));
  gtk_widget_measure (self->scrollbar,
                      GTK_ORIENTATION_HORIZONTAL,
                      -1,
                      &thickness,
                      NULL,
                      NULL,
                      NULL);
  child.x = MAX (width - thickness, 0);
  child.y = gander_lane_area_get_rows_top (self);
  child.width = thickness;
  child.height = gander_lane_area_get_rows_height (self);
  gtk_widget_size_allocate (self->scrollbar, &child, -1);
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
}

/* The label says where one is, the description what is selected: that is all that GTK 4.8 passes
 * on for a widget drawn by hand. */
static void
update_accessible_label (GanderLaneArea *self)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderIndex *index = gander_trace_session_get_index (self->session);
  g_autofree char *begin = gander_duration_to_short (MAX (gander_viewport_get_begin (viewport), 0));
  g_autofree char *end = gander_duration_to_short (
      MIN (gander_viewport_get_end (viewport), gander_viewport_get_duration (viewport)));
  g_autofree char *lanes = gander_text_count (gander_index_get_n_lanes (index));
  g_autofree char *label = g_strdup_printf (_ ("Timeline, %s lanes, %s to %s"), lanes, begin, end);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* Returns: (transfer full) "Blocked on a channel receive, 16.47 ms, from 730.9 ms, woken by G34".
 */
static char *
describe_span (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *lane = gander_describe_lane_id (index, span->lane);
  g_autofree char *title = gander_describe_span_title (index, span);
  g_autofree char *duration = gander_duration_to_short (span->end - span->begin);
  g_autofree char *begin = gander_duration_to_short (span->begin);
  g_autofree char *waker = NULL;
  GanderSpan wake;

  if (!gander_query_wake (index, span, &wake) || wake.link == GANDER_LANE_NONE)
    return g_strdup_printf (_ ("%s: %s, %s, from %s"), lane, title, duration, begin);
  waker = gander_describe_lane (index, wake.link);
  return g_strdup_printf (wake.cause == GANDER_CAUSE_CREATED
                              ? _ ("%s: %s, %s, from %s, created by %s")
                              : _ ("%s: %s, %s, from %s, woken by %s"),
                          lane,
                          title,
                          duration,
                          begin,
                          waker);
}

static char *
describe_selection (GanderLaneArea *self)
{
  const GanderIndex *index = gander_trace_session_get_index (self->session);
  GanderSelection *selection = gander_trace_session_get_selection (self->session);
  const guint32 row = gander_lane_area_get_selected_row (self);
  char title[256];
  GanderSpan span;

  if (gander_selection_get_span (selection, index, &span))
    return describe_span (index, &span);
  if (row == GANDER_ROW_NONE)
    return g_strdup (_ ("Nothing selected"));
  gander_rows_get_title (get_rows (self), row, title, sizeof title);
  if (!gander_rows_get (get_rows (self), row)->openable)
    return g_strdup (title);
  return g_strdup_printf (gander_rows_get (get_rows (self), row)->open ? _ ("%s, expanded")
                                                                       : _ ("%s, collapsed"),
                          title);
}

static void
selection_changed_cb (GanderLaneArea *self)
{
  g_autofree char *words = NULL;

  self->has_selected_row = FALSE;
  words = describe_selection (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words,
                                  -1);
  gander_lane_area_invalidate (self);
}

static void
viewport_changed_cb (GanderLaneArea *self)
{
  gander_lane_area_drop_tip (self);
  gander_lane_area_update_pointer (self);
  update_accessible_label (self);
  gander_lane_area_invalidate (self);
}

static void
scroll_changed_cb (GanderLaneArea *self)
{
  gander_lane_area_drop_tip (self);
  gtk_adjustment_set_value (self->adjustment, gander_trace_session_get_scroll (self->session));
  gander_lane_area_invalidate (self);
}

static void
adjustment_changed_cb (GanderLaneArea *self)
{
  gander_trace_session_set_scroll (self->session, gtk_adjustment_get_value (self->adjustment));
}

static void
rows_changed_cb (GanderLaneArea *self)
{
  gander_lane_area_drop_tip (self);
  self->has_selected_row = FALSE;
  update_adjustment (self);
  if (self->to_show != GANDER_LANE_NONE && !gander_trace_session_is_changing_rows (self->session))
    {
      gander_lane_area_show_row (self, gander_rows_find_lane (get_rows (self), self->to_show));
      self->to_show = GANDER_LANE_NONE;
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gander_lane_area_invalidate (self);
}

static void
reveal_cb (GanderLaneArea *self, guint lane)
{
  const guint32 row = gander_rows_find_lane (get_rows (self), lane);

  if (row != GANDER_ROW_NONE && gander_rows_get (get_rows (self), row)->kind == GANDER_ROW_LANE)
    {
      gander_lane_area_show_row (self, row);
      return;
    }
  self->to_show = lane;
  gander_trace_session_change_rows (self->session,
                                    &(GanderRowChange){ .kind = GANDER_ROW_CHANGE_REVEAL,
                                                        .lane = lane });
}

static void
picture_ready_cb (gpointer data)
{
  gtk_widget_queue_draw (GTK_WIDGET (data));
}

static void
theme_changed (GtkWidget *widget)
{
  gander_lane_area_invalidate (GANDER_LANE_AREA (widget));
}

static void
watch_session (GanderLaneArea *self)
{
  GanderTraceSession *session = self->session;
  GanderViewport *viewport = gander_trace_session_get_viewport (session);
  const struct
  {
    gpointer object;
    const char *signal;
    GCallback callback;
  } watches[] = {
    { viewport, "changed", G_CALLBACK (viewport_changed_cb) },
    { viewport, "pointer-changed", G_CALLBACK (gander_lane_area_queue_overlay) },
    { gander_trace_session_get_selection (session), "changed", G_CALLBACK (selection_changed_cb) },
    { session, "notify::scroll", G_CALLBACK (scroll_changed_cb) },
    { session, "rows-changed", G_CALLBACK (rows_changed_cb) },
    { session, "reveal", G_CALLBACK (reveal_cb) },
    { self->adjustment, "value-changed", G_CALLBACK (adjustment_changed_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (watches); i++)
    g_signal_connect_object (watches[i].object,
                             watches[i].signal,
                             watches[i].callback,
                             self,
                             G_CONNECT_SWAPPED);
}

GtkWidget *
gander_lane_area_new (GanderTraceSession *session)
{
  GanderLaneArea *self = g_object_new (GANDER_TYPE_LANE_AREA, NULL);
  g_autoptr (GanderFirstLook) look = gander_trace_session_steal_first_look (session);

  self->session = g_object_ref (session);
  self->rough = gander_first_look_is_rough (gander_trace_session_get_index (session));
  if (look != NULL)
    gander_lane_picture_set_first_look (self->picture, look);
  watch_session (self);
  update_accessible_label (self);
  selection_changed_cb (self);
  return GTK_WIDGET (self);
}

GanderTraceSession *
gander_lane_area_get_session (GanderLaneArea *self)
{
  g_return_val_if_fail (GANDER_IS_LANE_AREA (self), NULL);
  return self->session;
}

void
gander_lane_area_set_ruler (GanderLaneArea *self, GanderRulerPlace place, const char *title)
{
  g_return_if_fail (GANDER_IS_LANE_AREA (self));

  self->ruler_place = place;
  g_free (self->ruler_title);
  self->ruler_title = g_strdup (title);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gander_lane_area_invalidate (self);
}

static void
gander_lane_area_dispose (GObject *object)
{
  GanderLaneArea *self = GANDER_LANE_AREA (object);

  gander_lane_area_clear_input (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->scrollbar, gtk_widget_unparent);
  g_clear_object (&self->adjustment);
  g_clear_pointer (&self->picture, gander_lane_picture_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gander_lane_area_parent_class)->dispose (object);
}

static void
gander_lane_area_finalize (GObject *object)
{
  GanderLaneArea *self = GANDER_LANE_AREA (object);

  g_clear_pointer (&self->ruler, gander_ruler_free);
  g_free (self->font_family);
  g_free (self->ruler_title);
  G_OBJECT_CLASS (gander_lane_area_parent_class)->finalize (object);
}

static void
gander_lane_area_class_init (GanderLaneAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gander_lane_area_dispose;
  object_class->finalize = gander_lane_area_finalize;
  widget_class->snapshot = gander_lane_area_snapshot;
  widget_class->measure = gander_lane_area_measure;
  widget_class->size_allocate = gander_lane_area_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "gander-lanes");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gander_lane_area_install_commands (widget_class);
}

static void
gander_lane_area_init (GanderLaneArea *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->to_show = GANDER_LANE_NONE;
  self->picture = gander_lane_picture_new (picture_ready_cb, self);
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  self->scrollbar = gtk_scrollbar_new (GTK_ORIENTATION_VERTICAL, self->adjustment);
  gtk_widget_add_css_class (self->scrollbar, "overlay-indicator");
  gtk_widget_set_parent (self->scrollbar, widget);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gander_lane_area_init_input (self);
  gander_style_watch (widget, theme_changed);
}
