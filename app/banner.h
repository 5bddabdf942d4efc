/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The strip above a trace that says what is odd about it, with the details behind a button. */

#include "reader/reader.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_BANNER (gander_banner_get_type ())
G_DECLARE_FINAL_TYPE (GanderBanner, gander_banner, GANDER, BANNER, AdwBin)

/* Shows what there is to say about @index, or nothing. @name (nullable) is put before it, where
 * more than one trace is on screen. */
void gander_banner_show (GanderBanner *self, GanderIndex *index, const char *name);

/* Shows that the file changed on disk, instead of anything else; its button is "win.reload". */
void gander_banner_show_changed (GanderBanner *self, GFile *file);

/* Shows that the index which is shown cannot be read, instead of anything else; its button is
 * "win.reload". @name is as above. */
void gander_banner_show_broken (GanderBanner *self, const char *name);

/* Returns: (transfer none) (nullable) what it says, when it is to be seen. */
const char *gander_banner_get_text (GanderBanner *self);

G_END_DECLS
