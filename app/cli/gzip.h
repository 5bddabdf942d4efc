/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Compresses what goes to an output. The same bytes give the same file: no time, no name. */

#include "app/cli/cli-output.h"

G_BEGIN_DECLS

typedef struct
{
  GanderOutput *output; /* (unowned) */
  GConverter *compressor;
} GanderGzip;

void gander_gzip_init (GanderGzip *self, GanderOutput *output);
void gander_gzip_write (GanderGzip *self, gconstpointer data, gsize size);
/* Writes what is left and frees what @self holds. */
void gander_gzip_clear (GanderGzip *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderGzip, gander_gzip_clear)

G_END_DECLS
