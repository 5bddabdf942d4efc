/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes: what was put aside of the goroutines is gathered by row, summarized, numbered, and kept
 * until the rows can be written at last.
 */
#include "reader/index-write-private.h"

#include "reader/reader-error.h"

/* Rows that are read until their pages are given back. */
#define ROWS_AT_ONCE 65536

/* Bytes of notes in memory: lanes that are there at the same time have theirs all over. */
#define NOTES_ROOM (96u << 20)

guint16
gander_index_writer_find_states (const gint64 *times)
{
  guint16 states = 0;

  for (guint state = 0; state < GANDER_N_STATES; state++)
    if (times[state] != 0)
      states |= (guint16)(1u << state);
  return states;
}

void
gander_index_writer_get_goroutine (const GanderIndexWriter *self, guint32 row, GanderLaneRow *out)
{
  const GanderLife *life = &self->lives[row];

  *out = (GanderLaneRow){ .id = life->id,
                          .begin = life->begin,
                          .end = life->end,
                          .block = life->block,
                          .life = life->life,
                          .creator = life->creator - 1,
                          .creation_stack = life->creation_stack,
                          .n_spans = life->n_spans,
                          .states = life->states,
                          .flags = life->flags };
  if (self->group_of != NULL && self->group_of[life->name] != 0)
    out->group = self->group_of[life->name] - 1;
}

gboolean
gander_index_writer_gather_lives (GanderIndexWriter *self, GError **error)
{
  GanderRowFile *aside = &self->spans->lives;
  const GanderLife *rows = gander_row_file_map (aside, error);

  if (rows != NULL)
    self->lives = gander_index_writer_allocate (self->n_goroutines, sizeof *self->lives, error);
  if (self->lives == NULL)
    return FALSE;
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      GanderLife *life = &self->lives[rows[i].row - 1];
      *life = rows[i];
      life->n_extremes = 0;
      if (i % ROWS_AT_ONCE == ROWS_AT_ONCE - 1)
        gander_row_file_forget_pages (aside);
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  gander_row_file_clear (aside);
  return TRUE;
}

/* The making of summaries. */
typedef struct
{
  GanderIndexWriter *writer;
  const guint64 *notes;
  GanderRowFile rows; /* gint64: of one lane, the last row first */
  GanderMapUse use;   /* of notes */
} Summaries;

/* Of the notes on the blocks of a lane the last one leads to the one before. */
static gboolean
collect_rows (Summaries *self,
              const GanderChunkPast *past,
              guint16 lane_states,
              GanderTime end,
              guint32 n_blocks,
              GError **error)
{
  gint64 row[2 + GANDER_N_STATES] = { end };
  guint64 note = past->last_note;
  guint n = 2;

  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((lane_states & (1u << state)) != 0)
      row[n++] = past->time[state];
  gander_row_file_add_n (&self->rows, row, n);
  for (guint32 block = 0; block < n_blocks; block++)
    {
      const guint64 *from = self->notes + note - 1;
      const guint64 *times = from + GANDER_NOTE_SIZE;
      guint64 states = 0;
      gander_map_use_touch (&self->use, from);
      states = from[GANDER_NOTE_STATES];
      row[0] = (gint64)from[GANDER_NOTE_BEGIN];
      row[1] = (gint64)from[GANDER_NOTE_OFFSET];
      n = 2;
      for (guint state = 0; state < GANDER_N_STATES; state++)
        if ((lane_states & (1u << state)) != 0)
          row[n++] = (states >> state & 1) != 0 ? (gint64)*times++ : 0;
      gander_row_file_add_n (&self->rows, row, n);
      note = from[GANDER_NOTE_BEFORE];
      if (!gander_index_writer_go_on (self->writer, 1, error))
        return FALSE;
    }
  return TRUE;
}

/* Writes the summary of a lane of @n_blocks; @place: where it is. */
static gboolean
summarize (Summaries *self,
           const GanderChunkPast *past,
           guint32 n_blocks,
           GanderTime end,
           guint64 *place,
           GError **error)
{
  GanderIndexFile *file = self->writer->file;
  GanderLaneRow lane = { .states = gander_index_writer_find_states (past->time) };
  guint stride = gander_lane_row_get_stride (&lane);
  const gint64 *rows = NULL;

  if (!collect_rows (self, past, lane.states, end, n_blocks, error))
    return FALSE;
  rows = gander_row_file_map (&self->rows, error);
  if (rows == NULL)
    return FALSE;
  *place = gander_index_file_get_size (file) / sizeof *rows;
  for (guint64 row = (guint64)n_blocks + 1; row-- > 0;)
    gander_index_file_append (file, rows + row * stride, stride * sizeof *rows);
  gander_row_file_empty (&self->rows);
  return TRUE;
}

