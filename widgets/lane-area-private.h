/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the source files of the lane area share. lane-area.c asks for the picture and shows it,
 * lane-area-over.c draws what lies over it, lane-area-input.c listens to the pointer,
 * lane-area-commands.c holds the actions and keys.
 */

#include "widgets/draw/draw.h"
#include "widgets/lane-area.h"
#include "widgets/lane-picture.h"
#include "widgets/lane-tip.h"

G_BEGIN_DECLS

struct _GanderLaneArea
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
  GanderRulerPlace ruler_place;
  char *ruler_title; /* (nullable) */

  GtkWidget *scrollbar;
  GtkAdjustment *adjustment;
  GtkWidget *menu; /* (nullable) */

  /* The picture of the rows, painted when anything in it changes. */
  GanderLanePicture *picture;
  GanderRuler *ruler;
  char *font_family;
  double em;
  gboolean asked;    /* for the picture of what is in view now */
  gboolean rough;    /* that has to be there soon more than exactly */
  gboolean refining; /* it is, the exact one will be asked for */
  int picture_width;
  int picture_height;
  GanderLaneId to_show;      /* when the rows have changed, or NONE */
  gboolean has_selected_row; /* @selected_row is of the rows and the selection as they are */
  guint32 selected_row;

  /* The pointer. */
  gboolean has_pointer;
  double pointer_x;
  double pointer_y;
  GanderTip *tip; /* (nullable) */
  double tip_x;
  double tip_y;
  GanderHit tip_hit;
  guint tip_id;
  gboolean no_tips;

  /* A drag or pinch under way. */
  gboolean dragging;
  gboolean dragged; /* since the last press */
  GanderTime drag_begin;
  double drag_scroll;
  double drag_x; /* of its start */
  double last_scale;
  double velocity_x; /* px per ms at the end of a drag */
  gint64 last_motion;
  double last_x;
  guint momentum_id;

  /* The keyboard. */
  GanderTime cursor; /* where Up and Down look for a span */
  const char *repeated;
  gint64 repeated_at;
  guint repeats;
};

/* Marks the picture, or only what lies over it, as out of date. */
void gander_lane_area_invalidate (GanderLaneArea *self);
void gander_lane_area_queue_overlay (GanderLaneArea *self);

/* Makes the layout current, so that hits and positions are right. Returns: (transfer none)
 * (nullable) the layout, or NULL if it takes too long to wait for. */
GanderTimeline *gander_lane_area_ensure_layout (GanderLaneArea *self);

/* The rectangle of the rows inside the widget. */
int gander_lane_area_get_rows_top (GanderLaneArea *self);
int gander_lane_area_get_rows_height (GanderLaneArea *self);

/* Returns: the px of the time axis. */
int gander_lane_area_get_axis_width (GanderLaneArea *self);

/* Returns: whether (@x, @y) of the widget is on the ruler. */
gboolean gander_lane_area_is_ruler (GanderLaneArea *self, double y);

/* What is at (@x, @y) of the widget; positions in @out are of the widget as well. */
gboolean gander_lane_area_hit (GanderLaneArea *self, double x, double y, GanderHit *out);

/* Returns: the time at @x of the widget. */
GanderTime gander_lane_area_get_time (GanderLaneArea *self, double x);

/* Selects what a hit found. Returns: FALSE when there is nothing to select. */
gboolean gander_lane_area_select_hit (GanderLaneArea *self, const GanderHit *hit);

/* Opens or closes a row, or lists what hides behind it. */
void gander_lane_area_toggle_row (GanderLaneArea *self, guint32 row);

/* Scrolls until @row is in sight. */
void gander_lane_area_show_row (GanderLaneArea *self, guint32 row);

/* Returns: the row of the selection, or GANDER_ROW_NONE. */
guint32 gander_lane_area_get_selected_row (GanderLaneArea *self);

/* Tells the viewport which instant is under the pointer, while it is over this area. */
void gander_lane_area_update_pointer (GanderLaneArea *self);

/* Shows the card on what is at (@x, @y) of the widget, as if the pointer rested there. */
void gander_lane_area_show_tip_at (GanderLaneArea *self, double x, double y);

/* Hides the card. */
void gander_lane_area_drop_tip (GanderLaneArea *self);

/* Appends what is marked on the rows, whose rectangle begins at the snapshot's origin. */
void gander_lane_area_snapshot_overlay (GanderLaneArea *self,
                                        GtkSnapshot *snapshot,
                                        int width,
                                        int height);

/* Appends the ruler at @y of the widget, and the card where it belongs if it is shown. */
void
gander_lane_area_snapshot_ruler (GanderLaneArea *self, GtkSnapshot *snapshot, int width, int y);
void gander_lane_area_snapshot_tip (GanderLaneArea *self, GtkSnapshot *snapshot);

void gander_lane_area_init_input (GanderLaneArea *self);
void gander_lane_area_clear_input (GanderLaneArea *self);
void gander_lane_area_install_commands (GtkWidgetClass *widget_class);

G_END_DECLS
