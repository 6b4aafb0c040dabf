/*
 * Server net: made with unshare(2) on a thread that ends; the descriptor keeps it alive.
 */
#include "runner/server_net.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/server.h"

/* Writes all of a text into a file that must exist; 0 or a negative errno. */
static int put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t len = (ssize_t)strlen(text);
    int rc = 0;

    if (fd < 0)
        return -errno;
    if (write(fd, text, (size_t)len) != len)
        rc = errno ? -errno : -EIO;
    close(fd);
    return rc;
}

static int raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int rc = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;

    if (fd >= 0)
        close(fd);
    return rc;
}

/* Gives us the rights of root over namespaces to come, and over nothing else. */
static int enter_user_namespace(void)
{
    g_autofree char *users = g_strdup_printf("%u %u 1", (unsigned)geteuid(), (unsigned)geteuid());
    g_autofree char *groups = g_strdup_printf("%u %u 1", (unsigned)getegid(), (unsigned)getegid());
    int rc;

    if (unshare(CLONE_NEWUSER) < 0)
        return -errno;
    rc = put("/proc/self/uid_map", users);
    if (rc == 0)
        rc = put("/proc/self/setgroups", "deny");
    return rc == 0 ? put("/proc/self/gid_map", groups) : rc;
}

typedef struct {
    int64_t somaxconn;
    int net;
    int rc;
    const char *step; /* that failed */
} Making;

static void *make(void *data)
{
    Making *m = data;

    m->step = "making it";
    if (unshare(CLONE_NEWNET) < 0) {
        m->rc = -errno;
        return NULL;
    }
    m->step = "its loopback device";
    m->rc = raise_loopback();
    if (m->rc == 0 && m->somaxconn >= 0) {
        char text[32];

        g_snprintf(text, sizeof text, "%" PRId64, m->somaxconn);
        m->step = "its somaxconn";
        m->rc = put("/proc/sys/net/core/somaxconn", text);
    }
    if (m->rc == 0) {
        m->step = "opening it";
        m->net = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        m->rc = m->net < 0 ? -errno : 0;
    }
    return NULL;
}

/* On a thread of its own; its end is waited for. */
static int run_thread(GThreadFunc fn, void *data)
{
    GThread *thread = g_thread_try_new("net", fn, data, NULL);

    if (!thread)
        return -EAGAIN;
    g_thread_join(thread);
    return 0;
}

int wb_net_new(int64_t somaxconn, GError **error)
{
    static bool is_user_namespace;
    Making m = {.somaxconn = somaxconn, .net = -1, .step = "a thread"};
    int rc = run_thread(make, &m);
    int user_rc = 0;

    if (rc == 0 && m.rc == -EPERM && geteuid() != 0 && !is_user_namespace) {
        user_rc = enter_user_namespace();
        is_user_namespace = user_rc == 0;
        if (is_user_namespace)
            rc = run_thread(make, &m);
    }
    if (rc == 0)
        rc = m.rc;
    if (rc == 0)
        return m.net;
    g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                "cannot isolate the network (%s: %s%s%s): run as root, or allow user namespaces "
                "(sysctl kernel.unprivileged_userns_clone=1, where AppArmor forbids them "
                "kernel.apparmor_restrict_unprivileged_userns=0), or leave \"isolate\" out",
                m.step, g_strerror(-rc), user_rc ? "; a user namespace: " : "",
                user_rc ? g_strerror(-user_rc) : "");
    return -1;
}

int wb_net_enter(int net)
{
    return setns(net, CLONE_NEWNET) < 0 ? -errno : 0;
}

typedef struct {
    int net;
    int rc;
    void (*fn)(void *data);
    void *data;
} Visit;

static void *visit(void *data)
{
    Visit *v = data;

    v->rc = wb_net_enter(v->net);
    if (v->rc == 0)
        v->fn(v->data);
    return NULL;
}

bool wb_net_run(int net, void (*fn)(void *data), void *data, GError **error)
{
    Visit v = {.net = net, .fn = fn, .data = data};
    int rc;

    if (net < 0) {
        fn(data);
        return true;
    }
    rc = run_thread(visit, &v);
    if (rc == 0)
        rc = v.rc;
    if (rc < 0)
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                    "cannot enter the server's network: %s", g_strerror(-rc));
    return rc == 0;
}
