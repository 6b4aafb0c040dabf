# wrkbook: one Makefile. Sources by wildcard, one static library a folder, objects under $(B).
# `make help` lists the targets.
#
# A target that people call (demo, test, lint, ...) first looks after the packages it needs, then
# calls make again: only then does pkg-config exist on a bare machine, and is asked for flags.

# gcc by name, so that what lint compiles is what the programs are linked of.
ifeq ($(origin CC),default)
CC := gcc
endif
B      ?= build
SAN    ?=
OPT    ?= -O2 -g
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc 2>/dev/null || echo 1)
FUZZ_SECONDS ?= 20

VERSION  := 0.1.0
# One list for all: --as-needed keeps out of each program what it does not use.
PACKAGES := glib-2.0 sqlite3 libcjson zlib libzstd openssl liburing fontconfig freetype2 libmicrohttpd
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lhpdf

WARN := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wno-missing-field-initializers -Werror
# g_assert_cmpmem takes a length as int, so tests cannot be held to -Wconversion.
WARN_TESTS := -Wno-conversion -Wno-sign-conversion -Wno-string-plus-int
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
WB_CPPFLAGS := -I. -I$(B)/gen -D_GNU_SOURCE -DWB_VERSION='"$(VERSION)"' \
               -DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74 \
               -DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74
WB_CFLAGS   := -std=c11 $(OPT) $(WARN) $(SAN_FLAGS) -MMD -MP
# One short line a file; V=1 shows the whole command.
Q := $(if $(V),,@)
COMPILE      = $(CC) $(WB_CPPFLAGS) $(CPPFLAGS) $(WB_CFLAGS) $(CFLAGS)
LINK         = $(CC) $(SAN_FLAGS) -Wl,--as-needed $(LDFLAGS)

