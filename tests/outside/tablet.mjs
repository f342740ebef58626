// tablet.mjs - a tablet of our own: sends its events, checks what comes back
// (PROTOCOL.md, sections 5 and 7) and remembers what was acknowledged to it.
import { execFileSync } from 'node:child_process'
import { encode, hex, isBytes, isInt, isUint, read } from './cbor.mjs'
import { openSign1 } from './cose.mjs'
import { enrol } from './enrol.mjs'
import { isConsistent, rootFromPath } from './merkle.mjs'
import { hash, Notebook } from './notebook.mjs'
import { ask, Lost } from './wire.mjs'

export const STOP = { gap: 1, fork: 2, ended: 3, enrol: 4, seal: 5 }
const ROWS = 500
const BYTES = 1 << 20
const OFFERS = 4
const need = (holds, what) => { if (!holds) throw new Error(what) }
const isHash = value => isBytes(value, 32)
const isUuid = value => isBytes(value, 16)
const same = (a, b) => hex(a) === hex(b)
// Keys that we don't know are passed over, as the page says.
const isKeyed = (map, must) => map instanceof Map &&
  must.every(key => map.has(key))

// An answer that is not 200: what the server said of it.
export class Refused extends Error {
  constructor (status, map, headers) {
    super(`${status} ${map?.get(1) ?? ''} ${map?.get(2) ?? ''}`)
    Object.assign(this, { status, code: map?.get(1), headers })
  }
}

function unpack ({ headers, body }) {
  const type = headers['content-type']
  need(['application/cbor', 'application/zstd'].includes(type),
    `an answer of type ${type}`)
  return type === 'application/cbor'
    ? body
    : Uint8Array.from(execFileSync('zstd', ['-dcq', '--memory=1MiB'],
      { input: body, maxBuffer: 16 << 20 }))
}

function readReply (bytes) {
  const map = read(bytes)
  need(isKeyed(map, [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 15]),
    `a reply with the keys ${[...map.keys()]}`)
  need(map.get(1) === 1 && isUint(map.get(2)) && isHash(map.get(3)) &&
    isBytes(map.get(5)) && typeof map.get(9) === 'boolean' &&
    isUint(map.get(11)) && isUint(map.get(15)), 'a reply of another shape')
  for (const item of map.get(4)) {
    need(isKeyed(item, [1, 2, 3]) && isUint(item.get(1)) &&
      isUint(item.get(2)) && typeof item.get(3) === 'string', 'exception')
  }
  need(map.get(6).length <= ROWS, 'too many events')
  for (const item of map.get(6)) {
    need(isKeyed(item, [1, 2]) && isUint(item.get(1)) &&
      isBytes(item.get(2)), 'an entry of another shape')
  }
  for (const item of map.get(8)) {
    need(isKeyed(item, [1, 2, 3, 4]) && isUint(item.get(1)) &&
      isUuid(item.get(2)) && isUint(item.get(3)) && isUint(item.get(4)),
    'a cursor of another shape')
  }
  need(map.has(7) || map.get(6).length === 0, 'events without a page')
  need(!map.has(13) || Object.values(STOP).includes(map.get(13)), 'stop?')
  return map
}

// An event as it came: its header with key 19, body or null.
export function readWire (bytes) {
  const item = read(bytes)
  need(Array.isArray(item) && [1, 3].includes(item.length), 'no event')
  const header = read(item[0])
  if (item.length === 3) {
    need(isUuid(item[1]) && isBytes(item[2]), 'no body')
    need(!header.has(19), 'a commitment beside its body')
    header.set(19, hash(item[1], item[2]))
  }
  need(isUuid(header.get(2)) && isUuid(header.get(3)) &&
    isUint(header.get(4)) && isHash(header.get(19)), 'no header')
  return { header, leaf: hash(encode(header)), body: item[2] ?? null }
}

export class Tablet {
  static async join (code, via) {
    const tablet = new Tablet()
    Object.assign(tablet, await enrol(code, { via }), {
      cursors: [], chains: [], logs: new Map(), pages: [], got: new Map(),
      acked: new Map(), refused: new Map(), counts: {}, restarts: 0
    })
    tablet.open()
    return tablet
  }

