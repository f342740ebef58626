// bundle.mjs - reads an evidence bundle (PROTOCOL.md, section 9) and checks
// what each file says by itself: shapes, hashes, the manifest's signature.
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hex, isBytes, isInt, isUint, read, readFirst } from './cbor.mjs'
import { keyOf, openSign1, sha256 } from './cose.mjs'

const BLOCK = 4096
const FIXED = ['chains.cborseq', 'checkpoint.cose', 'events.cborseq',
  'proofs.cborseq', 'records.csv', 'records.geojson', 'seals.cborseq']
const NAME_BLOB = /^blobs\/[0-9a-f]{64}$/

export const isHash = value => isBytes(value, 32)
export const isUuid = value => isBytes(value, 16)
const isList = (value, each) => Array.isArray(value) && value.every(each)
const need = (holds, what) => { if (!holds) throw new Error(what) }
const ascending = (list, before) =>
  list.every((item, i) => i === 0 || before(list[i - 1], item))

function listFiles (dir, under = '') {
  const names = []
  for (const name of readdirSync(join(dir, under)).sort()) {
    const path = under + name
    const is = lstatSync(join(dir, path))
    if (is.isDirectory() && path === 'blobs') {
      names.push(...listFiles(dir, 'blobs/'))
    } else if (is.isFile()) {
      names.push(path)
    } else {
      throw new Error(`${path}: neither a file nor the folder of blobs`)
    }
  }
  return names
}

function isFileItem (item) {
  return isList(item, () => true) && item.length === 4 &&
    (FIXED.includes(item[0]) || NAME_BLOB.test(item[0])) &&
    isUint(item[1]) && isHash(item[2]) && isList(item[3], isHash) &&
    item[3].length === Math.ceil(item[1] / BLOCK)
}

function checkManifestShape (map) {
  need(map instanceof Map && map.get(1) === 1, 'not a manifest of version 1')
  need(isUuid(map.get(2)) && typeof map.get(3) === 'string', 'no council')
  need(isInt(map.get(4)), 'no time')
  need([0, 1, 2, 3].includes(map.get(5)), 'no scope')
  need((map.get(5) === 0) === (map.get(6) === undefined), 'scope of what?')
  const files = map.get(8)
  need(isList(files, isFileItem), 'files of another shape')
  need(ascending(files, (a, b) => a[0] < b[0]), 'files out of order')
  need(FIXED.every(name => files.some(item => item[0] === name)),
    'not all the files that a bundle has')
  const absent = map.get(9) ?? []
  need(isList(absent, isHash) &&
    ascending(absent, (a, b) => hex(a) < hex(b)), 'list 9')
  const loose = map.get(10) ?? []
  need(isList(loose, isUint) && ascending(loose, (a, b) => a < b), 'list 10')
  for (const name of [9, 10]) {
    need(!map.has(name) || map.get(name).length > 0, 'an empty list')
  }
}

// (a) readManifest(dir): { map, key }; key is by its own word only.
function readManifest (dir) {
  const cose = read(readFileSync(join(dir, 'manifest.cose')))
  // The key stands inside what it signs: look first, then believe.
  const map = read(cose.value?.[2] ?? new Uint8Array())
  const key = keyOf(map.get(7))
  openSign1(cose, key, 'beatbook/manifest/1')
  checkManifestShape(map)
  return { map, key }
}

// (b) each file against the manifest; { name: bytes } of those that hold.
function readFiles (dir, manifest, wrong) {
  const found = listFiles(dir)
  const files = new Map()
  for (const [name, size, hash, blocks] of manifest.map.get(8)) {
    if (!found.includes(name)) {
      wrong(name, 'missing')
      continue
    }
    const bytes = readFileSync(join(dir, name))
    if (bytes.length !== size || hex(sha256(bytes)) !== hex(hash)) {
      const bad = blocks.findIndex((block, i) => hex(block) !==
        hex(sha256(bytes.subarray(i * BLOCK, (i + 1) * BLOCK))))
      wrong(name, `not as signed, from byte ${
        bad < 0 ? size : bad * BLOCK} on`)
    }
    files.set(name, bytes)
  }
  for (const name of found) {
    if (name !== 'manifest.cose' && !files.has(name)) {
      wrong(name, 'not in the manifest')
    }
  }
  return files
}

const isText = (value, most) => typeof value === 'string' &&
  value !== '' && Buffer.byteLength(value) <= most
const EVER = [1, 2, 3, 4, 5, 13, 14, 16, 19]
const HEADER_MOST = 4096

