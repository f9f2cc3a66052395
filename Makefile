# GNU make. Everything built goes to build/; nothing to configure.
VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
CC ?= cc
OPT ?= -O2 -g

WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
	-Wvla -Wmissing-prototypes -Wwrite-strings -Wformat=2 \
	-Werror=format-security
# The lists of Debian (dpkg-buildflags, hardening=+all) and of OpenSSF; those
# that belong to one processor, or to newer compilers, where they are known.
# scripts/check-hardening looks for them in the programs.
known = $(shell $(CC) -Werror $(1) -E -x c /dev/null >/dev/null 2>&1 && echo '$(1)')
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fno-delete-null-pointer-checks \
	-fno-strict-overflow -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fPIE \
	$(call known,-ftrivial-auto-var-init=zero) \
	$(call known,-fcf-protection=full) \
	$(call known,-mbranch-protection=standard) \
	$(call known,-fstrict-flex-arrays=3)
PKGS = libcurl libxml-2.0 sqlite3 libcrypto libidn2 zlib libseccomp
override CPPFLAGS += -D_GNU_SOURCE -DBM_VERSION='"$(VERSION)"' -Ilib -Icmd -Itests \
	$(filter-out -I/usr/include,$(shell pkg-config --cflags $(PKGS)))
override CFLAGS += -std=c11 $(WARN) $(OPT)
override LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
LDLIBS = $(shell pkg-config --libs $(PKGS)) -lunistring -lcmark-gfm-extensions -lcmark-gfm -lresolv -lm
ifndef SAN
override CFLAGS += $(HARDEN)
else
override CPPFLAGS += -DBM_SANITIZED
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -fPIE
override LDFLAGS += -fsanitize=address,undefined
endif

LIB_SRC = $(wildcard lib/*/*.c lib/*/*/*.c)
CMD_SRC = $(wildcard cmd/*.c)
PART_SRC = $(wildcard cmd/*/*.c)
UNIT_SRC = $(wildcard tests/unit/*.c)
MEMORY_SRC = $(wildcard tests/memory/*.c)
TOOL_SRC = $(wildcard tests/tools/*.c)
TOOLS = $(TOOL_SRC:tests/tools/%.c=$(BUILD)/tests/%)
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o)
PROGRAMS = $(CMD_SRC:cmd/%.c=$(BUILD)/bin/%)
UNITS = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
FUZZ_SRC = $(wildcard tests/fuzz/*.c)
FUZZERS = $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/%)
FUZZ_RUNS ?= 1000000

all: $(PROGRAMS)

$(BUILD)/libbm.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# A store in memory, and the cases that every store has to pass.
$(BUILD)/tests/memory.a: $(MEMORY_SRC:%.c=$(BUILD)/%.o)
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/tests/memory.a $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/tests/memory.a \
		$(BUILD)/libbm.a $(LDLIBS)

$(BUILD)/tests/%: $(BUILD)/tests/tools/%.o $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libbm.a $(LDLIBS)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libbm.a $(LDLIBS)

$(FUZZERS): $(BUILD)/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libbm.a
	$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $< \
		$(BUILD)/libbm.a $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The parts of bm-NAME, if it has more than one, stand in cmd/NAME.
parts = $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/$(1)/*.c))
.SECONDEXPANSION:
$(BUILD)/bin/bm-%: $(BUILD)/cmd/bm-%.o $$(call parts,$$*) $(BUILD)/libbm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/libbm.a \
		$(LDLIBS)

# What the tests preload; see tests/preload.
$(BUILD)/tests/%.so: tests/preload/%.c Makefile
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c11 $(WARN) -O2 -fPIC -shared -o $@ $<

PRELOADS = $(patsubst tests/preload/%.c,$(BUILD)/tests/%.so,$(wildcard tests/preload/*.c))
tests-build: all $(UNITS) $(TOOLS) $(PRELOADS)

check: tests-build
	scripts/run-tests

# STRESS_SECONDS (60) for each file of tests/stress.
stress: tests-build fuzz-build
	scripts/run-tests --stress

# Towards real SMTP servers; as root, which mounts a root for each.
peers: tests-build
	scripts/run-tests tests/peers/*.bats

san:
	$(MAKE) SAN=1 BUILD=build/san OPT='-O1 -g' tests-build
	BM_BUILD=build/san scripts/run-tests

memcheck: tests-build
	scripts/under-valgrind $(BUILD) build/memcheck
	BM_TEST_LIMIT=1200 BM_BUILD=build/memcheck scripts/run-tests

# Each program of tests/fuzz for FUZZ_RUNS executions, from its seeds; then
# planted faults, which are to be found.
fuzz: fuzz-build
	scripts/fuzz $(FUZZ_RUNS) $(FUZZ_SRC:tests/fuzz/%.c=%) --planted

fuzz-build:
	$(MAKE) CC=clang SAN=1 BUILD=build/fuzz \
		OPT='-O1 -g -fsanitize=fuzzer-no-link' fuzzers

fuzzers: $(FUZZERS)

lint:
	scripts/lint

format:
	clang-format -i $(wildcard cmd/*.c cmd/*/*.[ch] lib/*/*.[ch] lib/*/*/*.[ch] tests/*/*.[ch])

MAN = $(wildcard man/*.[1-8])
INSTALLED = $(patsubst %,bin/%,$(notdir $(PROGRAMS))) \
	$(foreach m,$(MAN),share/man/man$(subst .,,$(suffix $m))/$(notdir $m))
ROOT = $(DESTDIR)$(PREFIX)

install: all
	@mkdir -p $(sort $(dir $(INSTALLED:%=$(ROOT)/%)))
	install -m 755 $(PROGRAMS) $(ROOT)/bin
	$(foreach m,$(MAN),install -m 644 $m \
		$(ROOT)/share/man/man$(subst .,,$(suffix $m)) &&) true

uninstall:
	rm -f $(INSTALLED:%=$(ROOT)/%)

NAME = bm-$(VERSION)
SOURCES = .ci .clang-format .clang-tidy .gitignore CHANGES HACKING.md LICENSE \
	Makefile README.md \
	cmd lib man scripts tests

dist:
	@mkdir -p $(BUILD)
	tar -I 'gzip -n' -cf $(BUILD)/$(NAME).tar.gz --sort=name --mtime=@0 \
		--owner=0 --group=0 --numeric-owner \
		--transform 's,^,$(NAME)/,' $(wildcard $(SOURCES))

clean:
	rm -rf build

.PHONY: all tests-build check peers stress san memcheck fuzz fuzz-build fuzzers lint \
	format install uninstall dist clean
.SECONDARY:
-include $(LIB_OBJ:.o=.d) $(CMD_SRC:%.c=$(BUILD)/%.d) \
	$(PART_SRC:%.c=$(BUILD)/%.d) \
	$(UNIT_SRC:%.c=$(BUILD)/%.d) $(FUZZ_SRC:%.c=$(BUILD)/%.d) \
	$(TOOL_SRC:%.c=$(BUILD)/%.d) $(MEMORY_SRC:%.c=$(BUILD)/%.d)