static gboolean
summarize_goroutines (Summaries *self, GError **error)
{
  for (guint32 i = 0; i < self->writer->n_goroutines; i++)
    {
      GanderLife *life = &self->writer->lives[i];
      const GanderChunkPast *past = life->past;
      if (!gander_index_writer_go_on (self->writer, 1, error))
        return FALSE;
      if (life->n_spans <= GANDER_BLOCK_SPANS)
        continue;
      life->states = gander_index_writer_find_states (past->time);
      if (!summarize (self,
                      past,
                      (life->n_spans - 1) / GANDER_BLOCK_SPANS + 1,
                      life->end,
                      &life->block,
                      error))
        return FALSE;
    }
  return TRUE;
}

/* Of a thread only its own blocks. */
static gboolean
summarize_executors (Summaries *self, const GanderPages *table, GError **error)
{
  GanderTime end = self->writer->duration;

  for (guint32 i = 0; i < table->n; i++)
    {
      GanderExecutor *executor = gander_pages_get (table, i);
      GanderChunk *chunk = &executor->chunk;
      if (executor->last_stretch == 0 &&
          gander_executor_get_n_spans (executor) <= GANDER_BLOCK_SPANS)
        continue;
      executor->states = gander_index_writer_find_states (chunk->past->time);
      if (!summarize (self, chunk->past, chunk->n_blocks, end, &chunk->last_block, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
gander_index_write_summaries (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;
  GanderRowFile *notes = &spans->chunks.sealer.notes;
  Summaries summaries = { .writer = self, .notes = gander_row_file_map (notes, error) };
  gboolean good = FALSE;

  if (summaries.notes == NULL)
    return FALSE;
  gander_map_use_init (&summaries.use, notes->map, notes->spilled, NOTES_ROOM);
  gander_row_file_init (&summaries.rows, sizeof (gint64), spans->directory);
  gander_index_file_begin (self->file, GANDER_SECTION_SUMMARIES);
  good = summarize_goroutines (&summaries, error) &&
         summarize_executors (&summaries, &spans->procs, error) &&
         summarize_executors (&summaries, &spans->threads, error) &&
         gander_index_write_pieces (self, error);
  gander_index_file_end (self->file);
  gander_row_file_clear (&summaries.rows);
  gander_row_file_clear (notes);
  return good;
}

typedef struct
{
  gint64 id;
  guint32 row;
} IdRow;

static const GanderRowOrder id_order = { .offset = offsetof (IdRow, id),
                                         .size = sizeof (gint64),
                                         .has_sign = TRUE };

/* Returns: (transfer full) the rows of @ids by id, equal ones as they are. */
static guint32 *
sort_ids (GanderIndexWriter *self, GanderRowFile *ids, GError **error)
{
  guint64 n = gander_row_file_get_n (ids);
  g_auto (GanderRowSort) sorted = { 0 };
  g_autofree guint32 *rows = gander_index_writer_allocate (n, sizeof *rows, error);

  if (rows == NULL || !gander_row_sort_init (&sorted, self, ids, error))
    return NULL;
  for (guint64 i = 0; i < n; i++)
    {
      const IdRow *next = gander_row_sort_next (&sorted, error);
      if (next == NULL)
        return NULL;
      rows[i] = next->row;
    }
  return g_steal_pointer (&rows);
}

static guint32 *
sort_executors (GanderIndexWriter *self, const GanderPages *table, GError **error)
{
  g_auto (GanderRowFile) ids;

  gander_row_file_init (&ids, sizeof (IdRow), self->spans->directory);
  gander_row_file_set_order (&ids, &id_order);
  for (guint32 i = 0; i < table->n; i++)
    {
      const GanderExecutor *executor = gander_pages_get (table, i);
      gander_row_file_add (&ids, &(IdRow){ executor->id, i });
    }
  return sort_ids (self, &ids, error);
}

/* Goroutines by id, then life: their rows are in order of life. */
static guint32 *
sort_goroutines (GanderIndexWriter *self, GError **error)
{
  g_auto (GanderRowFile) ids;

  gander_row_file_init (&ids, sizeof (IdRow), self->spans->directory);
  gander_row_file_set_order (&ids, &id_order);
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      gander_row_file_add (&ids, &(IdRow){ self->lives[i].id, i });
      if (!gander_index_writer_go_on (self, 1, error))
        return NULL;
    }
  return sort_ids (self, &ids, error);
}

static guint64 *
list_pages (GanderIndexWriter *self, guint32 *n, GError **error)
{
  const GanderIdPages *ids = &self->spans->goroutine_ids;
  guint64 *pages = gander_index_writer_allocate (gander_id_pages_get_n (ids), sizeof *pages, error);

  if (pages != NULL)
    gander_id_pages_list (ids, pages);
  *n = gander_id_pages_get_n (ids);
  return pages;
}

/* The same when no id was given twice: the pages of ids have them in order. */
static guint32 *
list_goroutines (GanderIndexWriter *self, GError **error)
{
  const GanderIdPages *ids = &self->spans->goroutine_ids;
  guint32 n_pages = 0;
  g_autofree guint64 *pages = list_pages (self, &n_pages, error);
  g_autofree guint32 *by_id =
      pages == NULL ? NULL
                    : gander_index_writer_allocate (self->n_goroutines, sizeof *by_id, error);
  guint32 n = 0;

  if (by_id == NULL)
    return NULL;
  for (guint32 page = 0; page < n_pages; page++)
    {
      const guint32 *rows = gander_id_pages_get_page (ids, pages[page]);
      for (guint i = 0; i < GANDER_ID_PAGE; i++)
        if (rows[i] != 0)
          by_id[n++] = (rows[i] & ~GANDER_GO_ENDED) - 1;
      if (!gander_index_writer_go_on (self, GANDER_ID_PAGE, error))
        return NULL;
    }
  return g_steal_pointer (&by_id);
}

gboolean
gander_index_writer_number_lanes (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;

  if ((guint64)self->n_goroutines + spans->procs.n + spans->threads.n >= G_MAXINT32)
    {
      g_set_error_literal (error,
                           GANDER_READER_ERROR,
                           GANDER_READER_ERROR_TOO_LARGE,
                           "more goroutines than can be numbered");
      return FALSE;
    }
  self->proc_order = sort_executors (self, &spans->procs, error);
  if (self->proc_order == NULL)
    return FALSE;
  self->by_id =
      spans->life_of.n == 0 ? list_goroutines (self, error) : sort_goroutines (self, error);
  if (self->by_id == NULL)
    return FALSE;
  gander_id_pages_clear (&spans->goroutine_ids);
  self->proc_lanes = gander_index_writer_allocate (spans->procs.n, sizeof (guint32), error);
  if (self->proc_lanes == NULL)
    return FALSE;
  for (guint32 i = 0; i < spans->procs.n; i++)
    self->proc_lanes[self->proc_order[i]] = self->n_goroutines + i;
  return TRUE;
}

void
gander_index_writer_get_executor (const GanderIndexWriter *self,
                                  const GanderExecutor *executor,
                                  GanderLaneRow *out)
{
  *out = (GanderLaneRow){ .id = executor->id,
                          .begin = executor->begin,
                          .end = self->duration,
                          .block = executor->chunk.last_block,
                          .life = 1,
                          .creator = GANDER_LANE_NONE,
                          .n_spans = gander_executor_get_n_spans (executor),
                          .group = G_MAXUINT32,
                          .states = executor->states,
                          .kind = executor->chunk.lane_kind,
                          .flags = executor->flags };
}

static void
write_executor (GanderIndexWriter *self, const GanderExecutor *executor, const GanderLaneRow *next)
{
  GanderLaneRow row;

  gander_index_writer_get_executor (self, executor, &row);
  row.first_wakeup = next->first_wakeup;
  row.first_extreme = next->first_extreme;
  gander_index_file_append (self->file, &row, sizeof row);
}

gboolean
gander_index_write_lanes (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;
  GanderLaneRow next = { 0 };

  gander_index_file_begin (self->file, GANDER_SECTION_LANES);
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      GanderLaneRow row;
      gander_index_writer_get_goroutine (self, i, &row);
      if (self->groups[row.group].system)
        row.flags |= GANDER_LANE_SYSTEM;
      row.first_wakeup = self->first_wakeups[i];
      row.first_extreme = next.first_extreme;
      next.first_extreme += self->lives[i].n_extremes;
      gander_index_file_append (self->file, &row, sizeof row);
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  next.first_wakeup = self->first_wakeups[self->n_goroutines];
  for (guint32 i = 0; i < spans->procs.n; i++)
    write_executor (self, gander_pages_get (&spans->procs, self->proc_order[i]), &next);
  for (guint32 i = 0; i < spans->threads.n; i++)
    write_executor (self, gander_pages_get (&spans->threads, i), &next);
  gander_index_file_append (self->file, &next, sizeof next);
  gander_index_file_end (self->file);
  return TRUE;
}

gboolean
gander_index_write_ids (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;
  guint32 first_thread = self->n_goroutines + spans->procs.n;
  g_autofree guint32 *threads = sort_executors (self, &spans->threads, error);

  if (threads == NULL)
    return FALSE;
  gander_index_file_begin (self->file, GANDER_SECTION_LANES_BY_ID);
  if (!gander_index_writer_append (self,
                                   self->file,
                                   self->by_id,
                                   self->n_goroutines,
                                   sizeof (guint32),
                                   error))
    return FALSE;
  for (guint32 i = 0; i < spans->procs.n; i++)
    gander_index_file_append (self->file, &(guint32){ self->n_goroutines + i }, sizeof (guint32));
  for (guint32 i = 0; i < spans->threads.n; i++)
    gander_index_file_append (self->file,
                              &(guint32){ first_thread + threads[i] },
                              sizeof (guint32));
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_PROCS, self->proc_lanes, spans->procs.n);
  return TRUE;
}
