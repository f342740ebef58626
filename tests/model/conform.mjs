// conform.mjs - replays what a simulated run sent over the wire against the
// rules of sync.pml: each has here the name that it has there. The model says
// what may follow; the first line of the trace that is none of it is told.
//
// usage: node conform.mjs TRACE...      traces of sim --wire
//   BEATBOOK_MODULES  the node_modules folder that has cborg
import { readFileSync } from 'node:fs'
import { encode, hex, read } from '../outside/cbor.mjs'
import { keyOf, openSign1, sha256 } from '../outside/cose.mjs'
import { readWire } from '../outside/tablet.mjs'

const [NONE, GAP, FORK, ENDED, ENROL, SEAL] = [0, 1, 2, 3, 4, 5]
const STATES = 4096 // that one trace may be in
const ZEROS = '00'.repeat(32)
const need = (holds, what) => { if (!holds) throw new Error(what) }
const linkOf = (before, leaf) =>
  hex(sha256(Buffer.from(before, 'hex'), Buffer.from(leaf, 'hex')))

// --- what is on the wire ---

const receiptOf = bytes => {
  const map = read(read(bytes).value[2])
  return { log: hex(map.get(1)), size: map.get(2), root: hex(map.get(3)),
    device: hex(map.get(4)), inc: hex(map.get(5)), held: map.get(6),
    link: hex(map.get(7)) }
}

const leaves = new Map() // an event is sent often: hashed once
function eventOf (bytes) {
  const key = Buffer.from(bytes).toString('latin1')
  if (!leaves.has(key)) {
    const { header, leaf } = readWire(bytes)
    const again = header.get(21)
    leaves.set(key, { leaf: hex(leaf), operation: header.get(16),
      repeats: again && [hex(again[0]), again[1]] })
  }
  return leaves.get(key)
}

function requestOf (text) {
  const map = read(Buffer.from(text, 'hex'))
  const events = (map.get(10) ?? []).map(eventOf)
  const seal = events.length > 0 ? read(read(map.get(11)).value[2]) : null
  return {
    inc: hex(map.get(3)),
    head: map.get(4),
    headLink: hex(map.get(5)),
    receipt: map.has(6) ? receiptOf(map.get(6)) : null,
    from: map.get(9),
    events,
    seal: seal && { inc: hex(seal[1]), n: seal[2], link: hex(seal[3]) }
  }
}

function replyOf (text, key) {
  const map = read(Buffer.from(text, 'hex'))
  if (!(map instanceof Map) || !map.has(15)) return null
  openSign1(read(map.get(5)), key, 'beatbook/receipt/1')
  const receipt = receiptOf(map.get(5))
  need(receipt.held === map.get(2) && receipt.link === hex(map.get(3)),
    'receipt and reply differ')
  return { held: map.get(2), link: hex(map.get(3)), stop: map.get(13) ?? NONE,
    receipt, text }
}

// --- the server: a state is never changed, only followed by others ---

const empty = { leaves: [], links: [ZEROS], closed: false }
const begin = { chains: new Map(), log: null, former: new Set() }
const chainOf = (state, inc) => state.chains.get(inc) ?? empty
const withChain = (state, inc, chain) =>
  ({ ...state, chains: new Map(state.chains).set(inc, chain) })

// (1) Must the receipt shown make it open another log? null: can't tell, the
// tree of that size was never seen.
function serverCompare ({ log, former }, shown) {
  if (shown === null) return false
  if (shown.log !== log.id) return !former.has(shown.log)
  if (shown.size > log.size) return true
  const root = log.roots.get(shown.size)
  return root === undefined ? null : root !== shown.root
}

// How far a push agrees with what is held; all that is, where it can't tell.
function common ({ leaves }, { events, from }) {
  const held = leaves.length
  const end = from > held + 1 ? held : Math.min(held, from + events.length - 1)
  for (let n = from; n <= end; n++) {
    if (events[n - from].leaf !== leaves[n - 1]) return n - 1
  }
  return held
}

// (2) The push: { state, stop, held }, `stop` a list of what may be said.
function serverTake (state, request) {
  const { inc, events, from, head, seal } = request
  const chain = chainOf(state, inc)
  const held = chain.leaves.length
  const last = events.length > 0 ? from + events.length - 1 : 0
  const isBehind = head < held && request.headLink === chain.links[head]
  const fork = () => ({ stop: [FORK],
    held: isBehind ? head : common(chain, request),
    state: chain.closed
      ? state
      : withChain(state, inc, { ...chain, closed: true }) })
  if (chain.closed) return fork()
  if (events.length > 0 && from > held + 1) {
    return { state, stop: [NONE], held }
  }
  let next = chain
  if (events.length > 0) {
    const all = chain.leaves.slice(0, from - 1).concat(
      events.map(({ leaf }) => leaf))
    const links = chain.links.slice(0, from)
    for (let n = from; n <= last; n++) {
      links[n] = linkOf(links[n - 1], all[n - 1])
    }
    if (seal.inc !== inc || seal.n !== last) {
      return { state, stop: [SEAL], held }
    }
    const common = Math.min(held, last)
    if (links[common] !== chain.links[common] || seal.link !== links[last]) {
      return fork()
    }
    if (last > held) next = { ...chain, leaves: all, links }
  }
  const now = next.leaves.length
  const taken = next === chain ? state : withChain(state, inc, next)
  if (head >= now) return { state: taken, stop: [NONE], held: now }
  return request.headLink === next.links[head]
    ? { state: taken, stop: [GAP], held: head }
    : fork()
}

