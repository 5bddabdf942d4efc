/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A window that lists every damage of a trace, with a button that copies the list. */

#include "reader/reader.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Opens the list of @index above @parent. */
void gander_damage_window_present (GtkWindow *parent, GanderIndex *index);

G_END_DECLS
