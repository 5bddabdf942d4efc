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
  guint64 n_spans;      /* of goroutines */
  guint64 n_waits[2];   /* blocked, runnable spans of the trace */
  gint64 thresholds[2]; /* from which on they are among the longest */
  guint n_threads;
  guint32 *by_id; /* goroutine lanes by id and life */
  guint32 *group_lanes;
  guint8 *map; /* the file so far */
  gsize map_size;
  GanderBlocks blocks;
  GanderFactsRow facts;
} GanderIndexWriter;

/* The longest of many waits: the shortest of them first (a binary heap). */
typedef struct
{
  gint64 *values;
  gsize n;
  gsize capacity;
} GanderLongest;

/* Returns: zeroed memory for @n rows, or NULL with TOO_LARGE. */
gpointer gander_index_writer_allocate (gsize n, gsize size, GError **error);

/* The row of a goroutine, but for the numbers of its first rows elsewhere. */
void
gander_index_writer_get_goroutine (const GanderIndexWriter *self, guint32 row, GanderLaneRow *out);

/* Returns: TRUE with TOO_LARGE when something could not be kept. */
gboolean gander_index_writer_no_memory (const GanderIndexWriter *self, GError **error);

gboolean gander_index_writer_cancelled (GanderIndexWriter *self, guint32 row, GError **error);

/* Lets go of the pages of the mapped file that were read. */
void gander_index_writer_forget_pages (const GanderIndexWriter *self);

/* index-write-figures.c */
gboolean gander_index_write_groups (GanderIndexWriter *self, GError **error);

/* index-write-grids.c; finds the thresholds too. */
gboolean gander_index_write_grids (GanderIndexWriter *self, GError **error);

/* index-write-extremes.c */
gboolean gander_index_write_extremes (GanderIndexWriter *self, GError **error);

/* Room for as many of @n_waits as count as longest. */
gboolean gander_longest_init (GanderLongest *self, guint64 n_waits, GError **error);
void gander_longest_clear (GanderLongest *self);
void gander_longest_add (GanderLongest *self, gint64 value);
void gander_longest_merge (GanderLongest *self, const GanderLongest *other);
gint64 gander_longest_get_threshold (const GanderLongest *self);

/* index-write-tables.c */
gboolean gander_index_write_tables (GanderIndexWriter *self, GError **error);

G_END_DECLS
