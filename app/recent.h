/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The traces opened lately, kept in the desktop's own list. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GANDER_RECENT_MAX 10

/* Puts @file at the head of the list. */
void gander_recent_add (GFile *file);

/* Returns: (transfer full) (element-type GFile) at most GANDER_RECENT_MAX traces that are still
 * there, the latest first. */
GPtrArray *gander_recent_list (void);

G_END_DECLS