const OF_HEADER = {
  1: isUint, 2: isUuid, 3: isUuid, 4: n => isUint(n) && n > 0, 5: isUint,
  6: isInt, 7: isUint, 8: isUuid, 9: n => isInt(n) && n >= -1080 && n <= 1080,
  13: isUuid, 14: isUint,
  15: isUint, 16: isUint, 19: isHash
}
const MAY_HEADER = {
  10: n => isText(n, 39), 11: isInt, 12: isUuid,
  17: n => isText(n, 32),
  18: isUint,
  20: n => isList(n, isHash) && n.length >= 1 && n.length <= 32 &&
    ascending(n, (a, b) => hex(a) < hex(b)),
  21: n => isList(n, () => true) && n.length === 2 && isUuid(n[0]) &&
    isUint(n[1])
}

// A newer envelope is kept as it is: only its place is looked at.
function checkHeader (header) {
  const newer = header.get(1) !== 1
  for (const [key, holds] of Object.entries(OF_HEADER)) {
    if (newer && !EVER.includes(Number(key))) continue
    need(holds(header.get(Number(key))), `header key ${key}`)
  }
  if (newer) return
  for (const [key, holds] of Object.entries(MAY_HEADER)) {
    const value = header.get(Number(key))
    need(value === undefined || holds(value), `header key ${key}`)
  }
  need(header.has(17) === header.has(18), 'form without version')
}

export function eventOf (item) {
  need(isList(item, () => true) && item.length === 4, 'not an event')
  const [position, bytes, salt, body] = item
  need(isUint(position) && isBytes(bytes), 'not an event')
  need((salt === null) === (body === null), 'half a body')
  need(salt === null || (isUuid(salt) && isBytes(body)), 'not a body')
  need(bytes.length <= HEADER_MOST, 'a header too long')
  const header = read(bytes)
  need(header instanceof Map, 'not a header')
  checkHeader(header)
  const event = { position, header, salt, body, leaf: sha256(bytes) }
  event.name = `${hex(header.get(3))}:${header.get(4)}`
  event.device = hex(header.get(2))
  return event
}

export function chainOf (item) {
  need(isList(item, () => true) && item.length === 5, 'not a chain')
  const [device, incarnation, first, before, leaves] = item
  need(isUuid(device) && isUuid(incarnation) && isUint(first) && first > 0 &&
    isHash(before) && isList(leaves, l => l === null || isHash(l)) &&
    leaves.length > 0, 'not a chain')
  return { device: hex(device), incarnation: hex(incarnation), first, before,
    leaves }
}

export function sealOf (item) {
  need(isList(item, () => true) && item.length === 2 && isBytes(item[0]) &&
    isBytes(item[1]), 'not a seal')
  const key = keyOf(item[1])
  const payload = read(openSign1(read(item[0]), key, 'beatbook/seal/1'))
  need(isList(payload, () => true) && payload.length === 4 &&
    isUuid(payload[0]) && isUuid(payload[1]) && isUint(payload[2]) &&
    isHash(payload[3]), 'a seal of another shape')
  const [device, incarnation, sequence, link] = payload
  return { key, device: hex(device), incarnation: hex(incarnation), sequence,
    link }
}

export function proofOf (item) {
  need(isList(item, () => true) && item.length === 2 && isUint(item[0]) &&
    isList(item[1], isHash), 'not a proof')
  return { position: item[0], path: item[1] }
}

export function checkpointOf (item, key) {
  const map = read(openSign1(item, key, 'beatbook/checkpoint/1'))
  need(map instanceof Map && isUuid(map.get(1)) && isUint(map.get(2)) &&
    isHash(map.get(3)), 'a checkpoint of another shape')
  return { id: map.get(1), size: map.get(2), root: map.get(3) }
}

// readBundle(dir, wrong): all that the other checks need; null where nothing
// more can be said.
export function readBundle (dir, wrong) {
  let manifest
  try {
    manifest = readManifest(dir)
  } catch (error) {
    wrong('manifest.cose', error.message)
    return null
  }
  const files = readFiles(dir, manifest, wrong)
  const all = (name, make) => {
    const made = []
    let rest = files.get(name) ?? new Uint8Array()
    const size = rest.length
    while (rest.length > 0) {
      const at = size - rest.length
      try {
        let value
        [value, , rest] = readFirst(rest)
        made.push(make(value))
      } catch (error) {
        wrong(name, `item ${made.length}, byte ${at}: ${error.message}`)
        return made
      }
    }
    return made
  }
  return {
    manifest,
    files,
    events: all('events.cborseq', eventOf),
    chains: all('chains.cborseq', chainOf),
    seals: all('seals.cborseq', sealOf),
    proofs: all('proofs.cborseq', proofOf),
    logs: all('checkpoint.cose', item => checkpointOf(item, manifest.key))
  }
}
