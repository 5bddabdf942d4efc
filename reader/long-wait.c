/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/long-wait.h"

/* Hoare's selection; the pivot is the median of three, so that sorted lengths are no bad case. */
static gint64
select_nth (gint64 *values, gsize n, gsize wanted)
{
  gsize low = 0;
  gsize high = n - 1;

  while (low < high)
    {
      gint64 a = values[low];
      gint64 b = values[low + (high - low) / 2];
      gint64 c = values[high];
      gint64 pivot = MAX (MIN (a, b), MIN (MAX (a, b), c));
      gsize i = low;
      gsize j = high;

      while (TRUE)
        {
          gint64 kept = 0;
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          kept = values[i];
          values[i++] = values[j];
          values[j--] = kept;
        }
      if (wanted <= j)
        high = j;
      else
        low = j + 1;
    }
  return values[wanted];
}

gint64
gander_long_wait_median (gint64 *lengths, gsize n)
{
  return n == 0 ? 0 : select_nth (lengths, n, (n + 1) / 2 - 1);
}
