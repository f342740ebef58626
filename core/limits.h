/*
 * limits.h - every limit of the program: how much, of what, and why.
 */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include <assert.h>
#include <stddef.h>

/* --- CBOR --- */

/* Our deepest message has 9 levels; deeper input is an attack. */
#define CBOR_DEPTH_MAX 16

/* --- events --- */

/* The fixed fields come to about 250 bytes; the rest is for blob hashes. */
#define HEADER_MAX_BYTES ((size_t)4 * 1024)
/* Photos and recordings that one event may name. */
#define HEADER_BLOBS_MAX 32
/* Places of an entry that was recorded again and again: the first one and
 * the latest; a tablet put back more often than this is a broken one. */
#define EVENT_PLACES_MAX 8
/* A statement of several pages in a four-byte script, and its fields; a
 * form definition with its texts. */
#define BODY_MAX_BYTES ((size_t)256 * 1024)
/* Fields of one event: the longest form has about 60. */
#define BODY_FIELDS_MAX 256
/* Values that one change may replace: one for each tablet that wrote. */
#define BODY_BASES_MAX 64
/* Longest text in one field, bytes of UTF-8. */
#define TEXT_MAX_BYTES ((size_t)64 * 1024)
/* A form's id, as in assets/forms. */
#define FORM_ID_MAX 32
/* An IANA zone name ("America/Argentina/ComodRivadavia" has 32). */
#define ZONE_MAX 40

/* --- clock --- */

/* How far another device's clock may move ours (architecture, 2). */
#define HLC_AHEAD_MAX_MS ((uint64_t)5 * 60 * 1000)
/*
 * What a tablet's clock may lie beyond what the server knows: later than the
 * entry's arrival, or earlier than the tablet's enrolment. The same five
 * minutes. An entry may wait for weeks in a drawer: that is no mark.
 */
#define CLOCK_OFF_MAX_MS ((int64_t)HLC_AHEAD_MAX_MS)

/* --- sync --- */

/* Events of one push, at its largest; shrinks 500 -> 100 -> 20 after cuts. */
#define SYNC_BATCH_MAX 500
/* One exchange body, packed: two minutes at 1 Mbit/s, far under it usually. */
#define SYNC_BODY_MAX_BYTES ((size_t)4 * 1024 * 1024)
/* The same unpacked (architecture 5: at most 16 x the input). */
#define SYNC_PLAIN_MAX_BYTES   ((size_t)16 * 1024 * 1024)
#define SYNC_INFLATE_RATIO_MAX 16
/* After a connection was cut, and after it was cut again. */
#define SYNC_BATCH_MID 100
#define SYNC_BATCH_MIN 20
/* An answer that took longer came over a slow line: what is sent next does
 * not grow. Four times as much would still be there in time. */
#define SYNC_QUICK_MS ((uint64_t)20 * 1000)
/* Wait after the first failure, ms; doubles up to the cap, then full jitter:
 * a dead spot lasts seconds, an outage hours. After one, all tablets are
 * back within the cap and what the last of them has to send: 15 minutes. */
#define SYNC_BACKOFF_FIRST_MS ((uint64_t)2000)
#define SYNC_BACKOFF_CAP_MS   ((uint64_t)10 * 60 * 1000)
/* How often an idle tablet looks for news. */
#define SYNC_POLL_MS ((uint64_t)60 * 1000)
/* On a metered link larger blobs (originals) wait for another. */
#define SYNC_METERED_BLOB_BYTES ((uint64_t)512 * 1024)
/* Photos both ways in a day on a link paid by the byte: some 400 small
 * pictures. 22 days of it are under half of a 1 GB contract. */
