/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The question what to do with two files that were dropped together. */

#include "app/window.h"

G_BEGIN_DECLS

/* Asks whether to compare @a with @b or to open both, and does that in @window. */
void gander_drop_dialog_present (GanderWindow *window, GFile *a, GFile *b);

G_END_DECLS
