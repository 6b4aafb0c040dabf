/*
 * Making the ring. What makes io_uring cheap here, best first; each is given up if the kernel
 * refuses it (EINVAL before Linux 6.1 or 5.19, EPERM and ENOSYS where there is none at all):
 *
 *   DEFER_TASKRUN   completions are worked off only when this thread waits for them: it is not
 *                   interrupted in between, and they come in batches
 *   COOP_TASKRUN    it is at least not interrupted while it computes
 *
 * Not to be given up are a ring of provided buffers, a receive that stays armed (both 6.0; told by
 * SEND_ZC, which came with it: the kernel says which operations it knows, not which of their flags)
 * and completions that are told only on failure.
 */
#include "runner/engine/io_uring_ring.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "runner/engine/io.h"
#include "runner/engine/io_uring.h"

#define FEATURES                                                                                   \
    (IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_FAST_POLL | IORING_FEAT_CQE_SKIP)

#define CQ_ENTRIES_MIN 512
#define CQ_ENTRIES_MAX 65536

/* What every ring is made with. The completion queue has two entries for each connection: one for
 * its receive, one for a send that fails or a receive that ends. More wait in the kernel. */
#define FLAGS (IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_SUBMIT_ALL)

typedef struct {
    unsigned flags;
    const char *lacks; /* what it does without */
} Mode;

static const Mode modes[] = {
    {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, NULL},
    {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN, "DEFER_TASKRUN"},
    {0, "DEFER_TASKRUN and COOP_TASKRUN"},
};

/* ---- memory ---- */

typedef struct {
    size_t conns, msgs, iovs, ring, buffers, total; /* offsets */
    int iov_max;
    unsigned buffers_n;
} Layout;

static size_t page_bytes(void)
{
    long n = sysconf(_SC_PAGESIZE);

    return n > 0 ? (size_t)n : 65536;
}

static size_t reserve(Layout *l, size_t bytes, size_t align)
{
    size_t at = (l->total + align - 1) & ~(align - 1);

    l->total = at + bytes;
    return at;
}

static Layout lay_out(const WbLoad *load, int32_t connections)
{
    size_t n = (size_t)connections;
    Layout l = {.total = sizeof(WbUring), .iov_max = 1, .buffers_n = WB_URING_BUFFERS_MIN};

    if (load->pipeline > 1)
        l.iov_max = load->pipeline < WB_IO_IOV_MAX ? load->pipeline : WB_IO_IOV_MAX;
    while (l.buffers_n < n && l.buffers_n < WB_URING_BUFFERS_MAX)
        l.buffers_n *= 2;
    l.conns = reserve(&l, n * sizeof(WbUringConn), 64);
    if (l.iov_max > 1) {
        l.msgs = reserve(&l, n * sizeof(struct msghdr), 64);
        l.iovs = reserve(&l, n * (size_t)l.iov_max * sizeof(struct iovec), 64);
    }
    l.buffers = reserve(&l, (size_t)l.buffers_n * WB_URING_BUFFER_BYTES, 64);
    /* The caller's memory begins at no page: room to move up to one. */
    l.ring = reserve(&l, l.buffers_n * sizeof(struct io_uring_buf) + page_bytes(), 64);
    return l;
}

size_t wb_uring_memory(const WbLoad *load, int32_t connections)
{
    return lay_out(load, connections).total;
}

static void place(WbUring *u, const Layout *l)
{
    char *base = (char *)u;
    size_t page = page_bytes();
    size_t past = (size_t)((uintptr_t)(base + l->ring) & (page - 1));

    u->iov_max = l->iov_max;
    u->buffers_n = l->buffers_n;
    u->conns = (void *)(base + l->conns);
    u->msgs = (void *)(base + l->msgs);
    u->iovs = (void *)(base + l->iovs);
    u->buffers = base + l->buffers;
    u->buffer_ring = (void *)(base + l->ring + (past > 0 ? page - past : 0));
}

/* ---- the ring ---- */

/* The best ring that can be had; *out_mode says which, *out_why what took the better one away. */
static int init_ring(struct io_uring *ring, int32_t connections, const Mode **out_mode,
                     int *out_why)
{
    unsigned entries = CQ_ENTRIES_MIN;
    int rc = -ENOSYS;

    while (entries < 2 * (unsigned)connections && entries < CQ_ENTRIES_MAX)
        entries *= 2;
    *out_why = 0;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct io_uring_params params = {.flags = FLAGS | modes[i].flags, .cq_entries = entries};

        rc = io_uring_queue_init_params(WB_URING_SQ_ENTRIES, ring, &params);
        if (rc == 0) {
            *out_mode = &modes[i];
            break;
        }
        *out_why = -rc;
        if (rc != -EINVAL && rc != -EPERM && rc != -ENOSYS)
            break;
    }
    return rc;
}

static bool is_able(struct io_uring *ring)
{
    enum { OPS = 256 };
    union {
        struct io_uring_probe head;
        char room[sizeof(struct io_uring_probe) + OPS * sizeof(struct io_uring_probe_op)];
    } probe;

    memset(&probe, 0, sizeof probe);
    return (ring->features & FEATURES) == FEATURES &&
           io_uring_register_probe(ring, &probe.head, OPS) == 0 &&
           io_uring_opcode_supported(&probe.head, IORING_OP_SEND_ZC);
}

static int register_buffers(WbUring *u)
{
    struct io_uring_buf_reg reg = {
        .ring_addr = (uint64_t)(uintptr_t)u->buffer_ring,
        .ring_entries = u->buffers_n,
    };
    int rc = io_uring_register_buf_ring(&u->ring, &reg, 0);

    if (rc != 0)
        return rc;
    io_uring_buf_ring_init(u->buffer_ring);
    for (unsigned i = 0; i < u->buffers_n; i++)
        wb_uring_give_buffer(u, i);
    return 0;
}

static int make(WbUring *u, const WbLoad *load, int32_t connections, const Mode **out_mode,
                int *out_why)
{
    Layout l = lay_out(load, connections);
    int rc = init_ring(&u->ring, connections, out_mode, out_why);

    if (rc != 0)
        return rc;
    u->open = true;
    place(u, &l);
    rc = is_able(&u->ring) ? register_buffers(u) : -ENOSYS;
    if (rc != 0) {
        wb_uring_unmake(u);
        return rc;
    }
    io_uring_register_ring_fd(&u->ring); /* saves looking it up; without, it works as well */
    return 0;
}

int wb_uring_make(WbUring *u, const WbLoad *load, int32_t connections)
{
    const Mode *mode;
    int why;

    return make(u, load, connections, &mode, &why);
}

void wb_uring_unmake(WbUring *u)
{
    if (u->open)
        io_uring_queue_exit(&u->ring);
    u->open = false;
}

int wb_uring_probe(const char **out_lacks, int *out_why)
{
    struct io_uring ring;
    const Mode *mode;
    int rc = init_ring(&ring, 1, &mode, out_why);

    if (rc != 0)
        return rc;
    *out_lacks = mode->lacks;
    if (!is_able(&ring))
        rc = -ENOSYS;
    io_uring_queue_exit(&ring);
    return rc;
}