#define SYNC_METERED_DAY_BYTES ((uint64_t)20 * 1024 * 1024)
/* Officers with a wrap on one tablet: a team of 40 shares it at most. */
#define SYNC_OFFICERS_MAX 64
/* Subscriptions of one tablet: its officers, their teams and roles. */
#define SYNC_CURSORS_MAX 256
/* All of them on the wire and in the store: one takes 51 bytes at most. */
#define SYNC_CURSORS_MAX_BYTES ((size_t)SYNC_CURSORS_MAX * 64 + 16)
/* Blobs that one exchange asks about, and that one receipt names. */
#define SYNC_BLOBS_MAX 64
/* Own files that can't be read, or arrived damaged so many times: passed
 * over for a while, so that the rest goes up. */
#define SYNC_STUCK_MAX   64
#define SYNC_STUCK_TRIES 2
/* Then they are looked at again: a disk may get well. As the longest wait
 * between two requests, so that they cost next to nothing. */
#define SYNC_STUCK_MS ((uint64_t)10 * 60 * 1000)
/* Old pages given back in one exchange after a log restart. */
#define SYNC_OFFERS_MAX 4
/* Packed bytes of events in one push or page; the rest waits its turn. */
#define SYNC_EVENTS_MAX_BYTES ((size_t)2 * 1024 * 1024)
/* And of one that shrank after cuts; one event goes however long it is. The
 * last is what the slowest line that a server bears carries in a minute. */
#define SYNC_EVENTS_MID_BYTES ((size_t)256 * 1024)
#define SYNC_EVENTS_MIN_BYTES ((size_t)16 * 1024)
/* Unpacked whatever its input: a short answer has no use for a ratio. */
#define ZPACK_FLOOR_BYTES ((size_t)4 * 1024)
/* zstd window, log2: 1 MiB. */
#define SYNC_WINDOW_LOG 20

/* --- forms and other JSON --- */

/* What one event can carry. */
#define JSON_MAX_BYTES BODY_MAX_BYTES
/* Form, fields, group, its fields, choices, choice: 7 levels. */
#define JSON_DEPTH_MAX 12
/* The category list has about 2,500. */
#define JSON_NODES_MAX 16384

/* One form: its texts and choices, and what they point to. */
#define FORM_MAX_BYTES TEXT_MAX_BYTES
/* Fields of one form, those in its groups included. */
#define FORM_FIELDS_MAX 96
/* Field ids below are common to all forms (assets/forms/README.md). */
#define FORM_FIELD_ID_MIN 16
#define FORM_FIELD_ID_MAX 65535
/* Choices of one field: the countries' list is no form field. */
#define FORM_CHOICES_MAX 64
#define FORM_CODE_MAX    48
/* Categories that one form serves: the largest group has 22. */
#define FORM_CATEGORIES_MAX 64
/* Labels, hints and messages, bytes: they stand on a 10-inch screen. */
#define FORM_LABEL_MAX 240
/* Whom to call and what to bear in mind: they stand beside the questions. */
#define FORM_CALLS_MAX  4
#define FORM_ADVICE_MAX 6
/* Answers in one field: photos, persons, rows of a group, codes of a set. */
#define FORM_ITEMS_MAX 64
/* Problems that one check reports; the rest shows after the next save. */
#define FORM_PROBLEMS_MAX 32

/* The parsed category list: 2,500 nodes, its texts, twice over. */
#define CATEGORIES_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* Beats, hotspots, orders, streets and places of one council. */
#define AREAS_MAX 4096
/* All of them, parsed: 16 bytes of memory a point, and their texts. */
#define AREAS_MAX_BYTES ((size_t)32 * 1024 * 1024)
/* The GeoJSON file of all of them; one feature fits one text. */
#define AREAS_FILE_MAX_BYTES ((size_t)8 * 1024 * 1024)
/* A goal is for a shift. */
#define AREA_GOAL_MAX_MINUTES (24 * 60)

/* --- space on the tablet --- */

/* Kept free of photos, so that a shift's words, its track and the database
 * at work have room when a disk is nearly full: photos are refused first,
 * text last. */
#define SPACE_FOR_TEXT_BYTES ((uint64_t)64 * 1024 * 1024)

/* --- the track of a patrol --- */

