#include "core/merkle.h"

#include <string.h>

#include "core/crypto.h"
#include "tests/hex.h"
#include "tests/test.h"

#define LEAVES 130 /* beyond 2^7, so that each shape of tree occurs */
#define LEVELS 9

/* The stored nodes, as the server's table holds them. */
struct nodes {
    struct hash at[LEVELS][LEAVES];
    bool held[LEVELS][LEAVES];
    unsigned fail_at; /* counts down; the one at 1 fails */
};

static enum err put_node(void *ctx, unsigned level, uint64_t index,
                         const struct hash *node)
{
    struct nodes *nodes = ctx;

    ASSERT(level < LEVELS);
    ASSERT(index < LEAVES);
    if (nodes->fail_at > 0 && --nodes->fail_at == 0) {
        return ERR_IO;
    }
    nodes->at[level][index] = *node;
    nodes->held[level][index] = true;
    return ERR_OK;
}

static enum err get_node(void *ctx, unsigned level, uint64_t index,
                         struct hash *out)
{
    const struct nodes *nodes = ctx;

    if (level >= LEVELS || index >= LEAVES || !nodes->held[level][index]) {
        return ERR_NOT_FOUND;
    }
    *out = nodes->at[level][index];
    return ERR_OK;
}

/* Leaf data: its number, so that all differ. */
static struct bytes leaf(uint64_t i)
{
    static uint8_t numbers[LEAVES];

    numbers[i] = (uint8_t)i;
    return (struct bytes){ &numbers[i], 1 };
}

/* RFC 6962 section 2.1, word for word: MTH of leaves [start, start + n);
 * what was computed once is kept. */
static struct hash naive_root(uint64_t start, uint64_t n)
{
    static struct hash kept[LEAVES][LEAVES + 1];
    static bool is_kept[LEAVES][LEAVES + 1];
    uint8_t text[65] = { 0 };
    struct hash out;
    struct hash left;
    struct hash right;
    uint64_t k = 1;

    if (n == 0) {
        crypto_sha256((struct bytes){ NULL, 0 }, &out);
        return out;
    }
    if (is_kept[start][n]) {
        return kept[start][n];
    }
    if (n == 1) {
        crypto_sha256_2((struct bytes){ text, 1 }, leaf(start), &out);
        return out;
    }
    while (2 * k < n) {
        k *= 2;
    }
    left = naive_root(start, k);
    right = naive_root(start + k, n - k);
    text[0] = 1;
    memcpy(text + 1, left.bytes, 32);
    memcpy(text + 33, right.bytes, 32);
    crypto_sha256((struct bytes){ text, sizeof(text) }, &out);
    kept[start][n] = out;
    is_kept[start][n] = true;
    return out;
}

/* Section 2.1.1: PATH(m, D[n]). */
static void naive_path(uint64_t m, uint64_t start, uint64_t n,
                       struct merkle_proof *p)
{
    uint64_t k = 1;

    if (n <= 1) {
        return;
    }
    while (2 * k < n) {
        k *= 2;
    }
    if (m < k) {
        naive_path(m, start, k, p);
        p->nodes[p->count++] = naive_root(start + k, n - k);
    } else {
        naive_path(m - k, start + k, n - k, p);
        p->nodes[p->count++] = naive_root(start, k);
    }
}

/* Section 2.1.2: SUBPROOF(m, D[n], b). */
static void naive_subproof(uint64_t m, uint64_t start, uint64_t n, bool b,
                           struct merkle_proof *p)
{
    uint64_t k = 1;

    if (m == n) {
        if (!b) {
            p->nodes[p->count++] = naive_root(start, n);
        }
        return;
    }
    while (2 * k < n) {
        k *= 2;
    }
    if (m <= k) {
        naive_subproof(m, start, k, b, p);
        p->nodes[p->count++] = naive_root(start + k, n - k);
    } else {
        naive_subproof(m - k, start + k, n - k, false, p);
        p->nodes[p->count++] = naive_root(start, k);
    }
}

