/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/packed.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Packed tables give back the rows that were put in, whatever the numbers; and when their bytes are
 * changed they read nothing outside of these and, where there are checksums, say that they are
 * broken.
 */

#define N_FLIPS 4000

/* A section in memory that ends where nothing can be read. */
typedef struct
{
  GanderIndexFile file;
  int fd;
  guint8 *map;
  gsize map_size;
  guint8 *bytes;
  guint8 *checked;
  gint broken;
  GanderPageSums pages;
  GanderPacked table;
} Table;

static gsize
round_up (gsize size)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE);

  return (size + page - 1) / page * page;
}

static void
table_init (Table *self, GanderSection section, gconstpointer rows, guint64 n)
{
  const GanderPackedShape *shape = gander_section_get_shape (section);
  g_auto (GanderPacker) packer = { 0 };
  g_autoptr (GError) error = NULL;
  const GanderSectionEntry *entry = NULL;

  memset (self, 0, sizeof *self);
  self->fd = memfd_create ("packed", 0);
  gander_index_file_init_part (&self->file, self->fd);
  gander_packer_init (&packer, &self->file, section, NULL);
  for (guint64 i = 0; i < n; i++)
    gander_packer_add (&packer, (const guint8 *)rows + i * shape->row_size);
  g_assert_true (gander_packer_finish (&packer, &error));
  gander_index_file_flush (&self->file);
  g_assert_no_error (self->file.error);

  entry = &self->file.entries[section];
  self->map_size = round_up (entry->size);
  self->map = mmap (NULL,
                    self->map_size + round_up (1),
                    PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS,
                    -1,
                    0);
  g_assert_true (self->map != MAP_FAILED);
  g_assert_cmpint (mprotect (self->map + self->map_size, round_up (1), PROT_NONE), ==, 0);
  self->bytes = self->map + self->map_size - entry->size;
  g_assert_cmpint (pread (self->fd, self->bytes, entry->size, (off_t)entry->offset),
                   ==,
                   (gssize)entry->size);
  self->checked = g_malloc0 (self->file.page_sums->len);
  self->pages = (GanderPageSums){ .bytes = self->bytes,
                                  .size = entry->size,
                                  .sums = (gpointer)self->file.page_sums->data,
                                  .checked = self->checked,
                                  .broken = &self->broken };
  g_assert_true (gander_packed_init (&self->table, shape, &self->pages));
  g_assert_cmpuint (self->table.n, ==, n);
}