/* Longer without a position is a gap: a receiver speaks each second. */
#define TRACK_GAP_MS ((uint64_t)20 * 1000)
/* Moving: a position each 8 m, a bend of a path, or 15 s. */
#define TRACK_STEP_MM 8000
#define TRACK_EACH_MS ((uint64_t)15 * 1000)
/* Still: within 15 m for a minute; then one a minute. */
#define TRACK_STILL_MM       15000
#define TRACK_STILL_AFTER_MS ((uint64_t)60 * 1000)
#define TRACK_STILL_EACH_MS  ((uint64_t)60 * 1000)
/* What a receiver that says nothing of it is taken to know: a street. */
#define TRACK_ACCURACY_UNKNOWN_MM 25000
/* A car gains 4 m/s each second at most, a blue-light run goes 160 km/h. */
#define TRACK_ACCEL_MM_S2    4000
#define TRACK_SPEED_MAX_MM_S 45000
/* Two poor positions may lie so far apart and be the same place. */
#define TRACK_SLACK_MAX_MM 60000
/* So many that agree with each other are believed. */
#define TRACK_DOUBTS_MAX 5
/* One event: two minutes, or 60 positions. A shift has 240 of them; what is
 * lost when the tablet dies is a gap of two minutes. */
#define TRACK_BATCH_MS     ((uint64_t)120 * 1000)
#define TRACK_BATCH_POINTS 60
/* Between two positions: a tablet that was off over a week-end. */
#define TRACK_DURATION_MAX_MS ((uint64_t)7 * 86400 * 1000)
/* Year 9999, and its mirror. */
#define TRACK_TIME_MAX_MS INT64_C(253402300799999)
/* Hotspots of one council that hold on one day. */
#define TABLET_HOTSPOTS_MAX 24
/* Corners of a line or area that was walked or drawn: so many that its text
 * is shorter than what one touch carries to the worker. */
#define DRAWN_POINTS_MAX 64
#define DRAWN_MAX_BYTES  ((size_t)2000)
/* Visits to one place that a patrol's list shows, the newest of them. */
#define VISITS_MAX 8
/* Bytes of an area's id, with its end; a council's are a few words long. */
#define AREA_ID_SIZE 64
/* Most that a council may let a shift count in one hotspot: a whole shift
 * (core/policy.h says what it does). */
#define TABLET_HOTSPOT_CAP_MAX_MS ((uint64_t)12 * 60 * 60 * 1000)

/* --- welfare --- */

/* What the console shows of calls for help and promised check-ins. */
#define ALARM_DAYS 7
#define ALARMS_MAX 200

/* Most that a council may leave between two "I'm OK", and between a missed
 * one and its alarm: longer would protect nobody (core/policy.h). */
#define WELFARE_EVERY_MAX_MS ((int64_t)4 * 60 * 60 * 1000)
#define WELFARE_GRACE_MAX_MS ((int64_t)30 * 60 * 1000)

/* Expressions (architecture, 9). The longest of ours has 150 bytes. */
#define EXPR_MAX_BYTES       512
#define EXPR_TOKENS_MAX      160
#define EXPR_DEPTH_MAX       16
#define EXPR_NAME_MAX        32
#define EXPR_NAMES_MAX       (FORM_FIELDS_MAX + FORM_FIELD_ID_MIN)
#define EXPR_VALUE_MAX_BYTES (64 * 1024)
#define EXPR_VDBE_OP_MAX     1000
/* In place of architecture's 10 ms: the core has no clock. */
#define EXPR_STEPS_MAX 10000

/* --- blobs --- */

/* STREAM chunk of plain text (architecture, 4). */
#define BLOB_CHUNK_BYTES ((size_t)64 * 1024)
/* A 12 MP photo at quality 85 is about 4 MB; ten times that. */
#define BLOB_MAX_BYTES ((size_t)40 * 1024 * 1024)
/* One PATCH: a lost connection costs at most this. */
#define BLOB_PART_MAX_BYTES ((size_t)256 * 1024)
/* After cuts, pieces shrink to this. */
#define BLOB_PART_MIN_BYTES ((size_t)16 * 1024)

