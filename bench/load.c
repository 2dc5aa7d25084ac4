/* The load generator: one thread, epoll (Linux), keep-alive connections to a server on this machine, one JSON object at the end.
 *
 *   cc -O2 -std=c11 -o load load.c && load --port 8000 --path /responses --connections 32 --seconds 5 < bodies
 *
 * Standard input holds one body a line; each request sends one of them by chance. Where a body holds the mark below, a
 * fresh UUIDv7 takes its place, so that no submission comes twice. With --duplicates each is sent twice, one right after
 * the other, mostly on two connections.
 *
 * Closed loop: each connection sends when its last request was answered. Open loop (--rate): requests are due at fixed
 * moments whatever the server does, and "due" counts from there; "sent" counts from the moment a connection was free to
 * send it. Answers are counted that arrive in the --seconds after the --warm-up, or until --count of them are a 201.
 *
 * A line "begin" says when the measured time begins.
 *
 * Written in C because the generator shares the machine with what it measures: a few microseconds a request. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MARK "00000000-0000-0000-0000-000000000000"
#define HEAD_LIMIT 8192
#define PATIENCE 10.0 /* seconds until a request counts as timed out */
#define AT_ONCE 16    /* connections opened together: a burst that overflows the server's queue waits a second for TCP */
#define PAUSE 0.01    /* seconds between attempts to reach a server that takes no connections */
#define GRACE PATIENCE /* seconds in which the last requests may still be answered, so that none is torn */

/* PARKED: answered once before the clock starts, by a server that closes after each answer. */
enum state { LOST, PARKED, CONNECTING, IDLE, SENDING, HEAD, SIZED, CHUNK_SIZE, CHUNK, TRAILER, UNTIL_CLOSE };

struct request {
    char *text;
    size_t length, id; /* id: where the mark stands, 0 for nowhere */
};

struct connection {
    int fd, status;
    enum state state;
    bool last; /* the server said that it closes after this answer */
    double due, sent, retry; /* retry: not to be opened again before */
    char *request;
    size_t length, written, remaining, have;
    char head[HEAD_LIMIT + 1];
};

struct samples {
    float *due, *sent;
    size_t count, room;
};

static struct {
    int port, connections;
    const char *path, *origin, *type;
    double rate, warm_up, seconds;
    long count;
    bool duplicates;
} wanted = {.connections = 32, .path = "/", .origin = "http://127.0.0.1", .type = "application/json", .seconds = 5};

static struct request *prepared, repeated;
static size_t kinds, longest;
static struct connection *all, **idle;
static int idle_count, parked_count, lost_count, in_flight, queue;
static struct samples stored, refused;
static long statuses[1000], resets, closed, timeouts, unreached;
static unsigned long next_due;
static double begin = 1e300, finish; /* until the clock starts, nothing is counted */
static bool begun, over, again;

static void stop(const char *why) {
    fprintf(stderr, "load: %s\n", why);
    exit(2);
}

static void *room(void *old, size_t bytes) {
    void *new = realloc(old, bytes);
    if (!new) stop("no memory is left");
    return new;
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* xorshift64*: quick, and good enough to tell submissions apart together with the time in their ids. */
static uint64_t chance(void) {
    static uint64_t state;
    while (!state)
        if (getrandom(&state, sizeof state, 0) != sizeof state) stop("no randomness");
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return state * 2685821657736338717ULL;
}

static void write_id(char *at) {
    static const char digits[] = "0123456789abcdef";
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t time = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000, one = chance(), two = chance();
    uint64_t high = time << 16 | 0x7000 | (one & 0x0fff), low = (two & ~(3ULL << 62)) | 2ULL << 62;
    for (int digit = 0, place = 0; digit < 32; digit++, place++) {
        if (place == 8 || place == 13 || place == 18 || place == 23) place++;
        at[place] = digits[(digit < 16 ? high >> (60 - 4 * digit) : low >> (124 - 4 * digit)) & 15];
    }
}

static void read_bodies(void) {
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        if (line[length - 1] == '\n') line[--length] = 0;
        if (!length) continue;
        struct request one = {0};
        int written = asprintf(&one.text,
                               "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\nContent-Type: %s\r\n"
                               "Content-Length: %zd\r\n\r\n%s",
                               wanted.path, wanted.port, wanted.origin, wanted.type, length, line);
        if (written < 0) stop("no memory is left");
        one.length = (size_t)written;
        const char *mark = strstr(one.text, MARK);
        one.id = mark ? (size_t)(mark - one.text) : 0;
        if (one.length > longest) longest = one.length;
        prepared = room(prepared, (kinds + 1) * sizeof *prepared);
        prepared[kinds++] = one;
    }
    free(line);
    if (!kinds) stop("no bodies on standard input");
}

