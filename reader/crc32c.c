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

/* The instruction takes three times as long to answer as to begin: three parts of a page at once.
 */
#  define PART 1360 /* bytes; thrice that is just less than a page */

/* What a checksum becomes when a part of zeros follows it, for each of its four bytes: checksums
 * are linear. */
static guint32 after_part[4][256];

__attribute__ ((target ("sse4.2"))) static guint32
crc_words (guint32 crc, const guint8 *data, gsize n)
{
  guint64 wide = crc;

  for (gsize i = 0; i < n; i++)
    {
      guint64 word;
      memcpy (&word, data + 8 * i, 8);
      wide = __builtin_ia32_crc32di (wide, word);
    }
  return (guint32)wide;
}

static void
fill_after_part (void)
{
  static const guint8 zeros[PART];
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  for (guint byte = 0; byte < 4; byte++)
    for (guint32 value = 0; value < 256; value++)
      after_part[byte][value] = crc_words (value << (8 * byte), zeros, PART / 8);
  g_once_init_leave (&once, 1);
}

static guint32
pass_part (guint32 crc)
{
  return after_part[0][crc & 0xff] ^ after_part[1][crc >> 8 & 0xff] ^
         after_part[2][crc >> 16 & 0xff] ^ after_part[3][crc >> 24];
}

__attribute__ ((target ("sse4.2"))) static guint32
crc_of_parts (guint32 crc, const guint8 *data)
{
  guint64 first = crc;
  guint64 second = 0;
  guint64 third = 0;

  for (const guint8 *at = data; at < data + PART; at += 8)
    {
      guint64 words[3];
      memcpy (&words[0], at, 8);
      memcpy (&words[1], at + PART, 8);
      memcpy (&words[2], at + 2 * PART, 8);
      first = __builtin_ia32_crc32di (first, words[0]);
      second = __builtin_ia32_crc32di (second, words[1]);
      third = __builtin_ia32_crc32di (third, words[2]);
    }
  return pass_part (pass_part ((guint32)first) ^ (guint32)second) ^ (guint32)third;
}

__attribute__ ((target ("sse4.2"))) static guint32
crc_by_instruction (guint32 crc, const guint8 *data, gsize size)
{
  const gsize stride = 3 * PART;

  if (size >= stride)
    fill_after_part ();
  for (; size >= stride; size -= stride, data += stride)
    crc = crc_of_parts (crc, data);
  crc = crc_words (crc, data, size / 8);
  for (data += size & ~(gsize)7, size &= 7; size > 0; size--, data++)
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