/* Small pictures of one answer: forty of 25 KiB; a cut costs at most this. */
#define BLOB_FETCH_MAX_BYTES ((size_t)1024 * 1024)
/* Pictures that the server hasn't got either, of one look: each is a
 * question in vain, and they come when their author's tablet syncs. */
#define BLOB_MISSES_MAX 128

/* What a draft keeps of one photo: two names, hashes and keys. */
#define CAPTURE_ROW_MAX_BYTES ((size_t)1024)

/* An encrypted blob: a tag for each chunk, and a header. */
#define BLOB_FILE_MAX_BYTES \
    (BLOB_MAX_BYTES + (BLOB_MAX_BYTES / BLOB_CHUNK_BYTES + 2) * 64)

/* --- the safety copy --- */

/* Items of one frame: the largest event, and many small ones. */
#define SAFETY_FRAME_MAX_BYTES ((size_t)1024 * 1024)
/* One made anew lies in memory up to here: some 8,000 entries. */
#define SAFETY_WHOLE_MAX_BYTES ((size_t)8 * 1024 * 1024)
/* One save, as it is read again: an import of 60,000 rows. */
#define SAFETY_PENDING_MAX_BYTES ((size_t)256 * 1024 * 1024)
/* The file grows by this: most saves then change no length, which would
 * cost a second write of the file system's own. */
#define SAFETY_GROW_BYTES ((size_t)256 * 1024)

/* --- the hand-over file --- */

/* One item: a push of events with the last one above its limit. */
#define HANDOVER_ITEM_MAX_BYTES \
    (SYNC_EVENTS_MAX_BYTES + HEADER_MAX_BYTES + BODY_MAX_BYTES + (size_t)8192)
/* A tablet's month of photos; what a stick formatted with FAT32 can't hold
 * in one file is told by the stick. */
#define HANDOVER_MAX_BYTES ((uint64_t)64 * 1024 * 1024 * 1024)
/* Files in it: 32 bytes each are kept in memory until the receipt. */
#define HANDOVER_FILES_MAX ((size_t)100 * 1000)
/* A file that another tablet carries: uploaded as a blob is. */
#define PARCEL_MAX_BYTES BLOB_FILE_MAX_BYTES
/* Parcels that one tablet carries at a time: it isn't its own work. */
#define PARCELS_MAX 64
/* The server's answer to one: a receipt for each chain and 64 files. */
#define HANDOVER_REPLY_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* --- enrolment --- */

/* "https://" and a DNS name with its port; a name has at most 253. */
#define ENROL_URL_MAX 270
/* A PKCS#10 request of a P-256 key has about 250 bytes. */
#define ENROL_CSR_MAX_BYTES ((size_t)4 * 1024)
/* A certificate of ours has about 600 bytes; a council's own may be larger. */
#define ENROL_CERT_MAX_BYTES ((size_t)8 * 1024)
/* Roots that one tablet may have missed: each serves for years. */
#define ENROL_CROSS_MAX 8
/* Officers that one tablet is told of: the largest council patrol has 150. */
#define ENROL_OFFICERS_MAX 512
/* Names, numbers and roles of people, bytes of UTF-8. */
#define ENROL_TEXT_MAX 200
/* A whole request or answer. */
#define ENROL_BODY_MAX_BYTES ((size_t)512 * 1024)

static_assert(ENROL_OFFICERS_MAX * (3 * (ENROL_TEXT_MAX + 3) + 20) +
                      4 * ENROL_CERT_MAX_BYTES + 8192 <=
                  ENROL_BODY_MAX_BYTES,
              "the longest answer to an enrolment fits its limit");

/* --- certificates --- */

/* A renewal that failed is tried again after this: months are left. */
#define SESSION_RENEW_RETRY_MS ((uint64_t)10 * 60 * 1000)
/* How long a wiped tablet offers what it has not sent: a stolen one is not
 * to stay open for more than that. */
#define SESSION_WIPE_OFFER_MS ((uint64_t)60 * 1000)
/* Two re-keys in a row: one that is granted and refused again goes no
 * faster round. */
