# wrkbook: one Makefile. Sources by wildcard, one static library a folder, objects under $(B).
# `make help` lists the targets.

B      ?= build
CC     ?= cc
SAN    ?=
OPT    ?= -O2 -g
PREFIX ?= /usr/local

PACKAGES := glib-2.0 sqlite3 libcjson
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
VERSION    := 0.1.0

CPPFLAGS += -I. -I$(B)/gen -D_GNU_SOURCE -DWB_VERSION='"$(VERSION)"' \
            -DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74 \
            -DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74
CFLAGS   += -std=c11 $(OPT) $(WARN) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
            -MMD -MP
LDFLAGS  += $(if $(SAN),-fsanitize=$(SAN))

src  = $(filter-out $(1)/main.c,$(wildcard $(1)/*.c))
objs = $(patsubst %.c,$(B)/%.o,$(1))

SCHEMA_O  := $(call objs,$(call src,schema))
ENGINE_O  := $(call objs,$(wildcard runner/engine/*.c))
RUNNER_O  := $(call objs,$(call src,runner) $(wildcard runner/import/*.c))
ANALYZE_O := $(call objs,$(call src,analyze))
REPORT_O  := $(call objs,$(call src,report))

PROGRAMS := $(B)/wrkbook-runner $(B)/wrkbook-analyze $(B)/wrkbook-report
SQL      := $(wildcard schema/*.sql schema/migrations/*.sql)
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*_test.c))
SUPPORT  := $(patsubst tests/support/%.c,$(B)/tests/support/%,$(wildcard tests/support/*.c))

.PHONY: all
all: $(PROGRAMS) $(SUPPORT)

# Compiler output for everybody; the engine sees neither GLib nor SQLite.
$(B)/runner/engine/%.o: runner/engine/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

# SQL files become one C array of (name, text), in the order of their names.
$(B)/schema/store_schema.o: $(B)/gen/schema_sql.h
$(B)/gen/schema_sql.h: $(SQL)
	@mkdir -p $(@D)
	@for f in $(sort $(SQL)); do \
	  printf '{"%s",\n' "$${f#schema/}"; \
	  sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$f; \
	  echo '},'; \
	done > $@

$(B)/lib%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^
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
	$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread -lm

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/librunner.a $(B)/libengine.a $(B)/libreport.a \
                   $(B)/libanalyze.a $(B)/libschema.a
	$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread -lm
$(B)/tests/support/%: $(B)/tests/support/%.o
	$(CC) $(LDFLAGS) -o $@ $^ -lpthread -lm

.PHONY: units clean
units: $(UNIT)
clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.SECONDARY:
