// notebook.mjs - one incarnation of a tablet that we are ourselves: events,
// links, seals (PROTOCOL.md, sections 2 to 4).
import { randomBytes } from 'node:crypto'
import { encode } from './cbor.mjs'
import { sha256, sign1 } from './cose.mjs'

export const bytes = size => Uint8Array.from(randomBytes(size))
export const hash = (...parts) => Uint8Array.from(sha256(...parts))
export const ZEROS = new Uint8Array(32)

// A UUIDv7 (RFC 9562): time, then random bits.
export function newRecord () {
  const id = bytes(16)
  Buffer.from(id.buffer).writeUIntBE(Date.now(), 0, 6)
  id[6] = 0x70 | (id[6] & 0x0f)
  id[8] = 0x80 | (id[8] & 0x3f)
  return id
}

const boot = bytes(16)
let clock = 0n
function nextHlc () {
  const now = BigInt(Date.now()) << 16n
  clock = clock < now ? now : clock + 1n
  return clock
}

export class Notebook {
  constructor (device, key) {
    Object.assign(this, { device, key, incarnation: bytes(16), events: [] })
  }

  get length () {
    return this.events.length
  }

  link (n) {
    return n === 0 ? ZEROS : this.events[n - 1].link
  }

  seal (n = this.length) {
    return sign1(this.key, encode([this.device, this.incarnation, n,
      this.link(n)]), 'beatbook/seal/1')
  }

  // write({ record, kind, operation, fields, header, body }): one event more.
  // `fields`: Map of the body's key 1; `header`: entries beside the usual
  // ones, null: without it; `body`: bytes in place of what `fields` makes.
  write ({ record = newRecord(), kind = 1, operation = 1, fields = new Map(),
    header = [], body = encode(new Map([[1, fields]])) } = {}) {
    const salt = bytes(16)
    const map = new Map([[1, 1], [2, this.device], [3, this.incarnation],
      [4, this.length + 1], [5, nextHlc()], [6, Date.now()],
      [7, Math.floor(process.uptime() * 1000)], [8, boot], [9, 60],
      [10, 'Europe/London'], [13, record], [14, kind], [15, 1],
      [16, operation], ...header])
    for (const [key, value] of header) {
      if (value === null) map.delete(key)
    }
    const short = encode(map)
    map.set(19, hash(salt, body))
    return this.add({ record, operation, fields, short, whole: encode(map),
      salt, body })
  }

  // add(event): takes bytes as they are, whatever they say.
  add (event) {
    event.leaf = hash(event.whole)
    event.link = hash(this.link(this.length), event.leaf)
    event.wire = event.wire ?? encode([event.short, event.salt, event.body])
    this.events.push(event)
    event.sequence = this.length
    return event
  }

  // fork(n): another notebook that agrees with this one up to n.
  fork (n) {
    const twin = new Notebook(this.device, this.key)
    twin.incarnation = this.incarnation
    twin.events = this.events.slice(0, n)
    return twin
  }
}
