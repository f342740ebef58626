// merge.mjs - what a record is, from its events (PROTOCOL.md, section 3).
import { encode, hex, read } from './cbor.mjs'

const WRITES = [1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 26, 27]
const STRIKE = 3

const nameOf = (incarnation, sequence) => `${hex(incarnation)}:${sequence}`

// What a refused body says counts only where it can be read.
function bodyOf ({ body, name }, refused) {
  try {
    const map = body === null ? new Map() : read(body)
    if (map instanceof Map || !refused.has(name)) return map
  } catch (error) {
    if (!refused.has(name)) throw error
  }
  return new Map()
}

function nodeOf (event, refused) {
  const { header } = event
  const writes = WRITES.includes(header.get(16))
  const body = writes ? bodyOf(event, refused) : new Map()
  const own = header.get(3)
  const bases = new Map([...body.get(2) ?? []].map(([id, refs]) => [id,
    refs.map(ref => Array.isArray(ref) ? nameOf(...ref) : nameOf(own, ref))]))
  const again = header.get(21)
  return {
    event,
    bases,
    name: event.name,
    isRefused: refused.has(event.name),
    isApplied: writes && !refused.has(event.name),
    isStrike: header.get(16) === STRIKE,
    values: body.get(1) ?? new Map(),
    parent: body.get(3),
    former: [...header.get(22) ?? [], ...again === undefined ? [] : [again]]
      .map(place => nameOf(...place))
  }
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

// By (hlc, device, incarnation, sequence).
function byOrder ({ event: a }, { event: b }) {
  const [x, y] = [a.header, b.header]
  return compare(BigInt(x.get(5)), BigInt(y.get(5))) ||
    compare(a.device, b.device) || compare(hex(x.get(3)), hex(y.get(3))) ||
    compare(x.get(4), y.get(4))
}

// One node for events that share their first place, and a function from a
// name to the node it means.
function resolve (nodes) {
  const firstOf = new Map()
  for (const { name, former } of nodes) {
    for (const place of former.length > 0 ? [...former.slice(1), name] : []) {
      firstOf.set(place, former[0])
    }
  }
  const first = name => {
    for (const seen = new Set(); firstOf.has(name) && !seen.has(name);) {
      seen.add(name)
      name = firstOf.get(name)
    }
    return name
  }
  const meant = new Map()
  for (const isRefused of [false, true]) {
    const places = new Set(meant.keys())
    for (const node of nodes.filter(n => n.isRefused === isRefused)
      .sort(byOrder)) {
      const place = first(node.name)
      if (places.has(place)) continue
      if (!meant.has(place) || node.name === place) meant.set(place, node)
    }
  }
  return { nodes: [...meant.values()], find: name => meant.get(first(name)) }
}

function replaced (graph, id) {
  const gone = new Set()
  const mark = node => {
    for (const name of node.bases.get(id) ?? []) {
      const base = graph.find(name)
      if (base === undefined || base === node || gone.has(base)) continue
      gone.add(base)
      if (base.isRefused) mark(base)
    }
  }
  graph.nodes.filter(node => node.isApplied).forEach(mark)
  return gone
}

const isCodes = value => Array.isArray(value) && value.length === 2 &&
  value.every(Array.isArray)

function pastOf (graph, id, from) {
  const past = new Set()
  const walk = node => {
    for (const name of node.bases.get(id) ?? []) {
      const base = graph.find(name)
      if (base === undefined || base === from || past.has(base)) continue
      past.add(base)
      if (base.isApplied) walk(base)
    }
  }
  walk(from)
  return past
}

// Codes that some event added which no removal has seen.
function setOf (graph, id, writers) {
  const members = new Map()
  const removals = writers.filter(node => node.values.get(id)[1].length > 0)
    .map(node => [node.values.get(id)[1], pastOf(graph, id, node)])
  for (const node of writers) {
    for (const code of node.values.get(id)[0]) {
      if (!removals.some(([codes, past]) =>
        codes.includes(code) && past.has(node))) {
        members.set(hex(encode(code)), code)
      }
    }
  }
  return [...members].sort(([a], [b]) => compare(a, b)).map(([, c]) => c)
}

function fieldOf (graph, id) {
  const gone = replaced(graph, id)
  const applied = graph.nodes.filter(node => node.isApplied)
  const writers = applied.filter(({ values }) => values.has(id))
  const heads = applied.filter(node => !gone.has(node) &&
    (node.isStrike || node.values.has(id))).sort(byOrder)
    .map(({ values }) => values.get(id)) // undefined: struck
  const isSet = writers.every(({ values }) => isCodes(values.get(id)))
  const different = new Set(heads.map(
    value => value === undefined ? '' : hex(encode(value))))
  return {
    id,
    heads,
    codes: isSet ? setOf(graph, id, writers) : null,
    isConflict: !isSet && different.size > 1
  }
}

// merge(events of one record, names of refused events)
export function merge (events, refused) {
  const graph = resolve(events.map(event => nodeOf(event, refused)))
  const applied = graph.nodes.filter(node => node.isApplied)
  const ids = new Set(applied.flatMap(({ values }) => [...values.keys()]))
  const fields = [...ids].sort(compare).map(id => fieldOf(graph, id))
  return {
    fields,
    parent: applied.map(node => node.parent).find(id => id !== undefined),
    isConflict: fields.some(field => field.isConflict),
    isStruck: applied.some(node => node.isStrike) && fields.every(
      ({ heads }) => heads.every(value => value === undefined))
  }
}
