/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files index-write*.c share. */

#include "reader/blocks.h"
#include "reader/index-write.h"
#include "reader/map-use.h"
#include "reader/packed.h"

G_BEGIN_DECLS

typedef struct
{
  GanderSpans *spans;
  GanderIndexFile *file;
  GanderTime duration;
  GanderProgress *progress; /* (nullable) */
  GCancellable *cancellable;
  guint64 n_done;    /* rows of all kinds; touched with atomics */
  guint64 n_planned; /* about as many there will be */
  guint32 n_goroutines;
  GanderLife *lives;      /* of the goroutines, by row */
  guint32 *first_wakeups; /* of each row, one more at the end */
  guint32 *proc_lanes;    /* lane of each processor by first appearance */
  guint32 *proc_order;    /* processors by id */
  guint32 *group_of;      /* group + 1 by string id of the name */
  GanderGroupRow *groups;
  guint32 n_groups;
  guint64 n_spans;    /* of goroutines */
  guint64 n_waits[2]; /* blocked, runnable spans of the trace */
  guint n_threads;
  guint32 *by_id; /* goroutine lanes by id and life */
  guint32 *group_lanes;
  guint8 *map; /* the file so far */
  gsize map_size;
  GanderBlocks blocks;
  gint broken; /* a block could not be read back */
  GanderFactsRow facts;
} GanderIndexWriter;

typedef struct
{
  gint64 *values;
  gsize n;
  gsize capacity;
} GanderLongest;

/* The extreme waits that one thread has met. */
typedef struct
{
  GanderLongest longest[2];
  guint8 buckets[2];  /* waits below are not among the longest */
  GanderWaits *waits; /* 2, of the lane at hand */
  GArray *lane;       /* its long waits */
  GanderRowFile found;
} GanderExtremes;

/* Rows in order. */
typedef struct
{
  GanderIndexWriter *writer; /* (unowned) */
  GanderRowFile *rows;       /* (unowned) in runs */
  const GanderRowOrder *order;
  guint64 n;
  GArray *heap;   /* what is left of each run */
  guint n_untold; /* rows */
} GanderRowSort;

/* Sections that are written beside the others; with threads at the same time. @part is of a file of
 * its own. */
typedef struct _GanderBeside GanderBeside;
typedef gboolean (*GanderBesideFunc) (GanderBeside *self, GError **error);
struct _GanderBeside
{
  GanderIndexFile part;
  GanderIndexWriter *writer; /* (unowned) */
  GanderBesideFunc func;
  GThread *thread; /* (nullable) */
  gboolean good;
  GError *error;
};

/* Returns: zeroed memory for @n rows, or NULL with TOO_LARGE. */
gpointer gander_index_writer_allocate (gsize n, gsize size, GError **error);

/* The row of a goroutine, but for the numbers of its first rows elsewhere. */
void
gander_index_writer_get_goroutine (const GanderIndexWriter *self, guint32 row, GanderLaneRow *out);

/* The row of a processor or thread, the same. */
void gander_index_writer_get_executor (const GanderIndexWriter *self,
                                       const GanderExecutor *executor,
                                       GanderLaneRow *out);

/* Maps the file so far, so that its blocks can be read, and as much as there is of the summaries.
 */
gboolean gander_index_writer_map_file (GanderIndexWriter *self, GError **error);

/* Returns: TRUE with TOO_LARGE when something could not be kept. */
gboolean gander_index_writer_no_memory (const GanderIndexWriter *self, GError **error);

/* index-write-lanes.c: first gathers what was put aside of the goroutines, then numbers the lanes.
 */
gboolean gander_index_writer_gather_lives (GanderIndexWriter *self, GError **error);
gboolean gander_index_writer_number_lanes (GanderIndexWriter *self, GError **error);
guint16 gander_index_writer_find_states (const gint64 *times);
gboolean gander_index_write_summaries (GanderIndexWriter *self, GError **error);
gboolean gander_index_write_lanes (GanderIndexWriter *self, GError **error);
gboolean gander_index_write_ids (GanderIndexWriter *self, GError **error);

/* index-write-threads.c: of which pieces the lanes of threads are put together, when the summaries
 * of processors and of the threads' own blocks are there. */
