/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small box in the colour and pattern of a state, as in a legend. Says nothing to a screen
 * reader: the words stand beside it.
 */

#include "widgets/draw/draw.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GANDER_TYPE_SWATCH (gander_swatch_get_type ())
G_DECLARE_FINAL_TYPE (GanderSwatch, gander_swatch, GANDER, SWATCH, GtkWidget)

/* Returns: (transfer floating) a box of @size px; an empty one for GANDER_N_SHADES. */
GtkWidget *gander_swatch_new (GanderShade shade, int size);

G_END_DECLS
