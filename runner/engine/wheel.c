/*
 * The wheel: slots of one tick each, a doubly linked list in each slot, times further away than a
 * turn stay in their slot until their lap comes.
 */
#include "runner/engine/wheel.h"

#define DUE WB_WHEEL_SLOTS

static void unlink_timer(WbWheel *w, int32_t id)
{
    WbTimer *t = &w->timers[id];

    if (t->list < 0)
        return;
    if (t->prev >= 0)
        w->timers[t->prev].next = t->next;
    else
        w->first[t->list] = t->next;
    if (t->next >= 0)
        w->timers[t->next].prev = t->prev;
    t->list = -1;
}

static void link_timer(WbWheel *w, int32_t id, int32_t list)
{
    WbTimer *t = &w->timers[id];

    t->list = list;
    t->prev = -1;
    t->next = w->first[list];
    if (t->next >= 0)
        w->timers[t->next].prev = id;
    w->first[list] = id;
}

void wb_wheel_init(WbWheel *w, WbTimer *timers, size_t n, int64_t tick_ns, int64_t now)
{
    w->timers = timers;
    w->tick_ns = tick_ns;
    w->done = now / tick_ns;
    for (size_t i = 0; i < n; i++)
        timers[i].list = -1;
    for (int i = 0; i <= WB_WHEEL_SLOTS; i++)
        w->first[i] = -1;
}

void wb_wheel_set(WbWheel *w, int32_t id, int64_t at_ns)
{
    int64_t tick = (at_ns + w->tick_ns - 1) / w->tick_ns;

    if (tick <= w->done)
        tick = w->done + 1;
    unlink_timer(w, id);
    w->timers[id].at_ns = at_ns;
    link_timer(w, id, (int32_t)(tick % WB_WHEEL_SLOTS));
}

void wb_wheel_turn(WbWheel *w, int64_t now)
{
    int64_t tick = now / w->tick_ns;
    int64_t from = w->done + 1;

    if (tick < from)
        return;
    if (tick - from >= WB_WHEEL_SLOTS)
        from = tick - WB_WHEEL_SLOTS + 1;
    for (; from <= tick; from++) {
        int32_t id = w->first[from % WB_WHEEL_SLOTS];

        while (id >= 0) {
            int32_t next = w->timers[id].next;

            if (w->timers[id].at_ns <= now) {
                unlink_timer(w, id);
                link_timer(w, id, DUE);
            }
            id = next;
        }
    }
    w->done = tick;
}

int32_t wb_wheel_pop(WbWheel *w)
{
    int32_t id = w->first[DUE];

    if (id >= 0)
        unlink_timer(w, id);
    return id;
}
