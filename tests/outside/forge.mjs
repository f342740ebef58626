// forge.mjs - bundles that are signed as they should be and say what is not
// so: each breaks one sentence of PROTOCOL.md, section 9, "To check".
//
// usage: node forge.mjs BUNDLE OUT    makes OUT/CASE for each case that the
//                                     bundle allows, prints "CASE EXIT-CODE"
//
// Byte flips end at the manifest's hashes. To reach the checks behind them,
// a key made here takes the council's place: it signs manifest, checkpoints
// and the server's seals anew, and the anchor is not asked for.
import { mkdirSync, readdirSync, readFileSync, rmSync,
  writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode, hex, read, readSequence, Tagged } from './cbor.mjs'
import { makeKey, sha256, sign1 } from './cose.mjs'

const HOLDS = 3
const WRONG = 1
const text = string => new TextEncoder().encode(string)
const flipped = (bytes, at = 0) => {
  const copy = Uint8Array.from(bytes)
  copy[at] ^= 1
  return copy
}

// --- a bundle, taken apart ---

function open (dir) {
  const bytes = name => Uint8Array.from(readFileSync(join(dir, name)))
  const b = {
    manifest: read(read(bytes('manifest.cose')).value[2]),
    events: readSequence(bytes('events.cborseq')),
    chains: readSequence(bytes('chains.cborseq')),
    seals: readSequence(bytes('seals.cborseq')),
    proofs: readSequence(bytes('proofs.cborseq')),
    points: readSequence(bytes('checkpoint.cose')).map(
      point => read(point.value[2])),
    other: new Map(),
    aad: {}
  }
  for (const name of ['records.csv', 'records.geojson',
    ...readdirSync(join(dir, 'blobs')).map(hash => `blobs/${hash}`)]) {
    b.other.set(name, bytes(name))
  }
  const maker = headers(b).find(header => header.get(14) === 12)
  b.server = hex(maker.get(2))
  return b
}
const headers = b => b.events.map(([, bytes]) => read(bytes))
const find = (b, holds) => {
  const all = headers(b)
  return b.events.find((event, i) => holds(all[i], event))
}
const isGrantTo = (header, event, device) => header.get(14) === 16 &&
  header.get(16) === 27 && event[3] !== null &&
  hex(read(event[3]).get(1).get(18)) === device
const sealOf = seal => read(read(seal[0]).value[2])

// --- and put together again, signed by `key` ---

function fileItem (name, bytes) {
  const blocks = []
  for (let at = 0; at < bytes.length; at += 4096) {
    blocks.push(Uint8Array.from(sha256(bytes.subarray(at, at + 4096))))
  }
  return [name, bytes.length, Uint8Array.from(sha256(bytes)), blocks]
}

function close (b, key) {
  const sequence = items => Uint8Array.from(
    Buffer.concat(items.map(item => encode(item))))
  b.seals = b.seals.map((seal, i) => b.chains[i] !== undefined &&
    hex(b.chains[i][0]) === b.server && !seal.forged
    ? [sign1(key, encode(sealOf(seal)), b.aad.seal ?? 'beatbook/seal/1'),
        key.cose]
    : [...seal])
  const files = new Map(b.other)
  files.set('events.cborseq', b.raw ?? sequence(b.events))
  files.set('chains.cborseq', sequence(b.chains))
  files.set('seals.cborseq', sequence(b.seals))
  files.set('proofs.cborseq', sequence(b.proofs))
  files.set('checkpoint.cose', Uint8Array.from(Buffer.concat(b.points.map(
    point => sign1(b.pointKey ?? key, encode(point),
      'beatbook/checkpoint/1')))))
  const items = [...files].sort(([x], [y]) => (x < y ? -1 : 1)).map(
    ([name, bytes]) => fileItem(name, bytes))
  b.manifest.set(7, key.cose)
  b.manifest.set(8, b.turned ? items.reverse() : items)
  files.set('manifest.cose', sign1(key, encode(b.manifest),
    b.aad.manifest ?? 'beatbook/manifest/1'))
  return files
}

// --- the cases: each changes one thing, or says null: not in this bundle ---

