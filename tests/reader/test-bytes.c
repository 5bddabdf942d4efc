/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/bytes.h"
#include "reader/idmap.h"
#include "reader/reader-error.h"

typedef struct
{
  const char *name;
  guint8 input[12];
  gsize size;
  int error; /* a GanderReaderError, or -1 for success */
  guint64 value;
  gsize used;
} UvarintCase;

/* clang-format off */
static const UvarintCase uvarint_cases[] = {
  { "zero",          { 0x00 },             1, -1, 0,   1 },
  { "one-byte-max",  { 0x7f },             1, -1, 127, 1 },
  { "two-bytes",     { 0x80, 0x01 },       2, -1, 128, 2 },
  { "three-bytes",   { 0x80, 0x80, 0x01 }, 3, -1, 16384, 3 },
  { "stops-at-end",  { 0x05, 0xff },       2, -1, 5,   1 },
  { "padded",        { 0xae, 0xff, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 },
                                          10, -1, 65454, 10 },
  { "max",           { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 },
                                          10, -1, G_MAXUINT64, 10 },
  { "empty",         { 0x00 },             0, GANDER_READER_ERROR_TRUNCATED, 0, 0 },
  { "cut",           { 0x80, 0x80 },       2, GANDER_READER_ERROR_TRUNCATED, 0, 0 },
  { "too-big",       { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02 },
                                          10, GANDER_READER_ERROR_CORRUPT,   0, 0 },
  { "too-long",      { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 },
                                          11, GANDER_READER_ERROR_CORRUPT,   0, 0 },
};
/* clang-format on */

static void
test_uvarint (gconstpointer data)
{
  const UvarintCase *c = data;
  g_autofree guint8 *input = g_memdup2 (c->input, c->size);
  g_autoptr (GError) error = NULL;
  GanderBytes bytes;
  guint64 value = 0;
  gboolean ok;

  gander_bytes_init (&bytes, input, c->size, 1000);
  ok = gander_bytes_uvarint (&bytes, &value, &error);

  if (c->error >= 0)
    {
      g_assert_false (ok);
      g_assert_error (error, GANDER_READER_ERROR, c->error);
      g_assert_cmpint (gander_reader_error_get_offset (error), ==, 1000);
      g_assert_true (g_str_has_prefix (error->message, "byte 1000: "));
    }
  else
    {
      g_assert_no_error (error);
      g_assert_true (ok);
    }

  g_assert_cmpuint (value, ==, c->value);
  g_assert_cmpuint (bytes.pos, ==, c->used);
}

/* What is written is what is read, and every shorter prefix is refused. */
static void
test_uvarint_round_trip (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      guint64 wanted = ((guint64)g_test_rand_int () << 32 | (guint32)g_test_rand_int ()) >>
                       g_test_rand_int_range (0, 64);
      guint8 buffer[10];
      gsize n = 0;
      guint64 rest = wanted;
      guint64 value = 0;
      GanderBytes bytes;

      do
        {
          buffer[n] = rest & 0x7f;
          rest >>= 7;
          if (rest != 0)
            buffer[n] |= 0x80;
          n++;
        }
      while (rest != 0);

      gander_bytes_init (&bytes, buffer, n, 0);
      g_assert_true (gander_bytes_uvarint (&bytes, &value, NULL));
      g_assert_cmpuint (value, ==, wanted);

      gander_bytes_init (&bytes, buffer, n - 1, 0);
      g_assert_false (gander_bytes_uvarint (&bytes, &value, NULL));
    }
}

/* The quick way reads what the careful one does, up to eight bytes; the rest it leaves alone. */
static void
test_uvarint_take (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      guint size = (guint)g_test_rand_int_range (1, GANDER_UVARINT_MAX + 1);
      guint8 input[GANDER_UVARINT_MAX];
      GanderBytes bytes;
      guint64 value = 0, expected = 0;
      const guint8 *end = NULL;

      for (guint i = 0; i < sizeof input; i++)
        input[i] = (guint8)(g_test_rand_int () | 0x80);
      input[size - 1] &= size == GANDER_UVARINT_MAX ? 0x01 : 0x7f;
      gander_bytes_init (&bytes, input, sizeof input, 0);
      g_assert_true (gander_bytes_uvarint (&bytes, &expected, NULL));
      g_assert_cmpuint (bytes.pos, ==, size);

      end = gander_uvarint_take (input, &value);
      g_assert_true (end == (size <= 8 ? input + size : NULL));
      if (end != NULL)
        g_assert_cmpuint (value, ==, expected);
    }
}