static void
table_clear (Table *self)
{
  munmap (self->map, self->map_size + round_up (1));
  g_free (self->checked);
  gander_index_file_clear (&self->file);
  close (self->fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static guint64
get_member (const GanderPackedColumn *column, const guint8 *row)
{
  guint64 number = 0;
  guint32 narrow = 0;

  if (column->size == sizeof number)
    {
      memcpy (&number, row + column->offset, sizeof number);
      return number;
    }
  memcpy (&narrow, row + column->offset, sizeof narrow);
  return narrow;
}

static void
set_member (const GanderPackedColumn *column, guint8 *row, guint64 number)
{
  guint32 narrow = (guint32)number;

  if (column->size == sizeof number)
    memcpy (row + column->offset, &number, sizeof number);
  else
    memcpy (row + column->offset, &narrow, sizeof narrow);
}

static guint64
make_number (GRand *random, guint width)
{
  static const guint64 extremes[] = {
    0,           1,          G_MAXUINT64,         G_MAXINT64, (guint64)G_MININT64,
    G_MAXUINT32, G_MAXINT32, (guint64)G_MININT32,
  };
  guint64 number = (guint64)g_rand_int (random) << 32 | g_rand_int (random);

  if (width > 64)
    return extremes[number % G_N_ELEMENTS (extremes)];
  return width == 0 ? 0 : number >> (64 - width);
}

/* Returns: @n rows whose members are as wide as @width says; 65 is extremes, 66 a width of its own
 * for each group and member. */
static guint8 *
make_rows (const GanderPackedShape *shape, guint64 n, guint width, GRand *random)
{
  guint8 *rows = g_malloc0 (MAX (n, 1) * shape->row_size);

  for (guint i = 0; i < shape->n_columns; i++)
    {
      guint own = width;
      for (guint64 row = 0; row < n; row++)
        {
          if (width > 65 && row % GANDER_PACKED_ROWS == 0)
            own = (guint)g_rand_int_range (random, 0, 66);
          set_member (&shape->columns[i], rows + row * shape->row_size, make_number (random, own));
        }
    }
  return rows;
}

static void
assert_equal (gconstpointer got, gconstpointer expected, gsize size)
{
  g_assert_cmpmem (got, (int)size, expected, (int)size);
}

static void
compare (const Table *self, const guint8 *rows, guint64 n)
{
  const GanderPackedShape *shape = self->table.shape;
  g_autofree guint8 *some = g_malloc (GANDER_PACKED_ROWS * shape->row_size);
  g_autofree guint8 *out = g_malloc (shape->row_size);

  for (guint64 row = 0; row < n; row++)
    {
      const guint8 *expected = rows + row * shape->row_size;
      guint got = 0;
      gander_packed_get (&self->table, row, out);
      assert_equal (out, expected, shape->row_size);
      if (row % 37 > 0)
        continue;
      got = gander_packed_get_some (&self->table, row, 1 + (guint)(row % 200), some);
      g_assert_cmpuint (got, >=, 1);
      g_assert_cmpuint (row + got, <=, n);
      assert_equal (some, expected, got * shape->row_size);
      for (guint i = 0; i < shape->n_columns; i++)
        {
          guint64 number = (guint64)gander_packed_get_number (&self->table, row, i);
          if (shape->columns[i].size == sizeof (guint32))
            number = (guint32)number;
          g_assert_cmphex (number, ==, get_member (&shape->columns[i], expected));
        }
    }
  g_assert_cmpint (self->broken, ==, 0);
}

static void
test_rows (void)
{
  static const guint64 counts[] = { 0, 1, 2, 127, 128, 129, 1000 };
  GRand *random = g_rand_new_with_seed (3);

  for (GanderSection section = 0; section < GANDER_N_SECTIONS; section++)
    {
      const GanderPackedShape *shape = gander_section_get_shape (section);
      if (shape == NULL)
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
        for (guint width = 0; width <= 66; width++)
          {
            g_autofree guint8 *rows = make_rows (shape, counts[i], width, random);
            g_auto (Table) table;
            table_init (&table, section, rows, counts[i]);
            compare (&table, rows, counts[i]);
          }
    }
  g_rand_free (random);
}

/* Many groups, and no member wider than it needs to be. */
static void
test_many (void)
{
  const guint64 n = 8000 * GANDER_PACKED_ROWS;
  g_autofree GanderFirstSeenRow *rows = g_new0 (GanderFirstSeenRow, n);
  g_auto (Table) table;

  for (guint64 i = 0; i < n; i++)
    rows[i] = (GanderFirstSeenRow){ .lane = (guint32)i, .time = (gint64)(i * 1000) };
  table_init (&table, GANDER_SECTION_FIRST_SEEN, rows, n);
  for (guint64 i = 0; i < n; i += 97)
    {
      GanderFirstSeenRow row;
      gander_packed_get (&table.table, i, &row);
      assert_equal (&row, &rows[i], sizeof row);
    }
  /* 7 bits and 17 (up to 127,000), a base of each, 8 bytes in the directory. */
  g_assert_cmpuint (table.pages.size,
                    ==,
                    n / GANDER_PACKED_ROWS * (GANDER_PACKED_ROWS * (7 + 17) / 8 + 2 * 9 + 8) + 16);
}

static void
test_find (void)
{
  const GanderPackedShape *shape = gander_section_get_shape (GANDER_SECTION_TASKS);
  guint64 n = 1000;
  g_autofree GanderTask *tasks = g_new0 (GanderTask, n);
  g_auto (Table) table;

  /* Twos of one id, with holes; the last half above what fits with a sign. */
  for (guint64 i = 0; i < n; i++)
    tasks[i].id = i / 2 * 3 + (i < n / 2 ? 0 : (guint64)G_MAXINT64);
  table_init (&table, GANDER_SECTION_TASKS, tasks, n);
  g_assert_cmpuint (shape->row_size, ==, sizeof *tasks);
  for (guint64 i = 0; i < n; i++)
    for (guint64 off = 0; off < 2; off++)
      {
        guint64 expected = 0;
        while (expected < n && tasks[expected].id < tasks[i].id + off)
          expected++;
        g_assert_cmpuint (gander_packed_find (&table.table,
                                              0,
                                              n,
                                              GANDER_TASK_COLUMN_ID,
                                              tasks[i].id + off),
                          ==,
                          expected);
      }
  g_assert_cmpuint (gander_packed_find (&table.table, 7, 7, GANDER_TASK_COLUMN_ID, 0), ==, 7);
  g_assert_cmpuint (gander_packed_find (&table.table, 7, 9, GANDER_TASK_COLUMN_ID, G_MAXUINT64),
                    ==,
                    9);
}

/* Everything is asked for. */
static void
read_all (const GanderPacked *self)
{
  g_autofree guint8 *some = g_malloc (GANDER_PACKED_ROWS * self->shape->row_size);

  for (guint64 row = 0; row < self->n; row++)
    gander_packed_get (self, row, some);
  for (guint64 row = 0; row < self->n;)
    row += gander_packed_get_some (self, row, GANDER_PACKED_ROWS, some);
  for (guint i = 0; i < self->shape->n_columns; i++)
    (void)gander_packed_find (self, 0, self->n, i, self->n);
}

/* A changed byte that its checksum tells of. */
static void
test_changed (void)
{
  const GanderPackedShape *shape = gander_section_get_shape (GANDER_SECTION_REGIONS);
  GRand *random = g_rand_new_with_seed (4);
  g_autofree guint8 *rows = make_rows (shape, 1000, 66, random);
  g_auto (Table) table;

  table_init (&table, GANDER_SECTION_REGIONS, rows, 1000);
  for (guint i = 0; i < N_FLIPS / 10; i++)
    {
      guint8 *byte = table.bytes + g_rand_int_range (random, 0, (gint32)table.pages.size);
      guint8 mask = (guint8)(1u << g_rand_int_range (random, 0, 8));
      GanderPacked changed;
      *byte ^= mask;
      memset (table.checked, 0, table.file.page_sums->len);
      table.broken = 0;
      if (gander_packed_init (&changed, shape, &table.pages))
        {
          read_all (&changed);
          g_assert_cmpint (table.broken, ==, 1);
        }
      *byte ^= mask;
    }
  g_rand_free (random);
}

/* Changed bytes whose checksums are right: what is out of bounds is not read. */
static void
test_forged (void)
{
  static const guint8 values[] = { 0x00, 0x01, 0x3a, 0x40, 0x7f, 0x80, 0xff };
  const GanderPackedShape *shape = gander_section_get_shape (GANDER_SECTION_RANGES);
  GRand *random = g_rand_new_with_seed (5);
  g_autofree guint8 *rows = make_rows (shape, 300, 66, random);
  g_auto (Table) table;
  guint n_broken = 0;

  table_init (&table, GANDER_SECTION_RANGES, rows, 300);
  table.pages.checked = NULL;
  for (guint i = 0; i < N_FLIPS; i++)
    {
      gsize n = (gsize)g_rand_int_range (random, 1, 9);
      guint8 *at = table.bytes + g_rand_int_range (random, 0, (gint32)(table.pages.size - n));
      guint8 before[8];
      GanderPacked forged;
      /* Half of them where offsets and the number of rows are. */
      if (i % 2 == 0)
        at = table.bytes + table.pages.size - (gsize)g_rand_int_range (random, (gint32)n, 33);
      memcpy (before, at, n);
      memset (at, values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))], n);
      table.broken = 0;
      if (gander_packed_init (&forged, shape, &table.pages))
        read_all (&forged);
      n_broken += table.broken != 0;
      memcpy (at, before, n);
    }
  g_assert_cmpuint (n_broken, >, N_FLIPS / 10);
  g_rand_free (random);
}

/* A section that is too short for what it says. */
static void
test_short (void)
{
  const GanderPackedShape *shape = gander_section_get_shape (GANDER_SECTION_LOGS);
  g_autofree guint8 *rows = g_malloc0 (1000 * shape->row_size);
  g_auto (Table) table;

  table_init (&table, GANDER_SECTION_LOGS, rows, 1000);
  table.pages.checked = NULL;
  for (guint64 size = table.pages.size; size > 0; size--)
    {
      GanderPageSums pages = table.pages;
      GanderPacked cut;
      pages.bytes += table.pages.size - size;
      pages.size = size;
      if (gander_packed_init (&cut, shape, &pages))
        read_all (&cut);
      else
        g_assert_cmpuint (size, <, 16 + 8 * 8);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/packed/rows", test_rows);
  g_test_add_func ("/reader/packed/many", test_many);
  g_test_add_func ("/reader/packed/find", test_find);
  g_test_add_func ("/reader/packed/changed", test_changed);
  g_test_add_func ("/reader/packed/forged", test_forged);
  g_test_add_func ("/reader/packed/short", test_short);
  return g_test_run ();
}