const tablet = b => b.chains.findIndex(([device]) => hex(device) !== b.server)
const server = b => b.chains.findIndex(([device]) => hex(device) === b.server)
const blobs = b => [...b.other.keys()].filter(n => n.startsWith('blobs/'))

const cases = {
  'as-it-was': [HOLDS, () => {}],
  'manifest-of-version-2': [WRONG, b => b.manifest.set(1, 2)],
  'manifest-without-a-time': [WRONG, b => b.manifest.delete(4)],
  'manifest-of-another-scope': [WRONG, b => b.manifest.set(5, 4)],
  'manifest-with-a-newer-key': [HOLDS, b => b.manifest.set(40, 'newer')],
  'manifest-signed-as-a-seal': [WRONG, b => {
    b.aad.manifest = 'beatbook/seal/1'
  }],
  'files-out-of-order': [WRONG, b => { b.turned = true }],
  'no-records-csv': [WRONG, b => b.other.delete('records.csv')],
  'a-file-of-another-name': [WRONG, b => b.other.set('x.txt', text('x'))],
  'a-body-changed': [WRONG, b => {
    const event = b.events.findLast(e => e[3] !== null)
    event[3] = flipped(event[3], event[3].length - 1)
  }],
  'a-salt-changed': [WRONG, b => {
    const event = b.events.findLast(e => e[3] !== null)
    event[2] = flipped(event[2])
  }],
  'a-body-without-salt': [WRONG, b => { b.events.at(-1)[2] = null }],
  'a-category-erased': [HOLDS, b => {
    const event = find(b, header => header.get(14) === 18)
    if (event === undefined) return null
    event[2] = event[3] = null
  }],
  'a-header-changed': [WRONG, b => {
    const header = read(b.events.at(-1)[1])
    header.set(6, header.get(6) + 1)
    b.events.at(-1)[1] = encode(header)
  }],
  'two-events-swapped': [WRONG, b => b.events.push(
    ...b.events.splice(-2).reverse())],
  'a-position-changed': [WRONG, b => { b.events.at(-1)[0] += 1 }],
  'an-event-left-out': [WRONG, b => b.events.splice(-1)],
  'an-integer-too-long': [WRONG, b => {
    const [first, ...rest] = b.events // position 0 as 0x1800
    const bytes = encode(first)
    b.raw = Uint8Array.from(Buffer.concat([bytes.subarray(0, 1),
      Uint8Array.of(0x18), bytes.subarray(1), ...rest.map(e => encode(e))]))
  }],
  'nobody-made-the-council': [WRONG, b => {
    b.manifest.set(2, flipped(b.manifest.get(2)))
  }],
  'another-root': [WRONG, b => b.points[0].set(3,
    flipped(b.points[0].get(3)))],
  // An audit path alone doesn't say how large the tree is.
  'another-size': [WRONG, b => b.proofs.length > 0
    ? null
    : b.points[0].set(2, b.points[0].get(2) + 1)],
  'a-smaller-size': [WRONG, b => b.proofs.length > 0
    ? null
    : b.points[0].set(2, b.points[0].get(2) - 1)],
  'no-checkpoint': [WRONG, b => { b.points = [] }],
  'a-checkpoint-by-another-key': [WRONG, b => { b.pointKey = makeKey() }],
  'a-second-log-without-a-restart': [WRONG, b => b.points.push(
    new Map(b.points[0]))],
  'a-proof-changed': [WRONG, b => {
    if (b.proofs.length === 0) return null
    b.proofs[0][1][0] = flipped(b.proofs[0][1][0])
  }],
  'a-proof-too-long': [WRONG, b => {
    if (b.proofs.length === 0) return null
    b.proofs[0][1].push(new Uint8Array(32))
  }],
  'two-proofs-swapped': [WRONG, b => {
    if (b.proofs.length < 2) return null
    b.proofs.push(...b.proofs.splice(-2).reverse())
  }],
  'a-proof-too-many': [WRONG, b => b.proofs.push([0, []])],
  'a-hidden-hash-changed': [WRONG, b => {
    const chain = b.chains.find(c => c[4].some(hash => hash !== null))
    if (chain === undefined) return null
    const at = chain[4].findIndex(hash => hash !== null)
    chain[4][at] = flipped(chain[4][at])
  }],
  'a-link-before-changed': [WRONG, b => {
    b.chains[0][3] = flipped(b.chains[0][3])
  }],
  'a-chain-of-another-device': [WRONG, b => {
    b.chains[0][0] = flipped(b.chains[0][0])
  }],
  'a-chain-twice': [WRONG, b => {
    b.chains.push(b.chains[0])
    b.seals.push(b.seals[0])
  }],
  'a-chain-left-out': [WRONG, b => {
    b.chains.splice(tablet(b), 1)
    b.seals.splice(tablet(b), 1)
  }],
  'an-event-shown-as-hidden': [WRONG, b => {
    const chain = b.chains[tablet(b)]
    const at = chain[4].indexOf(null)
    const event = find(b, header => header.get(4) === chain[2] + at &&
      hex(header.get(3)) === hex(chain[1]))
    chain[4][at] = Uint8Array.from(sha256(event[1]))
  }],
  'a-seal-left-out': [WRONG, b => b.seals.splice(-1)],
  'a-seal-too-many': [WRONG, b => b.seals.push(b.seals[0])],
  'a-seal-changed': [WRONG, b => {
    const seal = b.seals[tablet(b)]
    seal[0] = flipped(seal[0], seal[0].length - 1)
  }],
  'seals-signed-as-something-else': [WRONG, b => {
    b.aad.seal = 'beatbook/receipt/1'
  }],
  'a-seal-over-another-link': [WRONG, b => {
    const at = server(b)
    const payload = sealOf(b.seals[at])
    payload[3] = flipped(payload[3])
    b.seals[at][0] = encode(new Tagged(18, [new Uint8Array(), new Map(),
      encode(payload), new Uint8Array(64)]))
  }],
  'a-seal-by-a-key-never-granted': [WRONG, b => {
    const [at, key] = [tablet(b), makeKey()]
    b.seals[at] = [sign1(key, encode(sealOf(b.seals[at])),
      'beatbook/seal/1'), key.cose]
  }],
  'a-seal-of-the-server-by-another-key': [WRONG, b => {
    const [at, key] = [server(b), makeKey()]
    b.seals[at] = Object.assign([sign1(key, encode(sealOf(b.seals[at])),
      'beatbook/seal/1'), key.cose], { forged: true })
  }],
  'the-grant-erased': [WRONG, b => {
    const device = hex(b.chains[tablet(b)][0])
    const grant = find(b, (header, event) =>
      isGrantTo(header, event, device))
    grant[2] = grant[3] = null
  }],
  'list-10-names-a-chained-event': [WRONG, b => b.manifest.set(10,
    [b.events[0][0]])],
  'list-10-names-no-event': [WRONG, b => b.manifest.set(10,
    [b.points[0].get(2) + 7])],
  'a-blob-nobody-names': [WRONG, b => b.other.set(
    `blobs/${hex(sha256(text('x')))}`, text('x'))],
  'a-blob-of-other-bytes': [WRONG, b => b.other.set(blobs(b)[0],
    text('something else'))],
  'a-blob-left-out': [WRONG, b => b.other.delete(blobs(b)[0])],
  'a-blob-that-has-not-arrived': [HOLDS, b => {
    const name = blobs(b)[0]
    b.other.delete(name)
    b.manifest.set(9, [Uint8Array.from(Buffer.from(
      name.slice('blobs/'.length), 'hex'))])
  }],
  'a-word-changed-in-records-csv': [WRONG, b => b.other.set('records.csv',
    flipped(b.other.get('records.csv'), 999))],
  'a-place-changed': [WRONG, b => b.other.set('records.geojson',
    flipped(b.other.get('records.geojson'), 99))]
}

const [bundle, out] = process.argv.slice(2)
const key = makeKey()
for (const [name, [code, change]] of Object.entries(cases)) {
  const b = open(bundle)
  if (change(b) === null) continue
  const dir = join(out, name)
  rmSync(dir, { recursive: true, force: true })
  for (const [file, bytes] of close(b, key)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), bytes)
  }
  mkdirSync(join(dir, 'blobs'), { recursive: true })
  console.log(`${name} ${code}`)
}
