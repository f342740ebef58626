// hostile.mjs - what a tablet should not send, and what the page says that
// the server does about it (PROTOCOL.md, sections 5 and 8).
import { encode, hex, read, Tagged } from './cbor.mjs'
import { sign1 } from './cose.mjs'
import { enrol, enrolRequest, fetchRoot, newKeys, post,
  readCode } from './enrol.mjs'
import { hash, newRecord, ZEROS } from './notebook.mjs'
import { Refused, STOP } from './tablet.mjs'

const CATEGORY = 'ASB-04'
export const note = (text, more = []) => new Map([[1, CATEGORY],
  [2, Date.now()], [4, text], ...more])
const need = (holds, what) => { if (!holds) throw new Error(what) }
const flipped = (bytes, at = 0) => {
  const copy = Uint8Array.from(bytes)
  copy[at] ^= 1
  return copy
}

// Refused with that status, and nothing of it taken.
async function refuses (tablet, statuses, options) {
  const [size, held] = [tablet.logs.get(tablet.newest).size, tablet.book.held]
  try {
    const { reply } = await tablet.exchange(options)
    throw new Error(`it was taken: ${[...reply.keys()]}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    need(statuses.includes(error.status), `answered with ${error.message}`)
  }
  const { receipt } = await tablet.exchange({ to: 0 })
  need(receipt.size === size && receipt.held === held, 'some of it was taken')
}

// A book that has one event more, whatever `spoil` made of it, and the twin
// without it: what is pushed never becomes part of our own chain.
function spoiled (tablet, spoil) {
  const twin = tablet.book.fork(tablet.book.length)
  twin.held = tablet.book.held
  const good = twin.write({ fields: note('spoiled') })
  twin.events.pop()
  const event = { ...good, ...spoil(good, twin) }
  delete event.wire
  if (event.wireAs !== undefined) event.wire = event.wireAs
  twin.add(event)
  return twin
}

const header = (good, change) => {
  const map = read(good.short)
  change(map)
  const short = encode(map)
  map.set(19, hash(good.salt, good.body))
  return { short, whole: encode(map) }
}

// The same header, but one integer in a longer form than need be.
function longer (good) {
  const stretch = bytes => { // key 1 => 1 becomes 1 => 0x1801
    const at = bytes[0] >= 0xb8 ? 2 : 1
    return Uint8Array.from([...bytes.subarray(0, at + 1), 0x18, 1,
      ...bytes.subarray(at + 2)])
  }
  return { short: stretch(good.short), whole: stretch(good.whole) }
}

// --- whole messages ---

const messages = {
  'bytes after the message': [400, { change: null, tail: 1 }],
  'another version': [400, { change: map => map.set(1, 2) }],
  "another device's id": [[400, 403],
    { change: map => map.set(2, flipped(map.get(2))) }],
  'no incarnation': [400, { change: map => map.delete(3) }],
  'a key of another type': [400, { change: map => map.set(12, 'many') }],
  'a list that is a map': [400, { change: map => map.set(7, new Map()) }],
  'too many officers': [400, { change: map =>
    map.set(8, Array.from({ length: 65 }, newRecord)) }],
  'too many blobs': [400, { change: map =>
    map.set(15, Array.from({ length: 65 }, () => hash(newRecord()))) }],
  'events without the sequence of the first': [400, { one: true,
    change: map => map.delete(9) }],
  'a sequence of 0': [400, { one: true, change: map => map.set(9, 0) }],
  'events of another shape': [400, { one: true,
    change: map => map.set(10, [Uint8Array.of(0x80)]) }],
  'a floating-point number': [400, { float: true }]
}

async function sendMessages (tablet, tell) {
  for (const [name, [status, how]] of Object.entries(messages)) {
    const book = how.one ? spoiled(tablet, () => ({})) : tablet.book
    const map = tablet.message({ book })
    how.change?.(map)
    let body = encode(map)
    if (how.tail) body = Uint8Array.from([...body, 0])
    if (how.float) { // 12 => 500 becomes 12 => 500.0
      map.set(12, 1)
      const [head, rest] = [encode(map), Uint8Array.of(0x0c, 0x01, 0x0d)]
      const at = Buffer.from(head).indexOf(rest)
      body = Uint8Array.from([...head.subarray(0, at + 1), 0xf9, 0x5f, 0xd0,
        ...head.subarray(at + 2)])
    }
    await refuses(tablet, [status].flat(), { body, to: 0 })
    tell(name)
  }
}

// --- pushes that don't fit: nothing is taken ---

async function sendMisfits (tablet, tell) {
  const { book } = tablet
  const seal = payload => sign1(tablet.keys.seal, encode(payload),
    'beatbook/seal/1')
  const stops = async (name, stop, change, twin = spoiled(tablet, () => ({})),
    options = {}) => {
    const size = tablet.logs.get(tablet.newest).size
    const map = tablet.message({ book: twin, ...options })
    change(map, twin)
    const done = await tablet.exchange({ body: encode(map) })
    need(done.stop === stop, `${name}: stop ${done.stop}, not ${stop}`)
    need(done.held === book.held && done.receipt.size === size,
      `${name}: some of it was taken`)
    tell(name)
  }
  await stops('a seal with a bit turned', STOP.seal, map =>
    map.set(11, flipped(map.get(11), map.get(11).length - 1)))
  await stops('events without a seal', STOP.seal, map => map.delete(11))
  await stops('a seal by another key', STOP.seal, (map, twin) =>
    map.set(11, sign1(newKeys().seal, read(map.get(11)).value[2],
      'beatbook/seal/1')))
  await stops('a seal made as a receipt', STOP.seal, map =>
    map.set(11, sign1(tablet.keys.seal, read(map.get(11)).value[2],
      'beatbook/receipt/1')))
  await stops('a seal over another sequence', STOP.seal, (map, twin) =>
    map.set(11, seal([twin.device, twin.incarnation, twin.length - 1,
      twin.link(twin.length - 1)])))
  const gap = spoiled(tablet, () => ({}))
  gap.write({ fields: note('after a gap') })
  await stops('a seal by a key that only a tablet granted', STOP.seal, map =>
    map.set(11, sign1(ownGrant, read(map.get(11)).value[2],
      'beatbook/seal/1')))
  await stops('events after a gap', undefined, () => {}, gap,
    { from: gap.length })
  gap.write({ fields: note('and one more') })
  gap.held = book.held
  const map = tablet.message({ book: gap })
  map.set(10, [map.get(10)[0], map.get(10)[2]])
  await refuses(tablet, [400], { body: encode(map) })
  tell('a gap inside the events')
}

// --- headers and bodies that no receiver may take ---

const malformed = {
  'an integer in a longer form': longer,
  'a header above 4,096 bytes': good => header(good, map =>
    map.set(99, 'x'.repeat(4096))),
  'a header without a record': good => header(good, map => map.delete(13)),
  'a header with text for a time': good => header(good, map =>
    map.set(6, 'noon')),
  'a form without its version': good => header(good, map =>
    map.set(17, 'asb')),
  'an offset of a day': good => header(good, map => map.set(9, 1440)),
  'blobs out of order': good => header(good, map => map.set(20,
    [hash(Uint8Array.of(1)), hash(Uint8Array.of(2)),
      hash(Uint8Array.of(3))].sort((a, b) => hex(a) < hex(b) ? 1 : -1))),
  "another device's header": good => header(good, map =>
    map.set(2, flipped(map.get(2)))),
  'a body above 256 KiB': good => {
    const body = new Uint8Array((256 << 10) + 1)
    return { ...header({ ...good, body }, () => {}), body }
  }
}

async function sendMalformed (tablet, tell) {
  for (const [name, spoil] of Object.entries(malformed)) {
    await refuses(tablet, [400], { body: encode(
      tablet.message({ book: spoiled(tablet, spoil) })) })
    tell(name)
  }
}

// --- events that the server holds: applied, or refused with a reason ---

const ownGrant = newKeys().seal
const held = tablet => ({
  'an unknown operation': [true, { operation: 999 }],
  'an unknown kind': [true, { kind: 999 }],
  'an unknown field': [true, { fields: note('newer', [[9999, 'newer']]) }],
  'a newer envelope': [true, { header: [[1, 2], [99, 'newer']] }],
  'a header key of a newer version': [true, { header: [[99, [1, 'x']]] }],
  'a clock a hundred years ahead': [true, { header: [[6, 4948300000000]] }],
  'a clock before 1970': [true, { header: [[6, -86400000]] }],
  'a body that is not canonical': [false,
    { body: Uint8Array.of(0xa1, 0x01, 0xbf, 0xff) }],
  'a body that is not CBOR': [false, { body: Uint8Array.of(0xff) }],
  'a body without anything': [false, { body: new Uint8Array() }],
  'a grant of a seal key by a tablet': [false, { kind: 16,
    operation: 27, fields: new Map([[16, ownGrant.cose], [17, 'seal'],
      [18, tablet.device]]) }],
  'an order to erase by a tablet': [false, { operation: 32,
    record: tablet.book.events[0].record }]
})

async function sendHeld (tablet, tell) {
  const { book } = tablet
  for (const [name, [isApplied, how]] of Object.entries(held(tablet))) {
    const event = book.write({ fields: note(name), ...how })
    const behind = book.write({ fields: note(`behind ${name}`) })
    const done = await tablet.exchange()
    need(done.stop === undefined && done.held === book.length,
      `${name}: not held`)
    const numbers = done.exceptions.map(item => item.get(1))
    need(numbers.includes(event.sequence) === !isApplied,
      `${name}: ${isApplied ? 'refused' : 'not refused'}`)
    need(!numbers.includes(behind.sequence), `${name}: it blocks others`)
    event.isHostile = true
    tell(name)
  }
  const size = tablet.logs.get(tablet.newest).size
  const done = await tablet.exchange({ from: 1, to: book.length })
  need(done.receipt.size === size && done.held === book.length,
    'a push sent twice is stored twice')
  tell('everything sent once more')
}

// --- histories that part ---

async function sendForks (tablet, tell) {
  const { book } = tablet
  const at = book.length
  const twin = book.fork(at - 1)
  twin.held = at - 1
  twin.write({ fields: note('the other history') })
  twin.write({ fields: note('and on') })
  const forked = await tablet.exchange({ book: twin })
  need(forked.stop === STOP.fork, `a fork: stop ${forked.stop}`)
  tell('a fork')
  tablet.forked = { name: `${hex(book.incarnation)}:${at}`,
    kept: book.events.at(-1), branch: twin.events.at(-2) }
  for (let i = 0; i < 2; i++) {
    const more = book.write({ fields: note(`after the fork ${i}`) })
    const done = await tablet.exchange()
    need(done.stop === STOP.fork && done.held < more.sequence,
      'a forked incarnation is not closed')
  }
  tell('a closed incarnation')
  tablet.again(book)
  const done = await tablet.exchange()
  need(done.held === tablet.book.length, 'a new incarnation is not taken')
  tell('a new incarnation after a fork')

  const young = tablet.book.fork(tablet.book.length - 1)
  const gap = await tablet.exchange({ book: young, to: 0 })
  need(gap.stop === STOP.gap, `a head behind held: stop ${gap.stop}`)
  need(gap.held === young.length, 'the answer speaks of that head')
  tell('a head behind what the server holds')
}

// --- enrolment ---

const enrolments = {
  'a secret of nobody': [403, map => map.set(1, flipped(map.get(1)))],
  'a PKCS#10 with a bit turned': [400, map => {
    const der = map.get(2)
    map.set(2, flipped(der, der.length - 1))
  }],
  'a statement by another key': [400, map => map.set(4, read(sign1(
    newKeys().seal, hash(map.get(2)), 'beatbook/enrol/1')))],
  'a statement over another request': [400, (map, keys) => map.set(4,
    read(sign1(keys.seal, hash(Uint8Array.of(0)), 'beatbook/enrol/1')))],
  'a statement for something else': [400, (map, keys) => map.set(4,
    read(sign1(keys.seal, hash(map.get(2)), 'beatbook/rekey/1')))],
  'a key off the curve': [400, map => map.get(3).set(-2, new Uint8Array(32))],
  'one key more': [400, map => map.set(7, 0)],
  'one key less': [400, map => map.delete(6)],
  'a tag that is not ours': [400, map => {
    map.set(4, new Tagged(98, map.get(4).value))
  }]
}

// A good code stays good through all of it (one wrong secret of five), and is
// used up by the enrolment at the end.
async function sendEnrolments (text, via, tell) {
  const code = readCode(text)
  const root = await fetchRoot(code, via)
  const keys = newKeys()
  for (const [name, [status, change]] of Object.entries(enrolments)) {
    const answer = await post(code, root,
      enrolRequest(code, keys, map => change(map, keys)), via)
    need(answer.status === status, `${name}: ${answer.status}`)
    need(answer.map instanceof Map && answer.map.size === 2,
      `${name}: no words`)
    tell(name)
  }
  const first = await enrol(text, { via, keys })
  const again = await enrol(text, { via, keys })
  need(hex(first.device) === hex(again.device),
    'asked twice it makes two devices')
  tell('a code used again by the same key')
  const other = await post(code, root, enrolRequest(code, newKeys()), via)
  need(other.status === 403, `a used code: ${other.status}`)
  tell('a used code')
}

// hostile({ tablet, code, via }, tell): tell(NAME) for each that was met as
// the page says; throws at the first that was not.
export async function hostile ({ tablet, code, via }, tell) {
  tablet.book.write({ fields: note('before all hostility') })
  await tablet.sync()
  await sendMessages(tablet, tell)
  await sendHeld(tablet, tell)
  await sendMisfits(tablet, tell)
  await sendMalformed(tablet, tell)
  await sendForks(tablet, tell)
  await tablet.sync()
  need(tablet.mustEnrol, 'after a fork it may still download')
  tell('nothing comes down after a fork')
  await sendEnrolments(code, via, tell)
}
