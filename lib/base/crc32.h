/*
 * CRC-32 as in Ethernet, gzip and PNG (ITU-T V.42, 8.1.1.6.2): finds damage,
 * not forgery.
 */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of the bytes behind those of crc, which is 0 for the first. */
uint32_t crc32_add(uint32_t crc, const void *p, size_t n);

#endif
