/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files index-write*.c share. */

#include "reader/blocks.h"
#include "reader/index-write.h"

G_BEGIN_DECLS

typedef struct
{
  GanderSpans *spans;
  GanderIndexFile *file;
  GanderTime duration;
  GCancellable *cancellable;
  guint32 n_goroutines;
  guint32 *proc_lanes; /* lane of each processor by first appearance */
  guint32 *proc_order; /* processors by id */
  guint32 *group_of;   /* group + 1 by string id of the name */
  GanderGroupRow *groups;
  guint32 n_groups;
  guint64 n_waits[2]; /* blocked, runnable spans of the trace */
  guint32 *by_id;     /* goroutine lanes by id and life */
  guint32 *group_lanes;
  guint8 *map; /* the file so far */
  gsize map_size;
  GanderBlocks blocks;
  GanderFactsRow facts;
} GanderIndexWriter;

/* Returns: zeroed memory for @n rows, or NULL with TOO_LARGE. */
gpointer gander_index_writer_allocate (gsize n, gsize size, GError **error);

/* The row of a goroutine, but for the numbers of its first rows elsewhere. */
void
gander_index_writer_get_goroutine (const GanderIndexWriter *self, guint32 row, GanderLaneRow *out);

/* Returns: TRUE with TOO_LARGE when something could not be kept. */
gboolean gander_index_writer_no_memory (const GanderIndexWriter *self, GError **error);

gboolean gander_index_writer_cancelled (GanderIndexWriter *self, guint32 row, GError **error);

/* index-write-figures.c */
gboolean gander_index_write_groups (GanderIndexWriter *self, GError **error);
gboolean gander_index_write_grids (GanderIndexWriter *self, GError **error);
gboolean gander_index_write_extremes (GanderIndexWriter *self, GError **error);

/* index-write-tables.c */
gboolean gander_index_write_tables (GanderIndexWriter *self, GError **error);

G_END_DECLS
