# GNU make. Everything built goes to build/; nothing to configure.
VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
CC ?= cc
OPT ?= -O2 -g

WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
	-Wvla -Wmissing-prototypes -Wwrite-strings
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
PKGS = libcurl libxml-2.0 sqlite3 libcrypto libidn2
override CPPFLAGS += -D_GNU_SOURCE -DBM_VERSION='"$(VERSION)"' -Ilib \
	$(filter-out -I/usr/include,$(shell pkg-config --cflags $(PKGS)))
override CFLAGS += -std=c11 $(WARN) $(OPT)
override LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDLIBS = $(shell pkg-config --libs $(PKGS)) -lunistring -lmd4c-html -lmd4c \
	-lcsv -lm
ifndef SAN
override CFLAGS += $(HARDEN)
else
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -fPIE
override LDFLAGS += -fsanitize=address,undefined
endif

LIB_SRC = $(wildcard lib/*/*.c)
CMD_SRC = $(wildcard cmd/*.c)
UNIT_SRC = $(wildcard tests/unit/*.c)
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o)
PROGRAMS = $(CMD_SRC:cmd/%.c=$(BUILD)/bin/%)
UNITS = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

all: $(PROGRAMS)

$(BUILD)/libbm.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/cmd/%.o $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libbm.a $(LDLIBS)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libbm.a $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

tests-build: all $(UNITS)

check: tests-build
	scripts/run-tests

san:
	$(MAKE) SAN=1 BUILD=build/san OPT='-O1 -g' tests-build
	BM_BUILD=build/san scripts/run-tests

clean:
	rm -rf build

.PHONY: all tests-build check san clean
.SECONDARY:
-include $(LIB_OBJ:.o=.d) $(CMD_SRC:%.c=$(BUILD)/%.d) \
	$(UNIT_SRC:%.c=$(BUILD)/%.d)