#define SESSION_REKEY_RETRY_MS ((uint64_t)60 * 1000)

/* --- before a shift --- */

/* Entries of the own chain computed again: some shifts', in 20 ms. */
#define READY_EVENTS_MAX 2000

/* --- unlocking --- */

/* Officers with a wrap on one tablet: a team and its reliefs. */
#define KEYRING_SLOTS_MAX 64
/* An officer's number or name on the sign-in screen, bytes of UTF-8. */
#define KEYRING_TEXT_MAX 100
/* One wrap: 32 bytes of key, 50 of COSE around it; for the council 250. */
#define KEYRING_WRAP_MAX 320
/* The whole file of wraps. */
#define KEYRING_FILE_MAX_BYTES ((size_t)128 * 1024)
/* Wrong PINs in a row before an officer's wrap is dropped. */
#define KEYRING_TRIES_MAX 10
/* Argon2id (RFC 9106): memory is at least what takes 60 ms on a tablet; the
 * upper bounds keep a forged file from taking all of the machine. */
#define KDF_MEMORY_MIN_KIB (46 * 1024)
#define KDF_MEMORY_MAX_KIB (1024 * 1024)
#define KDF_PASSES_MAX     10
#define KDF_LANES_MAX      4
/* A PIN has at least four digits: ten tries and the device secret guard it,
 * not its length. */
#define PIN_MIN_BYTES 4
#define PIN_MAX_BYTES 64
/* A PIN is renewed once a quarter; for three days after that it still lets
 * in, for a weekend's shifts. */
#define PIN_AGE_MAX_MS ((int64_t)90 * 24 * 3600 * 1000)
#define PIN_GRACE_MS   ((int64_t)72 * 3600 * 1000)

static_assert(KEYRING_SLOTS_MAX *
                          (4 * KEYRING_WRAP_MAX + 3 * KEYRING_TEXT_MAX + 220) +
                      4096 <=
                  KEYRING_FILE_MAX_BYTES,
              "all wraps fit their file");

/* --- import --- */

/* A police.uk month of a whole force: 60,000 rows of 250 bytes. */
#define IMPORT_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* All events of a tablet at once, for a table of its records. */
#define EXPORT_MAX_BYTES ((size_t)1024 * 1024 * 1024)

/* --- platform --- */

/* One log file; there are two. About 10,000 lines, a month of patrols. */
#define LOG_FILE_MAX_BYTES ((size_t)1024 * 1024)
/* The device secret with its wrapping by a TPM. */
#define KEYSTORE_FILE_MAX_BYTES ((size_t)4 * 1024)
/* The small derivative: its longer side, its quality, its size at most. */
#define PHOTO_SMALL_PX        320
#define PHOTO_SMALL_QUALITY   80
#define PHOTO_SMALL_MAX_BYTES ((size_t)256 * 1024)
/* The large one, to look at and to draw on: as many pixels as a tablet's
 * screen has on its longer side; its quality as a camera's. */
#define PHOTO_LARGE_PX        1600
#define PHOTO_LARGE_QUALITY   90
#define PHOTO_LARGE_MAX_BYTES ((size_t)PHOTO_LARGE_PX * PHOTO_LARGE_PX * 3)
/* A camera nobody touches for so long is closed: it takes the battery. */
#define CAMERA_LOOK_MAX_MS 120000
/* A voice note is a paragraph, a video a moment: 24 and 700 kbit/s. */
#define VOICE_MAX_MS 300000
#define VIDEO_MAX_MS 30000
/* Whatever an encoder makes of that, a blob holds it with room to spare. */
#define RECORDING_MAX_BYTES (BLOB_MAX_BYTES / 2)
/* Cameras of 2026 have up to 200 megapixels, those of tablets 50; a PNG is
 * decoded whole: a screenshot has 10. */