// States that answer alike, once: what was tried twice is not done twice.
function different (states) {
  const seen = new Map()
  for (const state of states) {
    const chains = [...state.chains].map(([inc, { links, closed }]) =>
      `${inc}${links.at(-1)}${closed}`).sort()
    seen.set(`${state.log?.id} ${state.log?.size} ${chains}`, state)
  }
  return [...seen.values()]
}

// What the server's trees are after that answer.
function grow (state, receipt, shown, isOther) {
  const { log } = state
  if (isOther) {
    return { ...state, former: new Set(state.former).add(log.id).add(shown.log),
      log: { id: receipt.log, size: receipt.size,
      roots: new Map([[receipt.size, receipt.root]]) } }
  }
  need(receipt.size >= log.size, 'the log has shrunk')
  const root = log.roots.get(receipt.size)
  need(root === undefined || root === receipt.root,
    'equal sizes, other roots')
  return { ...state, log: { ...log, size: receipt.size,
    roots: new Map(log.roots).set(receipt.size, receipt.root) } }
}

// deliver: the state after an answer, or an error that says why it can't be.
function deliver (before, request, reply) {
  const must = serverCompare(before, request.receipt)
  const isOther = reply.receipt.log !== before.log.id
  need(must === null || must === isOther, must
    ? 'a receipt that is no prefix of the log, and no log-restart'
    : 'a log-restart that nothing asked for')
  const { state, stop, held } = serverTake(before, request)
  // An ended or forked device is told so where nothing worse is to be told.
  const said = [ENDED, ENROL].includes(reply.stop) ? NONE : reply.stop
  need(stop.includes(said) || reply.stop === ENDED,
    `stop ${reply.stop}, the model says ${stop}`)
  need(reply.held === held, `held ${reply.held}, the model says ${held}`)
  need(reply.link === chainOf(state, request.inc).links[held],
    'another link than the one that was sent')
  return grow(state, reply.receipt, request.receipt, isOther)
}

// --- a tablet ---

const newTablet = () => ({ ever: new Set(), held: new Map(),
  shut: new Map(), log: null, isKnown: true })

// What it asks has to follow from what it was told.
function checkRequest (tablet, { inc, head, receipt, from, events }) {
  if (!tablet.isKnown) return
  if (receipt !== null) {
    need(tablet.ever.has(receipt.root + receipt.link),
      'it shows a receipt that it never got')
  }
  const most = tablet.held.get(inc)?.most ?? 0
  need(events.length === 0 || from <= most + 1,
    `it sends from ${from} on, and ${most} are under a receipt`)
  const shut = tablet.shut.get(inc)
  need(shut === undefined || head <= shut.head,
    'it writes on in an incarnation that was stopped')
  for (const { repeats } of events) {
    const old = repeats && tablet.shut.get(repeats[0])
    need(!old || repeats[1] > old.held,
      'it repeats what a receipt covers')
  }
}

// tablet_apply. `asked`: the heads that it had told.
function tabletApply (tablet, { receipt, stop, held, link }, asked) {
  const { inc } = receipt
  if (tablet.log !== receipt.log) { // all counts as not acknowledged
    tablet.held = new Map([...tablet.held].map(([name, was]) =>
      [name, { now: 0, most: was.most }]))
  }
  tablet.log = receipt.log
  tablet.ever.add(receipt.root + receipt.link)
  const was = tablet.held.get(inc) ?? { now: 0, most: 0 }
  const head = asked.get(inc) ?? 0
  if (held <= head && (stop === NONE || stop === ENDED || stop === ENROL)) {
    tablet.held.set(inc, { now: Math.max(held, was.now),
      most: Math.max(held, was.most), link })
  }
  if (stop !== GAP && stop !== FORK) return
  const shut = tablet.shut.get(inc)
  if (!shut) {
    tablet.shut.set(inc, { head, held: was.now })
  } else if (stop === FORK) { // given back, and another copy came first
    tablet.shut.set(inc, { ...shut, held: Math.min(shut.held, was.now) })
  }
}

// --- a trace ---

const LINES = ['key', 'ask', 'hear', 'put-back', 'ruined', 'clone', 'back-up',
  'restore']

class Replay {
  constructor () {
    Object.assign(this, { states: [begin], backups: new Map(), tablets: [],
      asked: [], acked: new Map(), counts: {}, putBacks: 0, restores: 0,
      repeated: new Set() })
  }