src  = $(filter-out $(1)/main.c,$(wildcard $(1)/*.c))
objs = $(patsubst %.c,$(B)/%.o,$(1))

SCHEMA_O  := $(call objs,$(call src,schema))
ENGINE_O  := $(call objs,$(wildcard runner/engine/*.c))
RUNNER_O  := $(call objs,$(call src,runner) $(wildcard runner/import/*.c))
ANALYZE_O := $(call objs,$(call src,analyze))
REPORT_O  := $(call objs,$(call src,report))

PROGRAMS := $(B)/wrkbook-runner $(B)/wrkbook-analyze $(B)/wrkbook-report
DEMO     := $(B)/wrkbook-demo $(B)/wrkbook-demo-server
SQL      := $(wildcard schema/*.sql schema/migrations/*.sql)
CHARTS   := $(wildcard report/charts/*.gp)
PAGE     := $(wildcard report/page/page.*)
GEN      := $(B)/gen/schema_sql.h $(B)/gen/chart_bodies.h $(B)/gen/page_files.h
programs_of = $(patsubst %.c,$(B)/%,$(wildcard $(1)))
UNIT     := $(call programs_of,tests/unit/*_test.c)
SUPPORT  := $(call programs_of,tests/support/*.c)
BENCH    := $(call programs_of,tests/bench/*.c)
FUZZ     := $(call programs_of,tests/fuzz/*_fuzz.c)

ALL_C := $(wildcard schema/*.c runner/*.c runner/*/*.c analyze/*.c report/*.c tests/*/*.c)
ALL_H := $(wildcard schema/*.h runner/*.h runner/*/*.h analyze/*.h report/*.h tests/*/*.h)

# ---- what people call ---------------------------------------------------------------------

.DEFAULT_GOAL := all
DEPS     := tests/support/deps
PARALLEL  = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
AGAIN     = +@$(MAKE) --no-print-directory $(PARALLEL)
ASAN      = B=$(B)/asan SAN=address,undefined OPT='-O1 -g'
FUZZER    = B=$(B)/fuzz CC=clang SAN=fuzzer-no-link,address,undefined OPT='-O1 -g'
RUN_TESTS = WRKBOOK_BUILD=$(abspath $(B)) tests/support/run_tests

.PHONY: all demo test lint check asan tsan valgrind fuzz bench golden format install uninstall
.PHONY: clean deps help
all: ## build the programs
	@$(DEPS) --check build
	$(AGAIN) programs

demo: ## install what is missing, build, and show the whole way in about a minute
	@$(DEPS) build
	$(AGAIN) programs
	@WRKBOOK_LIBEXEC=$(abspath $(B)) ./wrkbook demo

test: ## install what is missing, build, run every test
	@$(DEPS) build test
	$(AGAIN) programs
	$(AGAIN) $(ASAN) units
	$(AGAIN) $(FUZZER) fuzzers
	@$(RUN_TESTS) --units $(B)/asan --cli --fuzz $(B)/fuzz 3

lint: ## format, clang-tidy, includes, both compilers, shell scripts
	@$(DEPS) build test
	$(AGAIN) lint-all

check: ## lint and test: what CI runs
	+@$(MAKE) --no-print-directory lint
	+@$(MAKE) --no-print-directory test

asan: ## all tests, programs and unit tests under AddressSanitizer and UBSan
	@$(DEPS) build test
	$(AGAIN) $(ASAN) programs units
	@WRKBOOK_BUILD=$(abspath $(B))/asan tests/support/run_tests --units $(B)/asan --cli

tsan: ## unit tests under ThreadSanitizer
	@$(DEPS) build test
	$(AGAIN) B=$(B)/tsan SAN=thread OPT='-O1 -g' programs units
	@WRKBOOK_BUILD=$(abspath $(B))/tsan tests/support/run_tests --units $(B)/tsan

# Not what measures time, for which valgrind is too slow (valgrind.t makes a run of its own), nor what
# needs pidfd_open, which it does not know, or 80 bits of a long double, of which it keeps 64.
VALGRIND_BUT := 'engine_(backends|load|modes|nginx|tls)|server_|suite_run|oracle|calc'
valgrind: ## unit tests, an import and a table under valgrind
	@$(DEPS) build test
	$(AGAIN) programs units
	@WRKBOOK_TEST_LIMIT=1200 WRKBOOK_WRAP=tests/support/valgrind $(RUN_TESTS) --but $(VALGRIND_BUT) --units $(B) \
	  tests/support/valgrind.t

fuzz: ## each fuzz target for FUZZ_SECONDS (20)
	@$(DEPS) build test
	$(AGAIN) $(FUZZER) fuzzers
	@$(RUN_TESTS) --fuzz $(B)/fuzz $(FUZZ_SECONDS)

bench: ## speed, as ratios within one run
	@$(DEPS) build bench
	$(AGAIN) programs benches
	@WRKBOOK_BUILD=$(abspath $(B)) tests/bench/run

golden: ## write the golden outputs anew (read the diff)
	@$(DEPS) build
	$(AGAIN) programs
	@WRKBOOK_BUILD=$(abspath $(B)) tests/golden/make

format: ## clang-format over the tree
	clang-format -i $(ALL_C) $(ALL_H)

deps: ## install what building and testing need
	@$(DEPS) build test bench

LIBEXEC := $(PREFIX)/libexec/wrkbook
SHARE   := $(PREFIX)/share/wrkbook
install: ## to DESTDIR and PREFIX (/usr/local)
	@$(DEPS) --check build
	$(AGAIN) programs
	+@$(MAKE) --no-print-directory install-files

.PHONY: install-files
install-files: # what is built, as it is
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(LIBEXEC)' '$(DESTDIR)$(SHARE)'
	install -m 755 wrkbook '$(DESTDIR)$(PREFIX)/bin/wrkbook'
	install -m 755 $(PROGRAMS) $(DEMO) '$(DESTDIR)$(LIBEXEC)'
	install -m 644 README.md CHANGELOG.md LICENSE '$(DESTDIR)$(SHARE)'
	tar -cf - --exclude=venv --exclude=__pycache__ --exclude='*.pem' samples | \
	  tar -xf - --no-same-owner -C '$(DESTDIR)$(SHARE)'

uninstall: ## undo install
	rm -rf '$(DESTDIR)$(PREFIX)/bin/wrkbook' '$(DESTDIR)$(LIBEXEC)' '$(DESTDIR)$(SHARE)'

clean: ## remove $(B)
	rm -rf '$(B)'

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# ---- what make calls itself, and who works on a part: make B=build/me programs units -------

.PHONY: programs units fuzzers benches objects FORCE
programs: $(PROGRAMS) $(SUPPORT) $(DEMO)
units: $(UNIT) $(SUPPORT)
fuzzers: $(FUZZ)
benches: $(BENCH)
objects: $(call objs,$(ALL_C))

# Whatever else changes (compiler, flags) makes objects old, too.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE) $(PKG_CFLAGS))' | cmp -s - $@ || \
	  printf '%s\n' '$(subst ','\'',$(COMPILE) $(PKG_CFLAGS))' > $@

# The engine sees neither GLib nor SQLite.
$(B)/runner/engine/%.o: runner/engine/%.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo '  $(notdir $(CC)) $<')
	$(Q)$(COMPILE) -c -o $@ $<
$(B)/tests/%.o: tests/%.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo '  $(notdir $(CC)) $<')
	$(Q)$(COMPILE) $(PKG_CFLAGS) $(WARN_TESTS) -c -o $@ $<
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo '  $(notdir $(CC)) $<')
	$(Q)$(COMPILE) $(PKG_CFLAGS) -c -o $@ $<

# SQL files become one C array of (name, text), in the order of their names.
AS_C_STRINGS = sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/'
$(B)/schema/store_schema.o: $(B)/gen/schema_sql.h
$(B)/gen/schema_sql.h: $(SQL)
	@mkdir -p $(@D)
	@for f in $(sort $(SQL)); do \
	  printf '{"%s",\n' "$${f#schema/}"; \
	  $(AS_C_STRINGS) $$f; \
	  echo '},'; \
	done > $@

