#include "base/map.h"

#include "base/str.h"
#include "unit.h"

#define MANY 20000

static struct str
put_name(char out[32], int i)
{
	snprintf(out, 32, "key-%d", i);
	return str_of(out);
}

int
main(void)
{
	struct map *m = map_new(sizeof(int));
	struct str key;
	char text[32];
	int good = 0, order = 0;
	int *first;

	ok(map_count(m) == 0 && map_get(m, STR("a")) == NULL, "empty");
	first = map_put(m, put_name(text, 0));
	ok(*first == 0, "a new value is zeroed");
	for (int i = 0; i < MANY; i++)
		*(int *)map_put(m, put_name(text, i)) += i + 1;
	ok(map_count(m) == MANY && first == map_get(m, STR("key-0")),
	    "values stay where they are");
	for (int i = 0; i < MANY; i++) {
		int *value = map_get(m, put_name(text, i));

		good += value != NULL && *value == i + 1;
		value = map_item(m, (size_t)i, &key);
		order += str_eq(key, put_name(text, i)) && *value == i + 1;
	}
	ok(good == MANY, "every key is found");
	ok(order == MANY, "in the order of their coming");
	ok(map_get(m, STR("key-")) == NULL, "no other key is");
	*(int *)map_put(m, (struct str){"a\0b", 3}) = 1;
	*(int *)map_put(m, (struct str){"a\0c", 3}) = 2;
	*(int *)map_put(m, (struct str){0}) = 3;
	ok(*(int *)map_get(m, (struct str){"a\0b", 3}) == 1 &&
		*(int *)map_get(m, STR("")) == 3,
	    "bytes of any kind, none at all");
	map_free(m);
	map_free(NULL);
	return unit_end();
}