static void assert_same(const struct merkle_proof *got,
                        const struct merkle_proof *want)
{
    assert_int_equal(got->count, want->count);
    assert_memory_equal(got->nodes, want->nodes,
                        got->count * sizeof(got->nodes[0]));
}

static struct nodes *grow(struct merkle *m, uint64_t size)
{
    struct nodes *nodes = calloc(1, sizeof(*nodes));

    ASSERT(nodes != NULL);
    merkle_init(m);
    for (uint64_t i = 0; i < size; i++) {
        assert_ok(merkle_append(m, leaf(i), put_node, nodes));
    }
    return nodes;
}

static void the_root_is_that_of_the_rfc_at_every_size(void **state)
{
    struct merkle m;
    struct hash root;
    struct hash want;

    (void)state;
    merkle_init(&m);
    for (uint64_t i = 0; i <= LEAVES; i++) {
        merkle_root(&m, &root);
        want = naive_root(0, i);
        assert_memory_equal(&root, &want, sizeof(root));
        if (i < LEAVES) {
            assert_ok(merkle_append(&m, leaf(i), NULL, NULL));
        }
    }
}

static void every_audit_path_is_that_of_the_rfc_and_holds(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, LEAVES);

    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        const struct hash root = naive_root(0, size);

        for (uint64_t i = 0; i < size; i++) {
            struct merkle_proof want = { .count = 0 };
            struct merkle_proof got;

            naive_path(i, 0, size, &want);
            assert_ok(merkle_prove(i, size, get_node, nodes, &got));
            assert_same(&got, &want);
            assert_ok(merkle_check(leaf(i), i, size, &got, &root));
        }
    }
    free(nodes);
}

static void every_prefix_proof_is_that_of_the_rfc_and_holds(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, LEAVES);
    struct hash roots[LEAVES + 1];

    (void)state;
    for (uint64_t size = 0; size <= LEAVES; size++) {
        roots[size] = naive_root(0, size);
    }
    for (uint64_t size = 0; size <= LEAVES; size++) {
        for (uint64_t old = 0; old <= size; old++) {
            struct merkle_proof want = { .count = 0 };
            struct merkle_proof got;

            if (old > 0) {
                naive_subproof(old, 0, size, true, &want);
            }
            assert_ok(merkle_prove_prefix(old, size, get_node, nodes, &got));
            assert_same(&got, &want);
            assert_ok(merkle_check_prefix(old, &roots[old], size, &roots[size],
                                          &got));
        }
    }
    free(nodes);
}

static void a_proof_holds_for_nothing_else(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, 21);
    struct merkle_proof p;
    struct hash root;

    (void)state;
    merkle_root(&m, &root);
    for (uint64_t i = 0; i < 21; i++) {
        assert_ok(merkle_prove(i, 21, get_node, nodes, &p));
        for (uint64_t j = 0; j < 22; j++) {
            assert_err(merkle_check(leaf(j), i, 21, &p, &root),
                       i == j ? ERR_OK : ERR_BAD_HASH);
            assert_err(merkle_check(leaf(i), j, 21, &p, &root),
                       i == j ? ERR_OK : ERR_BAD_HASH);
        }
        for (size_t n = 0; n < p.count; n++) {
            p.nodes[n].bytes[31] ^= 1;
            assert_err(merkle_check(leaf(i), i, 21, &p, &root), ERR_BAD_HASH);
            p.nodes[n].bytes[31] ^= 1;
        }
        p.count--;
        assert_err(merkle_check(leaf(i), i, 21, &p, &root), ERR_BAD_HASH);
        p.count += 2;
        p.nodes[p.count - 1] = root;
        assert_err(merkle_check(leaf(i), i, 21, &p, &root), ERR_BAD_HASH);
    }
    free(nodes);
}

