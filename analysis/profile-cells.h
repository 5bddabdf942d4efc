/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Sums of waits by what they are told apart by: a hash table made for one addition per wait.
 * Private to the profile files.
 */

#include "analysis/quantiles.h"
#include "reader/reader.h"

G_BEGIN_DECLS

/* All members are 32 bits wide: keys are hashed and compared as a whole. */
typedef struct
{
  GanderStackId stack;
  guint32 state; /* GanderState */
  guint32 cause; /* GanderCause */
  GanderStringId reason;
  GanderStringId function;
  GanderStringId task;
  GanderStringId region;
  GanderLaneId goroutine;
} GanderCellKey;

typedef struct
{
  GanderCellKey key;
  guint64 count;
  guint64 open;
  GanderTime total;
  GanderTime max;
  GanderDurations durations; /* only when they are kept */
} GanderCell;

typedef struct
{
  GArray *cells;  /* GanderCell, in the order of first use */
  guint32 *slots; /* cell + 1; 0 = free */
  guint32 mask;   /* slots - 1 */
  guint32 last;   /* the cell that was found last */
} GanderCells;

void gander_cells_init (GanderCells *self);
void gander_cells_clear (GanderCells *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCells, gander_cells_clear)

/* Adds the cells of @other, and takes their durations. */
void gander_cells_merge (GanderCells *self, GanderCells *other);

/* Adds @other to @self but for the key, and takes its durations. */
void gander_cell_add (GanderCell *self, GanderCell *other);

/* Returns: (transfer none) the cell of @key, new and zero if it was not there; good until the next
 * call. */
GanderCell *gander_cells_get (GanderCells *self, const GanderCellKey *key);

G_END_DECLS