  count (what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  tablet (i) {
    this.asked[i] ??= new Map()
    return (this.tablets[i] ??= newTablet())
  }

  key (x, y) {
    const part = text => Uint8Array.from(Buffer.from(text, 'hex'))
    this.serverKey = keyOf(encode(new Map([[1, 2], [-1, 1], [-2, part(x)],
      [-3, part(y)]])))
  }

  ask (i, status, request, answer) {
    const tablet = this.tablet(i)
    if (request === '-') return
    const asked = requestOf(request)
    checkRequest(tablet, asked)
    const { inc, head } = asked
    this.asked[i].set(inc, Math.max(head, this.asked[i].get(inc) ?? 0))
    const reply = status === '200' ? replyOf(answer, this.serverKey) : null
    if (reply === null) { // done or not done: both may be
      this.count('exchanges without an answer')
      this.states = different(this.states.flatMap(
        state => [state, serverTake(state, asked).state]))
      need(this.states.length <= STATES, 'too many answers in a row lost')
      return
    }
    this.count('exchanges')
    for (const { repeats } of asked.events) {
      if (repeats) this.repeated.add(repeats.join(':'))
    }
    if (reply.stop !== NONE) this.count(`stop ${reply.stop}`)
    this.name(reply.receipt.log)
    const [next, why] = [[], []]
    for (const state of this.states) {
      try {
        next.push(deliver(state, asked, reply))
      } catch (error) {
        why.push(error.message)
      }
    }
    need(next.length > 0, why.join('; or '))
    if (next[0].former.size > this.states[0].former.size) {
      this.count('log restarts')
    }
    this.states = different(next)
  }

  // The first log has no name before its first receipt; copies were made.
  name (log) {
    const named = state => state.log === null
      ? { ...state, log: { id: log, size: 0, roots: new Map() } }
      : state
    if (this.states[0].log !== null) return
    this.states = this.states.map(named)
    for (const [n, states] of this.backups) {
      this.backups.set(n, states.map(named))
    }
  }

  hear (i, err, answer) {
    const tablet = this.tablet(i)
    let reply = null
    try {
      reply = replyOf(answer, this.serverKey)
    } catch {} // cut or garbled
    if (err !== '0') {
      if (reply !== null) { // it may have died behind the commit
        tablet.ever.add(reply.receipt.root + reply.receipt.link)
        const { inc, held } = reply.receipt
        const was = tablet.held.get(inc) ?? { now: 0, most: 0 }
        tablet.held.set(inc, { ...was, most: Math.max(was.most, held) })
      }
      this.count('answers not applied')
      return
    }
    if (reply === null) return
    this.count('answers applied')
    tabletApply(tablet, reply, this.asked[i])
    if (reply.stop === GAP || reply.stop === FORK) return
    this.acked.set(`${reply.receipt.inc}:${reply.held}`,
      [reply.receipt.inc, reply.held, reply.link])
  }

  'put-back' (i) {
    this.putBacks++
    this.count('tablets put back')
    this.tablets[i] = { ...newTablet(), isKnown: false }
  }

  // Made anew from what is left: it knows less than it was told.
  ruined (i) {
    this.count('stores ruined')
    this.tablets[i] = { ...newTablet(), isKnown: false }
  }

  clone (i, j) {
    this.count('folders copied')
    this.tablets[j] = structuredClone(this.tablet(i))
    this.asked[j] = new Map(this.asked[i])
  }

  'back-up' (n) {
    this.count('backups')
    this.backups.set(n, this.states)
  }

  restore (n) {
    this.restores++
    this.count('servers put back')
    this.states = this.backups.get(n)
  }

  // Nothing acknowledged is missing; one machine alone may have had it.
  end () {
    if (this.putBacks > 0 && this.restores > 0) return
    const [state] = this.states
    for (const [inc, held, link] of this.acked.values()) {
      const chain = chainOf(state, inc)
      need(held === 0 || chain.closed || chain.links[held] === link ||
        this.repeated.has(`${inc}:${held}`),
      `${inc}:${held}: acknowledged, and not there at the end`)
    }
    this.count('runs in which all that was acknowledged is there')
  }

  run (file) {
    let at = 0
    try {
      for (const line of readFileSync(file, 'latin1').split('\n')) {
        at++
        const [, what, ...rest] = line.split(' ')
        if (LINES.includes(what)) {
          this[what](...rest)
        }
      }
      this.end()
      return true
    } catch (error) {
      console.log(`${file}, line ${at}: ${error.message}`)
      return false
    }
  }
}

const total = {}
let broken = 0
for (const file of process.argv.slice(2)) {
  const replay = new Replay()
  broken += !replay.run(file)
  for (const [what, n] of Object.entries(replay.counts)) {
    total[what] = (total[what] ?? 0) + n
  }
}
console.log(Object.entries(total).map(([what, n]) => `${n} ${what}`)
  .join(', '))
process.exitCode = broken > 0 ? 1 : 0