static void open_connection(struct connection *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wanted.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) stop("no socket is left");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    c->state = CONNECTING;
    connect(c->fd, (struct sockaddr *)&address, sizeof address); /* how it went is told by the first event */
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    epoll_ctl(queue, EPOLL_CTL_ADD, c->fd, &event);
}

static bool waits_for_answer(const struct connection *c) { return c->state >= SENDING; }

/* Closes a connection; a new one is opened in the next turn of the loop. */
static void lose(struct connection *c) {
    if (waits_for_answer(c)) in_flight--;
    if (c->state == IDLE)
        for (int i = 0; i < idle_count; i++)
            if (idle[i] == c) idle[i] = idle[--idle_count];
    close(c->fd);
    c->state = LOST;
    lost_count++;
}

static void flush(struct connection *c) {
    while (c->written < c->length) {
        ssize_t sent = send(c->fd, c->request + c->written, c->length - c->written, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return;
        if (sent < 0) {
            resets++;
            lose(c);
            return;
        }
        c->written += (size_t)sent;
    }
    c->state = HEAD;
    c->have = 0;
}

static void ask(struct connection *c, double due, double now) {
    if (wanted.duplicates && again) {
        memcpy(c->request, repeated.text, c->length = repeated.length);
    } else {
        const struct request *one = &prepared[chance() % kinds];
        memcpy(c->request, one->text, c->length = one->length);
        if (one->id) write_id(c->request + one->id);
        if (wanted.duplicates) memcpy(repeated.text, c->request, repeated.length = c->length);
    }
    again = !again;
    c->due = due, c->sent = now, c->written = 0, c->last = false;
    c->state = SENDING;
    in_flight++;
    flush(c);
}

/* Begins whatever a free connection has to do: the next request at once, or at the moment it is due. */
static void free_for_next(struct connection *c, double now) {
    if (!begun || over || wanted.rate > 0) {
        c->state = IDLE;
        idle[idle_count++] = c;
    } else {
        ask(c, now, now);
    }
}

static void keep(struct samples *in, double due, double sent) {
    if (in->count == in->room) {
        in->room = in->room ? in->room * 2 : 1 << 16;
        in->due = room(in->due, in->room * sizeof(float));
        in->sent = room(in->sent, in->room * sizeof(float));
    }
    in->due[in->count] = (float)due;
    in->sent[in->count++] = (float)sent;
}

static void answered(struct connection *c) {
    double now = seconds_now();
    if (!over && now >= begin) {
        statuses[c->status]++;
        keep(c->status == 201 ? &stored : &refused, now - c->due, now - c->sent);
        if (wanted.count && (long)stored.count >= wanted.count) finish = now;
    }
    if (c->last) {
        lose(c);
        if (!begun) lost_count--, parked_count++, c->state = PARKED;
        return;
    }
    in_flight--;
    free_for_next(c, now);
}

/* The value of a header, or NULL. `head` ends with an empty line. */
static const char *header(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n"))
        if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':')
            return line + 3 + length + strspn(line + 3 + length, " \t");
    return NULL;
}

static bool is(const char *value, const char *word) { return value && !strncasecmp(value, word, strlen(word)); }

/* Reads the head of an answer and says whether it is one. */
static bool read_head(struct connection *c) {
    c->status = strncmp(c->head, "HTTP/1.", 7) ? 0 : atoi(c->head + 9);
    if (c->status < 200 || c->status > 999) return false;
    const char *length = header(c->head, "Content-Length"), *connection = header(c->head, "Connection");
    c->last = is(connection, "close") || (c->head[7] == '0' && !is(connection, "keep-alive"));
    c->have = 0;
    if (is(header(c->head, "Transfer-Encoding"), "chunked")) {
        c->state = CHUNK_SIZE;
    } else if (length || c->status == 204 || c->status == 304) {
        c->remaining = length ? strtoul(length, NULL, 10) : 0;
        c->state = SIZED;
    } else {
        c->state = UNTIL_CLOSE;
        c->last = true;
    }
    return true;
}

/* Takes one line into `head` and says whether it is whole; `*taken` bytes of `data` were part of it. */
static bool take_line(struct connection *c, const char *data, size_t size, size_t *taken) {
    const char *end = memchr(data, '\n', size);
    *taken = end ? (size_t)(end - data) + 1 : size;
    if (c->have + *taken > HEAD_LIMIT) stop("a line of an answer is too long");
    memcpy(c->head + c->have, data, *taken);
    c->have += *taken;
    c->head[c->have] = 0;
    return end != NULL;
}