#define PHOTO_PIXELS_MAX     ((uint64_t)100 * 1000 * 1000)
#define PHOTO_PNG_PIXELS_MAX ((uint64_t)40 * 1000 * 1000)
/* What decoding may take: the file, a progressive JPEG's coefficients. */
#define PHOTO_MEMORY_MAX_BYTES ((size_t)512 * 1024 * 1024)
#define PHOTO_TIMEOUT_MS       15000
/* The receiver's clock and ours agree within this: NMEA's own delay. */
#define GNSS_AGREE_MS ((int64_t)10 * 1000)
/* A receiver speaks each second; after this its time is no evidence. */
#define LOCATION_TIME_AGE_MS 10000
/* How fast stopping is noticed, and how often gpsd is sought. */
#define LOCATION_POLL_MS      250
#define LOCATION_RETRY_MIN_MS 100
#define LOCATION_RETRY_MAX_MS 10000
/* A satellite link needs 3 s for TCP and TLS; five times that. */
#define NET_CONNECT_TIMEOUT_MS 15000
/* A whole exchange where the caller gives no other: 4 MiB at 70 kB/s. */
#define NET_TIMEOUT_MS 60000
/* Slower than this for that long is a dead link; longer than a long poll. */
#define NET_SPEED_MIN_BYTES 16
#define NET_SPEED_TIME_S    60
/* A server may send a tablet away for a day, not longer. */
#define NET_RETRY_AFTER_MAX_S 86400
/* --- server: HTTP (reliability, 3.7) --- */

/* Request line and headers; browsers send about 1 KiB. */
#define HTTP_HEAD_MAX_BYTES ((size_t)16 * 1024)
#define HTTP_HEADERS_MAX    64
/* The largest body is a packed exchange; blobs come in smaller parts. */
#define HTTP_BODY_MAX_BYTES SYNC_BODY_MAX_BYTES
/* Forms of the console and enrolment: the web listener takes no more. */
#define HTTP_WEB_BODY_MAX_BYTES ((size_t)64 * 1024)
/* All bodies being received at once. */
#define HTTP_BODIES_MAX_BYTES ((size_t)64 * 1024 * 1024)
/* From the first byte of a request to the end of its head. */
#define HTTP_HEAD_MS 10000
/* A connection without a request; long enough for a tablet's next poll. */
#define HTTP_IDLE_MS 75000
/* One whole request and its answer, at the slowest. */
#define HTTP_TOTAL_MS 600000
/* A body slower than this, after the grace, holds memory for nothing. */
#define HTTP_RATE_MIN_BYTES_PER_S 250
#define HTTP_RATE_GRACE_MS        20000
/* Requests waiting for the store process; beyond: 503 and Retry-After. */
#define HTTP_STORE_QUEUE_MAX 128
/* A new request is told so, too, while the one that has waited longest for
 * the store has waited for this: half of what a person waits gladly. */
#define HTTP_STORE_WAIT_MS 1000
/* Said in Retry-After when the server is full. */
#define HTTP_RETRY_AFTER_S 5

/* Requests of one address to the web listener in one window: a console
 * page takes five, and an office may sit behind one address. */
#define HTTP_WEB_RATE_MAX       300
#define HTTP_WEB_RATE_WINDOW_MS ((uint64_t)10 * 1000)
/* Addresses that are told apart at once; more share a count. */
#define HTTP_WEB_RATE_SLOTS 1024

/* --- server: connections --- */

/* Below the usual 1,024 file descriptors of a process. */
#define CONN_MAX 800
/* One address, not counting tablets that showed their certificate: all of a
 * council may share one behind a router. */
#define CONN_PER_ADDRESS_MAX 200
/* One tablet's certificate: it needs two, and leaves some behind as it goes
 * from network to network; one alone can't fill the server. */
#define CONN_PER_DEVICE_MAX 16
/* So often the log says how many connections were turned away. */
#define CONN_TURNED_NOTE_MS 60000
/* From accept to the end of the TLS handshake: slow mobile links. */
#define CONN_HANDSHAKE_MS 15000
/* An answer of which nothing more can be written for so long. */
#define CONN_WRITE_STALL_MS 60000
/* After our last word, for the peer to read it. */
#define CONN_LINGER_MS 2000
/* Decrypted bytes on their way to the http process, for one connection. */
#define CONN_WINDOW_BYTES ((size_t)128 * 1024)
/* Encrypted bytes received and not yet decrypted: the window, a record. */
#define CONN_CIPHER_MAX_BYTES ((size_t)384 * 1024)

