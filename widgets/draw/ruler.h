/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The ruler over the rows: 1-2-5 ticks with labels, and pills for the pointer, the selected range
 * and marks. Positions in px, as in timeline.h.
 */

#include "widgets/draw/label.h"
#include "widgets/draw/scale.h"

G_BEGIN_DECLS

/* A named instant (key M). */
typedef struct
{
  GanderTime time;
  const char *name; /* (unowned) */
} GanderFlag;

typedef struct
{
  GanderTime begin; /* in view */
  GanderTime end;
  int width; /* px, label column included */
  int height;
  int label_width;
  double scale;           /* device pixels per px; 0 = 1 */
  GanderTime zero;        /* the instant labelled 0 */
  GanderTime pointer;     /* -1 = none */
  GanderTime range_begin; /* -1 = none */
  GanderTime range_end;
  const char *title; /* (unowned) (nullable) in the label column; NULL = "Time since trace start" */
  const GanderFlag *flags; /* (unowned) (nullable) */
  gsize n_flags;
} GanderRulerView;

typedef struct _GanderRuler GanderRuler;

GanderRuler *gander_ruler_new (const char *font_family, double em) G_GNUC_WARN_UNUSED_RESULT;
void gander_ruler_free (GanderRuler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderRuler, gander_ruler_free)

void gander_ruler_layout (GanderRuler *self, const GanderRulerView *view);
void gander_ruler_paint (GanderRuler *self, cairo_t *cr, const GanderTheme *theme);
/* Returns: the number of the flag at @x, or -1. */
int gander_ruler_hit (const GanderRuler *self, double x, double y);

#define GANDER_RULER_HEIGHT 24 /* px */

G_END_DECLS