/* Feeds bytes of an answer. Bodies are skipped, not kept. False: this is no answer. */
static bool feed(struct connection *c, const char *data, size_t size) {
    for (size_t taken; waits_for_answer(c); data += taken, size -= taken) {
        bool whole;
        switch (c->state) {
        case HEAD:
            if (!size) return true;
            whole = take_line(c, data, size, &taken);
            if (whole && c->have >= 4 && !memcmp(c->head + c->have - 4, "\r\n\r\n", 4) && !read_head(c)) return false;
            break;
        case SIZED:
            taken = size < c->remaining ? size : c->remaining;
            c->remaining -= taken;
            if (c->remaining) return true;
            if (taken != size) return false; /* nothing was asked that these bytes could answer */
            answered(c);
            return true;
        case CHUNK_SIZE:
            if (!size) return true;
            if (take_line(c, data, size, &taken)) {
                c->remaining = strtoul(c->head, NULL, 16);
                c->state = c->remaining ? CHUNK : TRAILER;
                c->remaining += 2; /* the line end after a chunk */
                c->have = 0;
            }
            break;
        case CHUNK:
            if (!size) return true;
            taken = size < c->remaining ? size : c->remaining;
            c->remaining -= taken;
            if (!c->remaining) c->state = CHUNK_SIZE;
            break;
        case TRAILER:
            if (!size) return true;
            if (take_line(c, data, size, &taken)) {
                if (c->have == 2) {
                    answered(c);
                    return true;
                }
                c->have = 0;
            }
            break;
        case UNTIL_CLOSE: return true;
        default: return false; /* an answer before the request was sent: some refuse by the head alone, then close */
        }
    }
    return true;
}

/* Reads what is there. The event is told once, so that after the server's last bytes its end has to be read as well. */
static void receive(struct connection *c, bool ends) {
    static char data[1 << 16];
    for (;;) {
        ssize_t size = recv(c->fd, data, sizeof data, 0);
        if (size < 0 && errno == EAGAIN) return;
        if (size <= 0) {
            if (c->state == UNTIL_CLOSE && size == 0) {
                answered(c);
                return;
            }
            *(c->state == IDLE ? &closed : &resets) += 1;
            lose(c);
            return;
        }
        if (!feed(c, data, (size_t)size)) {
            resets++;
            lose(c);
        }
        if (c->state == LOST || (!ends && (size_t)size < sizeof data)) return;
    }
}

static void handle(struct connection *c, uint32_t events, double now) {
    if (c->state == CONNECTING) {
        int error = 0;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
        if (error || events & EPOLLERR) {
            unreached++;
            c->retry = now + PAUSE;
            lose(c);
        } else if (events & EPOLLOUT) {
            begun ? free_for_next(c, now) : ask(c, now, now);
        }
        return;
    }
    if (events & EPOLLOUT && c->state == SENDING) flush(c);
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR) && c->state != LOST)
        receive(c, events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
}

static void look_after(double now, double *looked) {
    if (now - *looked < 0.1) return;
    *looked = now;
    for (int i = 0; i < wanted.connections; i++) {
        struct connection *c = &all[i];
        if (waits_for_answer(c) && now - c->sent > PATIENCE) {
            timeouts++;
            lose(c);
        }
    }
}

static void reopen(double now) {
    for (int i = 0; lost_count && i < wanted.connections; i++)
        if (all[i].state == LOST && all[i].retry <= now) {
            lost_count--;
            open_connection(&all[i]);
        }
}

static void wait_and_handle(double wait) {
    if (wait < 0) wait = 0;
    if (wait > (lost_count ? PAUSE : 0.1)) wait = lost_count ? PAUSE : 0.1;
    struct timespec timeout = {0, (long)(wait * 1e9)};
    struct epoll_event events[256];
    int count = epoll_pwait2(queue, events, 256, &timeout, NULL);
    double now = seconds_now();
    for (int i = 0; i < count; i++) handle(events[i].data.ptr, events[i].events, now);
}

/* Opens all connections, a few at a time, and has each answered once: many servers accept one connection a turn of their
 * loop, so that under load the last would wait for seconds. None is left without a request at a server that closes after each
 * answer: one process of such a server waits for it and serves nobody else. These answers are not counted. */
static void connect_all(void) {
    for (int i = 0; i < wanted.connections;) {
        int from = i;
        while (i < wanted.connections && i < from + AT_ONCE) open_connection(&all[i++]);
        for (double end = seconds_now() + PATIENCE; idle_count + parked_count < i;) {
            if (seconds_now() > end) stop("the server does not take or answer the connections");
            reopen(seconds_now());
            wait_and_handle(PAUSE);
        }
    }
    for (int i = 0; i < wanted.connections; i++)
        if (all[i].state == PARKED) all[i].state = LOST, lost_count++;
}