/* --- server: between its processes --- */

/* One frame: the largest body or page of downloads, and its headers. */
#define IPC_FRAME_MAX_BYTES (SYNC_PLAIN_MAX_BYTES + (size_t)64 * 1024)
/* The command line says all it has to say within this. */
#define CONTROL_READ_MS 2000
/* A child that dies sooner than this after its start will die again. */
#define SERVE_CRASH_MS 5000

static_assert(HEADER_BLOBS_MAX * 34 + EVENT_PLACES_MAX * 28 + 512 <=
                  HEADER_MAX_BYTES,
              "a header holds all that it may name");
static_assert(TEXT_MAX_BYTES + 4096 <= BODY_MAX_BYTES,
              "the longest text fits one body");
static_assert(BODY_MAX_BYTES + HEADER_MAX_BYTES + 4096 <= SYNC_BODY_MAX_BYTES,
              "the largest event fits one exchange");

/* Events of one record that the server merges: at each that arrives (the
 * work grows with the square), and when the page of it is asked for. */
#define DECIDE_INDEX_EVENTS_MAX 300
#define DECIDE_EVENTS_MAX       20000

/* Content stays on a tablet at least so many days after the council has it
 * (architecture, section 4), whatever the server says. */
#define PRUNE_DAYS_MIN 35
/* A server without a verified backup says a number of days since 1970. */
#define PRUNE_DAYS_MAX 3650
/* Records pruned with one answer: some 50 ms on a tablet. */
#define PRUNE_RECORDS 50

/* Briefings and tasks looked at for one screen, newest first. */
#define BRIEF_LIST_MAX 64
/* A task stays in the lists so long after it is due: into the next shift. */
#define TASK_KEEP_MS ((int64_t)12 * 3600 * 1000)

/* --- map --- */

/* A tile as it stands in the pack, packed, and unpacked: the densest one of
 * an English city centre at zoom 14 has 400 KiB. */
#define MVT_PACKED_MAX_BYTES ((size_t)1024 * 1024)
#define MVT_TILE_MAX_BYTES   ((size_t)4 * 1024 * 1024)
/* The same decoded: points take four times their bytes. */
#define MVT_MEMORY_MAX_BYTES ((size_t)32 * 1024 * 1024)
/* Our own packs have 8 layers, OpenMapTiles 16. */
#define MVT_LAYERS_MAX 32
/* Zoom levels of a pack; above, tiles are drawn larger. */
#define MAPPACK_ZOOM_MAX 22
/* Steps of SQLite for one look into a pack: a tile by its index takes some
 * 50, one from a view over two tables 200. */
#define MAPPACK_STEPS_MAX 100000
/* Letters of a search that are looked at, and names that are compared with
 * them: those that share most groups of three letters. */
#define MAPPACK_WORDS_MAX 48
#define MAPPACK_ALIKE_MAX 60
/* Names of one pack: Greater London has 300,000. */
#define MAPPACK_NAMES_MAX 500000

/* A drawing by hand (a signature): points, strokes, side of the paper in
 * dp. A quick signature has 200 points; what is stored stays below 16 KiB. */
#define STROKES_POINTS_MAX 1024
#define STROKES_MAX        64
#define STROKES_SIDE_MAX   4096
#define STROKES_BYTES_MAX  ((size_t)16 * 1024)
/* Patrols in a team leader's list, and entries of one: a long shift. */
#define REVIEW_LIST_MAX    48
#define REVIEW_ENTRIES_MAX 200
/* Starts, pauses and ends of one patrol; verdicts on it. */
#define REVIEW_STEPS_MAX    64
#define REVIEW_VERDICTS_MAX 32

#endif /* CORE_LIMITS_H */