# The bodies of the charts likewise, by kind.
$(B)/report/chart.o: $(B)/gen/chart_bodies.h
$(B)/gen/chart_bodies.h: $(CHARTS)
	@mkdir -p $(@D)
	@for f in $(sort $(CHARTS)); do \
	  printf '{"%s",\n' "$$(basename "$$f" .gp)"; \
	  sed '/^#/d' $$f | $(AS_C_STRINGS); \
	  echo '},'; \
	done > $@

# And the style and the script of the web page, by the name of their files.
$(B)/report/page.o: $(B)/gen/page_files.h
$(B)/gen/page_files.h: $(PAGE)
	@mkdir -p $(@D)
	@for f in $(sort $(PAGE)); do \
	  printf '{"%s",\n' "$$(basename "$$f")"; \
	  $(AS_C_STRINGS) $$f; \
	  echo '},'; \
	done > $@

$(B)/lib%.a:
	@mkdir -p $(@D)
	@rm -f $@
	@$(AR) rcs $@ $^
$(B)/libschema.a:  $(SCHEMA_O)
$(B)/libengine.a:  $(ENGINE_O)
$(B)/librunner.a:  $(RUNNER_O)
$(B)/libanalyze.a: $(ANALYZE_O)
$(B)/libreport.a:  $(REPORT_O)

# A program links only the libraries that its row of the include table allows.
$(B)/wrkbook-runner:  $(B)/runner/main.o $(B)/librunner.a $(B)/libengine.a $(B)/libschema.a
$(B)/wrkbook-analyze: $(B)/analyze/main.o $(B)/libanalyze.a $(B)/libschema.a
$(B)/wrkbook-report:  $(B)/report/main.o $(B)/libreport.a $(B)/libanalyze.a $(B)/libschema.a
$(PROGRAMS):
	$(if $(V),,@echo '  link $@')
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) -lpthread -lm

ALL_LIBS := $(addprefix $(B)/lib,runner.a engine.a report.a analyze.a schema.a)
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(ALL_LIBS)
	$(if $(V),,@echo '  link $@')
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) -lpthread -lm
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(ALL_LIBS)
	$(if $(V),,@echo '  link $@')
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) -lpthread -lm
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(ALL_LIBS)
	$(if $(V),,@echo '  link $@')
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS) -lpthread -lm
$(B)/tests/support/%: $(B)/tests/support/%.o
	$(if $(V),,@echo '  link $@')
	$(Q)$(LINK) -o $@ $^ -lpthread -lm

# The demo lies beside the programs, in a checkout as under libexec.
$(B)/wrkbook-demo: tests/support/demo
	@mkdir -p $(@D)
	@install -m 755 $< $@
$(B)/wrkbook-demo-server: $(B)/tests/support/demo_server
	@install -m 755 $< $@

# ---- lint ---------------------------------------------------------------------------------

.PHONY: lint-all lint-format lint-includes lint-headers lint-shell lint-gcc lint-clang lint-hot
lint-all: lint-format lint-includes lint-headers lint-shell lint-gcc lint-clang lint-hot lint-tidy
	@echo 'lint: clean'

lint-format:
	@clang-format --dry-run -Werror $(ALL_C) $(ALL_H)
lint-includes:
	tests/lint/includes
	tests/lint/sizes
lint-headers: $(GEN)
	@CPPFLAGS="$(subst ",\",$(WB_CPPFLAGS))" PKG_CFLAGS="$(PKG_CFLAGS)" tests/lint/headers $(ALL_H)
lint-shell:
	tests/lint/shell
lint-gcc:
	+@$(MAKE) --no-print-directory CC=gcc objects
lint-clang:
	+@$(MAKE) --no-print-directory B=$(B)/clang CC=clang objects
lint-hot: lint-gcc lint-clang
	tests/lint/hot $(B) $(B)/clang

# One stamp a file, so that only what changed is read again. The analyzer follows a third of the paths
# it would by itself: in this tree that halves its time; tests/.clang-tidy leaves it out.
ANALYZER := -Xclang -analyzer-config -Xclang max-nodes=75000
.PHONY: lint-tidy
lint-tidy: $(patsubst %.c,$(B)/tidy/%.ok,$(ALL_C))
$(B)/tidy/%.ok: %.c $(ALL_H) .clang-tidy $(GEN)
	@mkdir -p $(@D)
	@echo 'clang-tidy $<'
	@clang-tidy --quiet $< -- $(WB_CPPFLAGS) $(PKG_CFLAGS) -std=c11 $(ANALYZER) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

-include $(patsubst %.c,$(B)/%.d,$(ALL_C))
.SECONDARY:
.DELETE_ON_ERROR:
