/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The picture of the lanes, laid out and painted on a thread of its own. A frame waits for it a few
 * milliseconds; when that is not enough, what was painted last is shown where it now belongs,
 * stretched or moved, and the right picture follows. A picture is never of less than it says: what
 * is painted is exact, only late.
 */

#include "widgets/draw/draw.h"
#include "widgets/first-look.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _GanderLanePicture GanderLanePicture;

/* @ready is called on the main thread whenever a picture was finished that nobody waited for. */
GanderLanePicture *gander_lane_picture_new (void (*ready) (gpointer data),
                                            gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void gander_lane_picture_free (GanderLanePicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderLanePicture, gander_lane_picture_free)

/* What a picture shows. */
typedef struct
{
  const GanderRows *rows;
  const GanderTheme *theme;
  const char *font_family; /* (nullable) */
  double em;
  GanderTimelineFrame frame;
} GanderPictureWish;

/* The first picture begins with what @look found out. */
void gander_lane_picture_set_first_look (GanderLanePicture *self, GanderFirstLook *look);

/* Asks for a picture; of several wishes that nobody has begun the last one counts. */
void gander_lane_picture_ask (GanderLanePicture *self, const GanderPictureWish *wish);

/* Returns: whether what was asked for last is there, after waiting for it for at most @ms. */
gboolean gander_lane_picture_wait (GanderLanePicture *self, guint ms);

/* Returns: (transfer none) (nullable) the layout of the picture that is there, for hits: it is what
 * was asked for last if gander_lane_picture_wait () said so. */
GanderTimeline *gander_lane_picture_get_timeline (GanderLanePicture *self);

/* Appends the picture that is there. While it is not what was asked for last, its lanes are moved
 * and stretched to where they belong, with the colours of the theme where nothing was painted. */
void gander_lane_picture_snapshot (GanderLanePicture *self, GtkSnapshot *snapshot);

/* Moves and stretches what is drawn on the lanes of the picture that is there in the same way,
 * until gtk_snapshot_restore () and gtk_snapshot_pop (). */
void gander_lane_picture_push (GanderLanePicture *self, GtkSnapshot *snapshot);

G_END_DECLS
