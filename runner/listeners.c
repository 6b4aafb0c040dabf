/*
 * Listeners: /proc/thread-self/net is read, not /proc/net: the latter is the view of the process's
 * first thread, whatever namespace the caller is in.
 */
#include "runner/listeners.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TCP_LISTENS  0x0A     /* column st */
#define UNIX_LISTENS 0x10000u /* column Flags: __SO_ACCEPTCON */
#define LOWEST_PORT  10000
#define PORT_TRIES   200
#define RANKS        3

typedef struct {
    GArray *inodes[RANKS]; /* exact address, wildcard, IPv6 wildcard that takes IPv4, too */
} Found;

/* An IPv4 address in the IPv6 form, so that one comparison does for all. */
static struct in6_addr as_in6(const struct sockaddr *addr)
{
    struct in6_addr in6 = IN6ADDR_ANY_INIT;

    if (addr->sa_family == AF_INET6)
        return ((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr;
    in6.s6_addr[10] = in6.s6_addr[11] = 0xff;
    memcpy(&in6.s6_addr[12], &((const struct sockaddr_in *)(const void *)addr)->sin_addr, 4);
    return in6;
}

static int port_of(const struct sockaddr *addr)
{
    return ntohs(addr->sa_family == AF_INET6
                     ? ((const struct sockaddr_in6 *)(const void *)addr)->sin6_port
                     : ((const struct sockaddr_in *)(const void *)addr)->sin_port);
}

/* The hex of the column local_address: words as they lie in memory. */
static bool parse_address(const char *hex, struct in6_addr *out)
{
    size_t words = strlen(hex) / 8;
    uint32_t word[4];

    if (words != 1 && words != 4)
        return false;
    for (size_t i = 0; i < words; i++) {
        char part[9] = {0};

        memcpy(part, hex + 8 * i, 8);
        word[i] = (uint32_t)strtoul(part, NULL, 16);
    }
    if (words == 4) {
        memcpy(out, word, sizeof word);
    } else {
        const struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = word[0]};

        *out = as_in6((const struct sockaddr *)(const void *)&in);
    }
    return true;
}

/* How well a listening address serves a wanted one; -1: not at all. */
static int rank(const struct in6_addr *listening, const struct in6_addr *wanted)
{
    static const struct in6_addr any = IN6ADDR_ANY_INIT;
    bool is_v4 = IN6_IS_ADDR_V4MAPPED(wanted);

    if (memcmp(listening, wanted, sizeof *wanted) == 0)
        return 0;
    if (is_v4 && IN6_IS_ADDR_V4MAPPED(listening) && memcmp(&listening->s6_addr[12], &any, 4) == 0)
        return 1;
    if (memcmp(listening, &any, sizeof any) == 0)
        return is_v4 ? 2 : 1;
    return -1;
}

/* The kernel promises to list what listens first (Documentation/networking/proc_net_tcp.rst). What
 * follows is not read: tens of thousands of lines after a load that opened a connection each time.
 */
static void find_tcp(const char *file, const struct sockaddr *wanted, Found *found)
{
    FILE *f = fopen(file, "re");
    const struct in6_addr in6 = as_in6(wanted);
    char line[512];

    while (f && fgets(line, sizeof line, f)) {
        char hex[64];
        unsigned port, state;
        uint64_t inode;
        struct in6_addr local;
        int r;

        if (sscanf(line, " %*u: %63[0-9A-Fa-f]:%X %*s %X %*s %*s %*s %*u %*u %" SCNu64, hex, &port,
                   &state, &inode) != 4)
            continue;
        if (state != TCP_LISTENS)
            break;
        if ((int)port != port_of(wanted) || !parse_address(hex, &local))
            continue;
        r = rank(&local, &in6);
        if (r >= 0)
            g_array_append_val(found->inodes[r], inode);
    }
    if (f)
        fclose(f);
}

static void find_unix(const char *path, Found *found)
{
    FILE *f = fopen("/proc/thread-self/net/unix", "re");
    char line[512];

    while (f && fgets(line, sizeof line, f)) {
        unsigned flags;
        uint64_t inode;
        int at = 0;

        g_strchomp(line);
        if (sscanf(line, "%*s %*s %*s %X %*s %*s %" SCNu64 " %n", &flags, &inode, &at) == 2 &&
            at > 0 && (flags & UNIX_LISTENS) && strcmp(line + at, path) == 0)
            g_array_append_val(found->inodes[0], inode);
    }
    if (f)
        fclose(f);
}

static void find_one(const struct sockaddr *wanted, GArray *inodes)
{
    Found found;

    for (int i = 0; i < RANKS; i++)
        found.inodes[i] = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    if (wanted->sa_family == AF_UNIX) {
        find_unix(((const struct sockaddr_un *)(const void *)wanted)->sun_path, &found);
    } else {
        find_tcp("/proc/thread-self/net/tcp", wanted, &found);
        find_tcp("/proc/thread-self/net/tcp6", wanted, &found);
    }
    for (int i = 0, done = 0; i < RANKS; i++) {
        if (!done && found.inodes[i]->len > 0) {
            g_array_append_vals(inodes, found.inodes[i]->data, found.inodes[i]->len);
            done = 1;
        }
        g_array_unref(found.inodes[i]);
    }
}

GArray *wb_listeners_find(const GArray *addresses)
{
    GArray *inodes = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (unsigned i = 0; i < addresses->len; i++)
        find_one(
            (const struct sockaddr *)(const void *)&g_array_index(addresses, WbAddress, i).addr,
            inodes);
    return inodes;
}

/* Takes from `inodes` what this process holds. False: it does not let us look. */
static bool take_held(pid_t pid, GArray *inodes, bool *out_holds)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)pid);
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    *out_holds = false;
    if (!dir)
        return errno == ENOENT; /* it has gone meanwhile */
    while ((entry = readdir(dir))) {
        char link[64];
        ssize_t n = readlinkat(dirfd(dir), entry->d_name, link, sizeof link - 1);
        uint64_t inode;

        if (n <= 0)
            continue;
        link[n] = '\0';
        if (sscanf(link, "socket:[%" SCNu64 "]", &inode) != 1)
            continue;
        for (unsigned i = 0; i < inodes->len; i++)
            if (g_array_index(inodes, uint64_t, i) == inode) {
                g_array_remove_index_fast(inodes, i--);
                *out_holds = true;
            }
    }
    closedir(dir);
    return true;
}

