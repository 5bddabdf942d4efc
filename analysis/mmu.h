/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Mutator utilisation: the share of the processors that the program had to itself.
 *
 * At any instant it is 0 while the garbage collector stops the world, else 1 - B/n: n is
 * GOMAXPROCS, B the processors that run, or hold in a system call, a goroutine inside a mark assist
 * or under the label of a dedicated or fractional mark worker. The function starts at the first
 * GOMAXPROCS event. MMU (w) is the least mean over any window of length w.
 */

#include "analysis/gc.h"
#include "analysis/table.h"
#include "reader/reader.h"

G_BEGIN_DECLS

/* What counts as taken from the program. */
#define GANDER_MMU_FLAGS "stw,background,assist"

typedef struct _GanderMmu GanderMmu;

/* Returns: (transfer full) (nullable) the function within [begin, end); NULL with
 * G_IO_ERROR_CANCELLED. */
GanderMmu *gander_mmu_new (const GanderIndex *index,
                           GanderTime begin,
                           GanderTime end,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_mmu_free (GanderMmu *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderMmu, gander_mmu_free)

/* Returns: whether the trace tells GOMAXPROCS at all; without, every figure is not a number. */
gboolean gander_mmu_is_known (const GanderMmu *self);

/* Where the function starts and ends. */
GanderTime gander_mmu_get_begin (const GanderMmu *self);
GanderTime gander_mmu_get_end (const GanderMmu *self);

/* Returns: the steps of the function, its end included. */
guint gander_mmu_get_n_points (const GanderMmu *self);

/* Returns: the mean over the whole function. */
double gander_mmu_get_mean (const GanderMmu *self);

/* Returns: the mean over [begin, end), cut at the borders of the function. */
double gander_mmu_get_mean_of (const GanderMmu *self, GanderTime begin, GanderTime end);

/* A stretch and the mean over it. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  double utilisation;
} GanderMmuWindow;

/* Returns: MMU (@window): 0 for a window of nothing, the mean for one longer than the function.
 * @worst (nullable) is the first of the windows that reach it. Linear in the steps. */
double gander_mmu_get (const GanderMmu *self, GanderTime window, GanderMmuWindow *worst);

#define GANDER_MMU_MAX_WORST 100

/* Finds the windows of this length that have the least, no two overlapping, worst first.
 *
 * Returns: how many of @n were found. */
guint
gander_mmu_get_worst (const GanderMmu *self, GanderTime window, GanderMmuWindow *out, guint n);

/* The curve: lengths 1, 2, 5, 10 … µs as far as they fit, then the whole.
 *
 * Returns: (transfer full) a row per window: its length, the least utilisation, where that is, and
 * what happened there. */
GanderTable *gander_mmu_get_curve (const GanderMmu *self,
                                   const GanderGc *gc) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the @n worst windows of 1 ms, 10 ms and 100 ms each, same columns. */
GanderTable *gander_mmu_get_worst_table (const GanderMmu *self,
                                         const GanderGc *gc,
                                         guint n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
