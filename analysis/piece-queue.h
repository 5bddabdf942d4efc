/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shares the pieces of a scope among threads, each of which adds up what it walks. Who gets which
 * piece is chance: only sums that do not depend on their order are made this way.
 */

#include "analysis/scope.h"

G_BEGIN_DECLS

/* Pieces handed out at a time. */
#define GANDER_PIECE_BATCH 256

typedef struct _GanderPieceQueue GanderPieceQueue;

/* Walks the pieces that it takes from @queue and adds them to @worker. */
typedef void (*GanderPieceFunc) (GanderPieceQueue *queue, gpointer worker);

/* Returns: how many threads pay for a walk over @scope, from 1; a trace is large or it is not. */
guint gander_piece_queue_get_n_workers (const GanderIndex *index);

/* Runs @func for each of @workers (array length=n_workers) on a thread of its own, the first on the
 * caller's, and returns when all have ended.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_piece_queue_run (const GanderScope *scope,
                                 GanderPieceFunc func,
                                 gpointer *workers,
                                 guint n_workers,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For @func. The pieces of one goroutine come in the order of time to each worker.
 *
 * Returns: how many pieces are in @out, which has GANDER_PIECE_BATCH elements; 0 at the end, and
 * when the walk was cancelled. */
guint gander_piece_queue_take (GanderPieceQueue *self, GanderPiece *out);

/* For @func, while it walks a long piece. */
gboolean gander_piece_queue_is_cancelled (const GanderPieceQueue *self);

G_END_DECLS