/* Who of all processes holds one of these; pid 0: nobody that we may look at. */
static WbServerProcess find_holder(GArray *inodes)
{
    g_autoptr(GArray) all = wb_process_list(NULL);
    bool holds = false;

    for (unsigned i = 0; i < all->len; i++) {
        const WbProcess *p = &g_array_index(all, WbProcess, i);

        if (wb_process_is_live(p) && take_held(p->seen.pid, inodes, &holds) && holds)
            return p->seen;
    }
    return (WbServerProcess){0};
}

WbListener wb_listeners_whose(const GArray *addresses, const GArray *ours,
                              WbServerProcess *out_other)
{
    g_autoptr(GArray) inodes = wb_listeners_find(addresses);
    bool is_hidden = false, holds = false;

    if (inodes->len == 0)
        return WB_LISTENER_NOBODY;
    for (unsigned i = 0; ours && i < ours->len; i++)
        if (!take_held(g_array_index(ours, WbProcess, i).seen.pid, inodes, &holds))
            is_hidden = true;
    if (inodes->len == 0)
        return WB_LISTENER_OURS;
    *out_other = find_holder(inodes);
    return out_other->pid == 0 && is_hidden ? WB_LISTENER_OURS : WB_LISTENER_FOREIGN;
}

/* A socket bound to the address, with any port or that of the address; -1: cannot be. */
static int bind_to(const struct sockaddr *addr, socklen_t len)
{
    int fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && bind(fd, addr, len) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool wb_listeners_are_local(const GArray *addresses)
{
    for (unsigned i = 0; i < addresses->len; i++) {
        WbAddress a = g_array_index(addresses, WbAddress, i);
        struct sockaddr *addr = (struct sockaddr *)(void *)&a.addr;
        int fd;

        if (addr->sa_family == AF_UNIX)
            return true;
        if (addr->sa_family == AF_INET6)
            ((struct sockaddr_in6 *)(void *)addr)->sin6_port = 0;
        else
            ((struct sockaddr_in *)(void *)addr)->sin_port = 0;
        fd = bind_to(addr, a.len);
        if (fd >= 0) {
            close(fd);
            return true;
        }
    }
    return false;
}

static int lowest_outgoing_port(void)
{
    g_autofree char *text = NULL;
    int low = 0;

    if (g_file_get_contents("/proc/sys/net/ipv4/ip_local_port_range", &text, NULL, NULL))
        low = atoi(text);
    return low > LOWEST_PORT ? low : 32768;
}

int wb_listeners_free_port(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof in;
    int high = lowest_outgoing_port();

    for (int i = 0; i <= PORT_TRIES; i++) {
        int port = i < PORT_TRIES ? g_random_int_range(LOWEST_PORT, high) : 0; /* at last any */
        int fd;

        /* A server may bind the wildcard, so that must be free as well. */
        in.sin_port = htons((uint16_t)port);
        in.sin_addr.s_addr = htonl(INADDR_ANY);
        fd = bind_to((const struct sockaddr *)(const void *)&in, sizeof in);
        if (fd < 0)
            continue;
        getsockname(fd, (struct sockaddr *)(void *)&in, &len);
        close(fd);
        return ntohs(in.sin_port);
    }
    return 0;
}
