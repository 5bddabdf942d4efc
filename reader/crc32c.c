/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/crc32c.h"

#include <string.h>

#define POLYNOMIAL 0x82f63b78u

static guint32 table[256];

static void
fill_table (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  for (guint32 i = 0; i < 256; i++)
    {
      guint32 crc = i;
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
      table[i] = crc;
    }
  g_once_init_leave (&once, 1);
}

static guint32
crc_by_table (guint32 crc, const guint8 *data, gsize size)
{
  fill_table ();
  for (gsize i = 0; i < size; i++)
    crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xff];
  return crc;
}

#ifdef __x86_64__
__attribute__ ((target ("sse4.2"))) static guint32
crc_by_instruction (guint32 crc, const guint8 *data, gsize size)
{
  guint64 wide = crc;

  for (; size >= 8; size -= 8, data += 8)
    {
      guint64 word;
      memcpy (&word, data, 8);
      wide = __builtin_ia32_crc32di (wide, word);
    }
  crc = (guint32)wide;
  for (; size > 0; size--, data++)
    crc = __builtin_ia32_crc32qi (crc, *data);
  return crc;
}
#endif

guint32
gander_crc32c (guint32 crc, gconstpointer data, gsize size)
{
#ifdef __x86_64__
  if (__builtin_cpu_supports ("sse4.2"))
    return ~crc_by_instruction (~crc, data, size);
#endif
  return ~crc_by_table (~crc, data, size);
}