static void a_rewritten_log_is_not_a_prefix(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, 21);
    struct merkle_proof p;
    struct hash root;

    (void)state;
    merkle_root(&m, &root);
    for (uint64_t old = 1; old < 21; old++) {
        struct hash old_root = naive_root(0, old);

        assert_ok(merkle_prove_prefix(old, 21, get_node, nodes, &p));
        old_root.bytes[0] ^= 1;
        assert_err(merkle_check_prefix(old, &old_root, 21, &root, &p),
                   ERR_BAD_HASH);
        old_root.bytes[0] ^= 1;
        p.nodes[0].bytes[0] ^= 1;
        assert_err(merkle_check_prefix(old, &old_root, 21, &root, &p),
                   ERR_BAD_HASH);
        p.nodes[0].bytes[0] ^= 1;
        p.count--;
        assert_err(merkle_check_prefix(old, &old_root, 21, &root, &p),
                   ERR_BAD_HASH);
        p.count++;
        assert_err(merkle_check_prefix(22, &old_root, 21, &root, &p),
                   ERR_BAD_HASH);
    }
    free(nodes);
}

static void what_is_not_there_cannot_be_proved(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, 5);
    struct merkle_proof p;

    (void)state;
    assert_err(merkle_prove(5, 5, get_node, nodes, &p), ERR_NOT_FOUND);
    assert_err(merkle_prove(0, 0, get_node, nodes, &p), ERR_NOT_FOUND);
    assert_err(merkle_prove(0, UINT64_MAX, get_node, nodes, &p), ERR_NOT_FOUND);
    assert_err(merkle_prove(0, 6, get_node, nodes, &p), ERR_NOT_FOUND);
    assert_err(merkle_prove_prefix(6, 5, get_node, nodes, &p), ERR_NOT_FOUND);
    free(nodes);
}

static void a_failed_store_leaves_the_tree_as_it_was(void **state)
{
    struct merkle m;
    struct nodes *nodes = grow(&m, 7);
    struct hash before;
    struct hash after;

    (void)state;
    merkle_root(&m, &before);
    for (unsigned at = 1; at <= 4; at++) { /* the eighth closes 4 levels */
        nodes->fail_at = at;
        assert_err(merkle_append(&m, leaf(7), put_node, nodes), ERR_IO);
        merkle_root(&m, &after);
        assert_true(hash_eq(&before, &after));
    }
    assert_ok(merkle_append(&m, leaf(7), put_node, nodes));
    merkle_root(&m, &after);
    before = naive_root(0, 8);
    assert_true(hash_eq(&before, &after));
    free(nodes);
}

/* Leaves, roots and proofs of the Certificate Transparency project's own
 * tests of RFC 6962. */
static void the_published_tree_of_eight_leaves_is_ours(void **state)
{
    static const char *const leaves[] = {
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    };
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    static const char *const six_of_eight[] = {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    };
    struct nodes *nodes = calloc(1, sizeof(*nodes));
    struct merkle_proof p;
    struct merkle m;
    struct hash root;
    char text[65];

    (void)state;
    ASSERT(nodes != NULL);
    merkle_init(&m);
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        struct hex h = hex_new(leaves[i]);

        assert_ok(merkle_append(&m, hex_bytes(h), put_node, nodes));
        free(h.data);
        merkle_root(&m, &root);
        hex_format(root.bytes, 32, text);
        assert_string_equal(text, roots[i]);
    }
    assert_ok(merkle_prove_prefix(6, 8, get_node, nodes, &p));
    assert_int_equal(p.count, ARRAY_LEN(six_of_eight));
    for (size_t i = 0; i < p.count; i++) {
        hex_format(p.nodes[i].bytes, 32, text);
        assert_string_equal(text, six_of_eight[i]);
    }
    free(nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_that_of_the_rfc_at_every_size),
        cmocka_unit_test(every_audit_path_is_that_of_the_rfc_and_holds),
        cmocka_unit_test(every_prefix_proof_is_that_of_the_rfc_and_holds),
        cmocka_unit_test(a_proof_holds_for_nothing_else),
        cmocka_unit_test(a_rewritten_log_is_not_a_prefix),
        cmocka_unit_test(what_is_not_there_cannot_be_proved),
        cmocka_unit_test(a_failed_store_leaves_the_tree_as_it_was),
        cmocka_unit_test(the_published_tree_of_eight_leaves_is_ours),
    };

    return RUN_TESTS(tests);
}