  // A new incarnation, which names the one before.
  open () {
    const before = this.book
    this.book = new Notebook(this.device, this.keys.seal)
    this.book.held = 0
    this.chains.push(this.book)
    if (before !== undefined) {
      this.book.write({ kind: 15, operation: 39, record: this.device,
        fields: new Map([[19, before.incarnation], [20, before.length]]) })
    }
  }

  count (what, n = 1) {
    this.counts[what] = (this.counts[what] ?? 0) + n
  }

  get (path) {
    return this.send({ path })
  }

  async send (request) {
    const answer = await ask({ host: this.host, port: this.port,
      via: this.via, tls: this.tls, ...request })
    if (answer.status === 200) return answer
    const isCbor = answer.headers['content-type'] === 'application/cbor'
    throw new Refused(answer.status, isCbor ? read(answer.body) : null,
      answer.headers)
  }

  // The message for `book` with the events `from` to `to`; none when to < from.
  message ({ book = this.book, from = book.held + 1, to = book.length,
    offers = [] } = {}) {
    const events = book.events.slice(from - 1, to).map(event => event.wire)
    const map = new Map([[1, 1], [2, this.device], [3, book.incarnation],
      [4, book.length], [5, book.link(book.length)], [7, this.cursors],
      [8, this.officers.slice(0, 1).map(([id]) => id)], [12, ROWS],
      [13, BYTES]])
    if (this.receipt !== undefined) map.set(6, this.receipt)
    if (events.length > 0) {
      map.set(9, from).set(10, events).set(11, book.seal(to))
    }
    if (offers.length > 0) map.set(14, offers)
    return map
  }

  // exchange(options): one round trip, the answer checked and taken. `change`
  // may spoil the message; `body` is sent in its place.
  async exchange ({ change = () => {}, body, ...options } = {}) {
    const book = options.book ?? this.book
    if (body === undefined) {
      const map = this.message({ ...options, book })
      change(map)
      body = encode(map)
    }
    const answer = await this.send({ method: 'POST', path: '/v1/exchange',
      body, headers: { 'content-type': 'application/cbor' } })
    this.count('exchanges')
    return this.take(book, readReply(unpack(answer)))
  }

  // All or nothing, as the page says under "The tablet".
  take (book, reply) {
    const receipt = this.readReceipt(book, reply)
    const entries = reply.get(6).map(item =>
      ({ position: item.get(1), wire: item.get(2), ...readWire(item.get(2)) }))
    if (entries.length > 0) this.checkPage(receipt, entries, reply.get(7))
    const stop = reply.get(13)
    this.takeReceipt(book, receipt, reply)
    for (const { position, leaf, header } of entries) {
      this.got.set(`${hex(header.get(3))}:${header.get(4)}`,
        { leaf, position, log: hex(receipt.log) })
    }
    this.count('events received', entries.length)
    if (reply.get(8).length > 0) this.cursors = reply.get(8)
    for (const item of reply.get(4)) {
      this.refused.set(`${hex(book.incarnation)}:${item.get(1)}`, item.get(3))
    }
    return { reply, receipt, stop, held: reply.get(2), entries,
      hasMore: reply.get(9), exceptions: reply.get(4) }
  }

  readReceipt (book, reply) {
    const payload = read(openSign1(read(reply.get(5)), this.server,
      'beatbook/receipt/1'))
    this.count('receipts verified')
    need(isKeyed(payload, [1, 2, 3, 4, 5, 6, 7, 8]) &&
      isUuid(payload.get(1)) && isUint(payload.get(2)) &&
      isHash(payload.get(3)) && payload.get(8).every(isHash),
    'a receipt of another shape')
    need(same(payload.get(4), this.device) &&
      same(payload.get(5), book.incarnation), "another's receipt")
    need(payload.get(6) === reply.get(2) &&
      same(payload.get(7), reply.get(3)), 'receipt and reply differ')
    return { log: payload.get(1), size: payload.get(2), root: payload.get(3),
      held: payload.get(6), link: payload.get(7), blobs: payload.get(8) }
  }

  checkPage (receipt, entries, signed) {
    const page = read(openSign1(read(signed), this.server, 'beatbook/page/1'))
    const leaves = encode(entries.map(({ position, leaf }) =>
      new Map([[1, position], [2, leaf]])))
    need(isKeyed(page, [1, 2, 3]) && same(page.get(1), receipt.log) &&
      same(page.get(2), this.device) && same(page.get(3), hash(leaves)),
    'a page over other events')
    this.pages.push(new Map([[1, signed], [2, leaves],
      [3, entries.map(({ wire }) => wire)]]))
    this.count('pages verified')
  }