gboolean gander_index_write_pieces (GanderIndexWriter *self, GError **error);

/* index-write-work.c: guesses how many rows there are to go over. */
void gander_index_writer_plan (GanderIndexWriter *self);

/* @n rows more are done. Any thread may tell, at least once in a millisecond.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED when it should end. */
gboolean gander_index_writer_go_on (GanderIndexWriter *self, guint64 n, GError **error);

/* Appends @n rows of @size bytes to the present section of @file, or puts a whole one, in such
 * steps.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_index_writer_append (GanderIndexWriter *self,
                                     GanderIndexFile *file,
                                     gconstpointer rows,
                                     guint64 n,
                                     gsize size,
                                     GError **error);
gboolean gander_index_writer_put (GanderIndexWriter *self,
                                  GanderIndexFile *file,
                                  GanderSection section,
                                  gconstpointer rows,
                                  guint64 n,
                                  GError **error);

/* index-write-sort.c: makes ready to give the rows of @rows, which has an order, in that order;
 * equal ones stay as they are. _clear () clears @rows too. @self is zeroed.
 *
 * Returns: FALSE with G_FILE_ERROR. */
gboolean gander_row_sort_init (GanderRowSort *self,
                               GanderIndexWriter *writer,
                               GanderRowFile *rows,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gander_row_sort_clear (GanderRowSort *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderRowSort, gander_row_sort_clear)

/* Returns: (transfer none) the next row, of as many as there were; it lasts until the one after it
 * is asked for. NULL with G_IO_ERROR_CANCELLED. */
gconstpointer gander_row_sort_next (GanderRowSort *self, GError **error);

/* Block @ordinal of @lane is about to be read from the mapped file; @use is of that. */
void gander_index_writer_use_block (const GanderIndexWriter *self,
                                    GanderMapUse *use,
                                    const GanderLaneRow *lane,
                                    guint32 ordinal);

/* index-write-figures.c */
gboolean gander_index_write_groups (GanderIndexWriter *self, GError **error);

/* index-write-labels.c: first takes over the totals of each goroutine, where there are few, as long
 * as they are there; then writes all when the groups are numbered. */
void gander_index_writer_take_lanes (GanderIndexWriter *self);
void gander_index_write_label_totals (GanderIndexWriter *self);

/* index-write-grids.c; the extremes too, as that is the same walk. */
gboolean gander_index_write_grids (GanderIndexWriter *self, GError **error);

/* index-write-extremes.c */
gboolean
gander_extremes_init (GanderExtremes *self, const GanderIndexWriter *writer, GError **error);
void gander_extremes_clear (GanderExtremes *self);
/* Returns: FALSE when the lane has none for sure; then nothing of it needs to be added. */
gboolean gander_extremes_begin_lane (GanderExtremes *self, const GanderLife *life);
void gander_extremes_add (GanderExtremes *self,
                          guint32 lane,
                          guint32 ordinal,
                          GanderState state,
                          gint64 length);
void gander_extremes_end_lane (GanderExtremes *self);
gboolean gander_extremes_merge (GanderExtremes *self, GanderExtremes *other, GError **error);
gboolean gander_extremes_write (GanderIndexWriter *self, GanderExtremes *extremes, GError **error);

/* index-write-beside.c: @func fills the part of @self, from here to _finish (), which copies that
 * to the index; each of them says whether it went well so far. @self is
 * zeroed; nothing else touches what @func does meanwhile. */
gboolean gander_beside_start (GanderBeside *self,
                              GanderIndexWriter *writer,
                              const char *name,
                              GanderBesideFunc func,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gander_beside_finish (GanderBeside *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gander_beside_clear (GanderBeside *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderBeside, gander_beside_clear)

/* index-write-wakeups.c: starts the sorting of wake-ups by waker; first_wakeups is there when that
 * has been finished. */
gboolean gander_index_write_wakeups (GanderIndexWriter *self,
                                     GanderBeside *beside,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* index-write-tables.c: starts the tables that were put aside and are large; writes the small ones.
 */
gboolean gander_index_write_large_tables (GanderIndexWriter *self,
                                          GanderBeside *beside,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gander_index_write_small_tables (GanderIndexWriter *self, GError **error);

G_END_DECLS
