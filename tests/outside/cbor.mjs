// cbor.mjs - deterministic CBOR (PROTOCOL.md, section 1) over npm's cborg.
//
// cborg checks lengths, shortest integers and duplicate keys; encoding what it
// read once more and comparing finds all that is left (order of keys, broken
// UTF-8, floats that are whole numbers).
import { pathToFileURL } from 'node:url'

// BEATBOOK_MODULES: the node_modules folder of platform/linux/third-party.sh
const home = process.env.BEATBOOK_MODULES
const cborg = await import(
  home ? pathToFileURL(`${home}/cborg/cborg.js`).href : 'cborg')

const DEEPEST = 16
const TAGS = [16, 18, 96, 98]

export const { Tagged } = cborg

const options = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  tags: Object.fromEntries(
    TAGS.map(n => [n, decode => new Tagged(n, decode())]))
}

export const isBytes = (value, size) => value instanceof Uint8Array &&
  (size === undefined || value.length === size)
export const isInt = value =>
  typeof value === 'bigint' || Number.isSafeInteger(value)
export const isUint = value => isInt(value) && value >= 0
export const hex = bytes => Buffer.from(bytes).toString('hex')
export const encode = value => cborg.encode(value, cborg.rfc8949EncodeOptions)

// cborg writes false, true, null and integers only where it read such; a
// fraction would come back as it was, so it is looked for here.
function look (value, depth) {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new Error('a floating-point number')
  }
  let inner = []
  if (Array.isArray(value)) inner = value
  else if (value instanceof Map) inner = [...value.keys(), ...value.values()]
  else if (value instanceof Tagged) inner = [value.value]
  else return
  if (depth > DEEPEST) throw new Error('nested too deep')
  for (const item of inner) look(item, depth + 1)
}

// readFirst(bytes): [value, bytes of this item, what is left].
export function readFirst (bytes) {
  const [value, rest] = cborg.decodeFirst(bytes, options)
  const own = bytes.subarray(0, bytes.length - rest.length)
  look(value, 1)
  if (Buffer.compare(encode(value), own) !== 0) {
    throw new Error('not in the deterministic form')
  }
  return [value, own, bytes.subarray(own.length)]
}

export function read (bytes) {
  const [value, , rest] = readFirst(bytes)
  if (rest.length > 0) throw new Error('bytes after the item')
  return value
}

// readSequence(bytes): the values of a CBOR sequence (RFC 8742).
export function readSequence (bytes) {
  const all = []
  while (bytes.length > 0) {
    let value
    [value, , bytes] = readFirst(bytes)
    all.push(value)
  }
  return all
}