  takeReceipt (book, receipt, reply) {
    const log = hex(receipt.log)
    const known = this.logs.get(log)
    if (known !== undefined) {
      need(receipt.size >= known.size, 'the log has shrunk')
      need(receipt.size > known.size || same(receipt.root, known.root),
        'equal sizes, other roots')
    }
    const isFork = [STOP.fork, STOP.gap].includes(reply.get(13))
    const isOurs = receipt.held <= book.length &&
      same(receipt.link, book.link(receipt.held))
    need(isOurs || isFork, 'a receipt for a link that is not ours')
    if (this.newest !== undefined && this.newest !== log) {
      need(known === undefined, 'back to an older log')
      this.restarts++
      for (const chain of this.chains) chain.held = 0
      this.cursors = []
      this.isGivingBack = true
    }
    this.newest = log
    this.logs.set(log, { size: receipt.size, root: receipt.root })
    this.receipt = reply.get(5)
    if (!isOurs) return
    book.held = receipt.held
    for (const { leaf, sequence, record } of
      book.events.slice(0, receipt.held)) {
      this.acked.set(`${hex(book.incarnation)}:${sequence}`,
        { leaf, record, book })
    }
  }

  // sync(): until nothing waits and nothing more comes down.
  async sync () {
    let hasMore = true
    for (let turn = 0; hasMore || this.waiting > 0; turn++) {
      need(turn < 200, 'it does not end')
      const book = this.chains.find(b => !b.isShut && b.held < b.length) ??
        this.book
      const from = book.held + 1
      const offers = this.isGivingBack ? this.pages.slice(0, OFFERS) : []
      const done = await this.exchange({ book, from,
        to: Math.min(book.length, from + ROWS - 1), offers })
      if (offers.length > 0) this.pages.splice(0, OFFERS)
      if (this.isGivingBack && this.pages.length === 0) {
        this.isGivingBack = false
      }
      hasMore = done.hasMore || this.isGivingBack
      this.mustEnrol = done.stop === STOP.enrol // uploads go on
      need(!this.mustEnrol || done.entries.length === 0, 'it came down')
      if (done.stop === STOP.gap || done.stop === STOP.fork) this.again(book)
      else if (!this.mustEnrol) need(done.stop === undefined, `stop ${done.stop}`)
    }
    return this
  }

  get waiting () {
    return this.chains.filter(book => !book.isShut).reduce(
      (sum, book) => sum + book.length - book.held, 0)
  }

  // After a gap or a fork: what no receipt covers, once more.
  again (book) {
    book.isShut = true
    if (book === this.book) this.open()
    for (const event of book.events) {
      const name = `${hex(book.incarnation)}:${event.sequence}`
      if (this.acked.has(name) || event.operation === 39) continue
      this.book.write({ ...event, header: [...event.header ?? [],
        [21, [book.incarnation, event.sequence]]] }).repeats = event
    }
  }

  // --- proofs (section 7) ---

  async proof (query) {
    const map = read((await this.get(`/v1/proof?${query}`)).body)
    need(isUuid(map.get(1)) && isUint(map.get(2)) && isHash(map.get(3)) &&
      map.get(6).every(isHash), 'a proof of another shape')
    const point = read(openSign1(read(map.get(7)), this.server,
      'beatbook/checkpoint/1'))
    for (const key of [1, 2, 3]) {
      const [a, b] = [point.get(key), map.get(key)]
      need(isInt(a) ? a === b : same(a, b), 'a checkpoint of another tree')
    }
    return { size: map.get(2), root: map.get(3), path: map.get(6) }
  }

  async checkInclusion (leaf, index, log) {
    const { size, root, path } = await this.proof(`leaf=${index}&log=${log}`)
    const made = rootFromPath(leaf, index, size, path)
    need(made !== null && same(made, root), `leaf ${index} is not included`)
    this.count('inclusions proved')
  }

  // From the tree of the last receipt to the one of today.
  async checkConsistency (old = this.logs.get(this.newest)) {
    const now = await this.proof(`old=${old.size}`)
    need(isConsistent(old, now, now.path), 'the log was rewritten')
    this.count('consistencies proved')
    return now
  }
}

export { Lost }
