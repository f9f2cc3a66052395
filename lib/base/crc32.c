#include "base/crc32.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#define POLYNOMIAL 0xEDB88320u /* bits reversed */

/* tables[k] advances a byte over k more bytes: four steps of one byte cost
 * four times as much as one step of four. */
static uint32_t tables[4][256];
static bool filled;

static void
fill_tables(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = (crc & 1) != 0 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
		tables[0][i] = crc;
	}
	for (int k = 1; k < 4; k++) {
		for (uint32_t i = 0; i < 256; i++)
			tables[k][i] = tables[k - 1][i] >> 8 ^
				       tables[0][tables[k - 1][i] & 0xFF];
	}
	filled = true;
}

uint32_t
crc32_add(uint32_t crc, const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t word;

	if (!filled)
		fill_tables();
	crc = ~crc;
	for (; n >= 4; n -= 4, s += 4) {
		memcpy(&word, s, sizeof(word));
		crc ^= le32toh(word);
		crc = tables[3][crc & 0xFF] ^ tables[2][crc >> 8 & 0xFF] ^
		      tables[1][crc >> 16 & 0xFF] ^ tables[0][crc >> 24];
	}
	for (; n > 0; n--, s++)
		crc = crc >> 8 ^ tables[0][(crc ^ *s) & 0xFF];
	return ~crc;
}