/* Says that the measured time begins, for whoever measures the server meanwhile. */
static void announce(void) {
    printf("begin\n");
    fflush(stdout);
}

static double due_at(double start, unsigned long number) { return start + (double)number / wanted.rate; }

static double processor_time(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void run(void) {
    connect_all();
    begun = true;
    double start = seconds_now(), looked = start;
    bool announced = false;
    begin = start + wanted.warm_up;
    finish = begin + wanted.seconds;
    if (wanted.rate <= 0)
        for (int standing = idle_count; standing; standing--) ask(idle[--idle_count], start, start);
    for (double now = start; !over || (in_flight && now < finish + GRACE); now = seconds_now()) {
        over = over || now >= finish;
        if (!announced && now >= begin) announce(), announced = true;
        look_after(now, &looked);
        reopen(now);
        double until = over ? finish + GRACE : announced ? finish : begin;
        if (wanted.rate > 0 && !over) {
            while (idle_count && due_at(start, next_due) <= now) {
                double due = due_at(start, next_due++);
                ask(idle[--idle_count], due, now);
            }
            if (idle_count && due_at(start, next_due) < until) until = due_at(start, next_due);
        }
        wait_and_handle(until - now);
    }
}

static int rising(const void *one, const void *two) {
    float a = *(const float *)one, b = *(const float *)two;
    return (a > b) - (a < b);
}

static void print_percentiles(const char *name, float *of, size_t count) {
    static const struct { const char *name; double part; } wanted_parts[] = {{"p50", .5}, {"p95", .95}, {"p99", .99}, {"p999", .999}, {"most", 1}};
    qsort(of, count, sizeof *of, rising);
    printf(", \"%s\": {", name);
    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)(wanted_parts[i].part * (double)count);
        double value = count ? of[at < count ? at : count - 1] * 1e3 : 0;
        printf("%s\"%s\": %.3f", i ? ", " : "", wanted_parts[i].name, value);
    }
    printf("}");
}

static void report(void) {
    double took = finish - begin, offered = wanted.rate;
    printf("{\"rate\": %.1f, \"answers\": %zu, \"offered\": %.1f, \"took\": %.3f, \"statuses\": {", (double)stored.count / took,
           stored.count + refused.count, offered, took);
    for (int status = 0, first = 1; status < 1000; status++)
        if (statuses[status]) printf("%s\"%d\": %ld", first ? "" : ", ", status, statuses[status]), first = 0;
    printf("}");
    print_percentiles("due", stored.due, stored.count);
    print_percentiles("sent", stored.sent, stored.count);
    print_percentiles("refused", refused.sent, refused.count);
    printf(", \"resets\": %ld, \"closed\": %ld, \"timeouts\": %ld, \"unreached\": %ld, \"unanswered\": %d, \"processor\": %.3f}\n",
           resets, closed, timeouts, unreached, in_flight, processor_time());
}

static double number(const char *text) {
    char *end;
    double value = strtod(text, &end);
    if (*end || end == text || value < 0) stop("an option wants a number");
    return value;
}

int main(int count, char **words) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'},    {"path", 1, 0, 'a'},    {"origin", 1, 0, 'o'},  {"content-type", 1, 0, 't'}, {"connections", 1, 0, 'c'},
        {"rate", 1, 0, 'r'},    {"warm-up", 1, 0, 'w'}, {"seconds", 1, 0, 's'}, {"count", 1, 0, 'n'},        {"duplicates", 0, 0, 'd'},
        {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;) switch (option) {
        case 'p': wanted.port = (int)number(optarg); break;
        case 'a': wanted.path = optarg; break;
        case 'o': wanted.origin = optarg; break;
        case 't': wanted.type = optarg; break;
        case 'c': wanted.connections = (int)number(optarg); break;
        case 'r': wanted.rate = number(optarg); break;
        case 'w': wanted.warm_up = number(optarg); break;
        case 's': wanted.seconds = number(optarg); break;
        case 'n': wanted.count = (long)number(optarg); break;
        case 'd': wanted.duplicates = true; break;
        default: return 2;
        }
    if (wanted.port < 1 || wanted.port > 65535 || wanted.connections < 1) stop("--port and --connections want a whole number above 0");
    read_bodies();
    queue = epoll_create1(EPOLL_CLOEXEC);
    all = calloc((size_t)wanted.connections, sizeof *all);
    idle = calloc((size_t)wanted.connections, sizeof(struct connection *));
    if (queue < 0 || !all || !idle) stop("no memory is left");
    repeated.text = room(NULL, longest);
    for (int i = 0; i < wanted.connections; i++) all[i].request = room(NULL, longest);
    run();
    report();
    return 0;
}