static void
test_take (void)
{
  const guint8 data[] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  GanderBytes bytes;
  guint8 byte = 0;

  gander_bytes_init (&bytes, data, sizeof data, 50);
  g_assert_true (gander_bytes_byte (&bytes, &byte, NULL));
  g_assert_cmpuint (byte, ==, 1);
  g_assert_true (gander_bytes_take (&bytes, 2, NULL) == data + 1);
  g_assert_cmpuint (gander_bytes_left (&bytes), ==, 0);
  g_assert_null (gander_bytes_take (&bytes, G_MAXSIZE, &error));
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_TRUNCATED);

  copy = g_error_copy (error);
  g_assert_cmpint (gander_reader_error_get_offset (copy), ==, 53);
}

static void
test_no_offset (void)
{
  g_autoptr (GError) error = g_error_new (g_quark_from_static_string ("other"), 1, "other");

  g_assert_cmpint (gander_reader_error_get_offset (error), ==, -1);
  g_assert_cmpint (gander_reader_error_get_offset (NULL), ==, -1);
}

/* The id table against GLib's, with ids that come and go. */
static void
test_id_map (void)
{
  g_autoptr (GHashTable) model = g_hash_table_new (g_direct_hash, g_direct_equal);
  GanderIdMap map;

  gander_id_map_init (&map);
  g_assert_cmpuint (gander_id_map_get (&map, 1), ==, GANDER_ID_NONE);
  gander_id_map_remove (&map, 1);

  for (guint i = 0; i < 200000; i++)
    {
      guint64 key = (guint64)g_test_rand_int_range (0, 2000) << (g_test_rand_bit () ? 0 : 40);
      gpointer name = GSIZE_TO_POINTER (key + 1);

      if (g_test_rand_int_range (0, 3) == 0)
        {
          gander_id_map_remove (&map, key);
          g_hash_table_remove (model, name);
        }
      else
        {
          gander_id_map_set (&map, key, i);
          g_hash_table_insert (model, name, GUINT_TO_POINTER (i));
        }
      g_assert_cmpuint (map.n, ==, g_hash_table_size (model));

      key = (guint64)g_test_rand_int_range (0, 2000);
      name = g_hash_table_lookup (model, GSIZE_TO_POINTER (key + 1));
      if (g_hash_table_contains (model, GSIZE_TO_POINTER (key + 1)))
        g_assert_cmpuint (gander_id_map_get (&map, key), ==, GPOINTER_TO_UINT (name));
      else
        g_assert_cmpuint (gander_id_map_get (&map, key), ==, GANDER_ID_NONE);
    }

  gander_id_map_empty (&map);
  g_assert_cmpuint (map.n, ==, 0);
  g_assert_cmpuint (gander_id_map_get (&map, 5), ==, GANDER_ID_NONE);
  gander_id_map_set (&map, G_MAXUINT64, 7);
  g_assert_cmpuint (gander_id_map_get (&map, G_MAXUINT64), ==, 7);
  gander_id_map_clear (&map);
}

/* Ids follow each other, at steps of one, a page, a word, a part of an address: they do not crowd,
 * whatever the seed. */
static void
test_id_map_spread (void)
{
  static const guint64 steps[] = { 1,  2,   3,    7,     16,
                                   64, 100, 4096, 65537, G_GUINT64_CONSTANT (1) << 40 };
  const guint64 n = 5000;

  for (guint round = 0; round < 50 * G_N_ELEMENTS (steps); round++)
    {
      guint64 step = steps[round % G_N_ELEMENTS (steps)];
      guint64 begin = (guint64)g_test_rand_int ();
      guint64 looks = 0;
      GanderIdMap map;

      gander_id_map_init (&map);
      for (guint64 i = 0; i < n; i++)
        gander_id_map_set (&map, begin + i * step, (guint32)i);
      for (guint64 i = 0; i < n; i++)
        {
          guint32 home = gander_id_map_get_home (&map, begin + i * step);
          guint32 at = home;
          while (map.slots[at].key != begin + i * step)
            at = (at + 1) & map.mask;
          looks += (at - home) & map.mask;
        }
      g_assert_cmpuint (looks, <, 2 * n);
      gander_id_map_clear (&map);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (uvarint_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/reader/bytes/uvarint/", uvarint_cases[i].name, NULL);

      g_test_add_data_func (path, &uvarint_cases[i], test_uvarint);
    }
  g_test_add_func ("/reader/bytes/uvarint-round-trip", test_uvarint_round_trip);
  g_test_add_func ("/reader/bytes/uvarint-take", test_uvarint_take);
  g_test_add_func ("/reader/bytes/take", test_take);
  g_test_add_func ("/reader/bytes/no-offset", test_no_offset);
  g_test_add_func ("/reader/bytes/id-map", test_id_map);
  g_test_add_func ("/reader/bytes/id-map-spread", test_id_map_spread);

  return g_test_run ();
}
