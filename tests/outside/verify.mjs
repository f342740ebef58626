// verify.mjs - checks an evidence bundle by core/PROTOCOL.md alone.
//
// usage: node verify.mjs BUNDLE [--anchor FINGERPRINT]
// Exit codes as beatbook-verify's: 0 holds and the anchor is the one given,
// 3 holds, no anchor given, 1 wrong (each line names the file), 2 wrong use.
import { hex, read } from './cbor.mjs'
import { rootFromPath, rootOf } from './merkle.mjs'
import { sha256 } from './cose.mjs'
import { isUuid, readBundle } from './bundle.mjs'
import { peopleOf } from './people.mjs'

const KIND = { council: 12, key: 16, log: 22 }
const OP = { create: 1, grant: 27, revoke: 28, logRestart: 35, refuse: 38 }
const same = (a, b) => hex(a) === hex(b)

// (c) commitments, and the order of positions.
function checkEvents ({ events }, wrong) {
  let last = -1
  for (const event of events) {
    const at = `event at ${event.position}`
    if (event.position <= last) wrong('events.cborseq', `${at}: out of order`)
    last = event.position
    if (event.header.get(1) !== 1 || event.salt === null) continue
    if (!same(sha256(event.salt, event.body), event.header.get(19))) {
      wrong('events.cborseq', `${at}: its body is not what was committed to`)
    }
  }
}

// The fields of an event's body; empty where it is closed or unreadable.
function fieldsOf (event) {
  try {
    const fields = read(event.body).get(1)
    return fields instanceof Map ? fields : new Map()
  } catch {
    return new Map()
  }
}

// What the server said: the device that made the council.
function findServer ({ events, manifest }) {
  const first = events.find(({ header }) => header.get(1) === 1 &&
    header.get(14) === KIND.council && header.get(16) === OP.create &&
    same(header.get(13), manifest.map.get(2)))
  return first === undefined ? null : first.device
}

const madeBy = (events, server, kind, operation) => events.filter(
  ({ header, device }) => device === server && header.get(1) === 1 &&
    header.get(14) === kind && header.get(16) === operation)

// (d) inclusion of each event in its log.
function checkLogs (bundle, server, wrong) {
  const { events, proofs, logs } = bundle
  const restarts = madeBy(events, server, KIND.log, OP.logRestart)
  let [base, used] = [0, 0]
  logs.forEach((log, i) => {
    const own = events.filter(({ position }) =>
      position >= base && position < base + log.size)
    if (i > 0) checkRestart(logs[i - 1], base, restarts, wrong)
    if (own.length === log.size) {
      if (!same(rootOf(own.map(({ leaf }) => leaf)), log.root)) {
        wrong('checkpoint.cose', `log ${i}: its root is another`)
      }
    } else {
      for (const event of own) {
        const proof = proofs[used++]
        const root = proof?.position === event.position
          ? rootFromPath(event.leaf, event.position - base, log.size,
            proof.path)
          : null
        if (root === null || !same(root, log.root)) {
          wrong('proofs.cborseq', `event at ${event.position}: not proved`)
        }
      }
    }
    base += log.size
  })
  if (used !== proofs.length) wrong('proofs.cborseq', 'more than asked for')
  if (logs.length === 0) wrong('checkpoint.cose', 'no log')
  for (const { position } of events) {
    if (position >= base) {
      wrong('events.cborseq', `event at ${position}: beyond every log`)
    }
  }
}

function checkRestart (before, base, restarts, wrong) {
  const restart = restarts.find(({ position }) => position === base)
  const fields = restart === undefined ? new Map() : fieldsOf(restart)
  if (!isUuid(fields.get(21)) || !same(fields.get(21), before.id) ||
      fields.get(22) !== before.size || !same(fields.get(23), before.root)) {
    wrong('checkpoint.cose', `log from ${base} on: does not follow the last`)
  }
}

// (e) and (f) chains, seals, and that each event lies in one chain.
function checkChains (bundle, server, wrong) {
  const { events, chains, seals, manifest } = bundle
  const byName = new Map(events.map(event => [event.name, event]))
  const seen = new Set()
  if (chains.length !== seals.length) {
    wrong('seals.cborseq', 'not one seal for each chain')
  }
  chains.forEach((chain, i) => {
    const inside = []
    let link = chain.before
    chain.leaves.forEach((hash, k) => {
      const name = `${chain.incarnation}:${chain.first + k}`
      const event = byName.get(name)
      if (hash === null && event?.device === chain.device) {
        hash = event.leaf
        inside.push(event)
        if (seen.has(name)) wrong('chains.cborseq', `${name}: in two chains`)
        seen.add(name)
      } else if (hash === null) {
        wrong('chains.cborseq', `${name}: not there`)
        hash = new Uint8Array(32)
      } else if (event !== undefined) {
        wrong('chains.cborseq', `${name}: disclosed and given as a hash`)
      }
      link = sha256(link, hash)
    })
    if (chain.first === 1 && Buffer.from(chain.before).some(b => b !== 0)) {
      wrong('chains.cborseq', `chain ${i}: does not begin with zeros`)
    }
    if (seals[i] !== undefined) {
      checkSeal(seals[i], chain, link, why => wrong('seals.cborseq',
        `seal ${i} (${chain.incarnation}): ${why}`))
      checkKey(bundle, server, chain, seals[i].key, inside, why =>
        wrong('seals.cborseq', `seal ${i} (${chain.incarnation}): ${why}`))
    }
  })
  const loose = new Set(manifest.map.get(10) ?? [])
  for (const { name, position } of events) {
    if (seen.has(name) === loose.has(position)) {
      wrong('chains.cborseq', `event at ${position}: not in just one chain`)
    }
    loose.delete(position)
  }
  if (loose.size > 0) wrong('manifest.cose', 'list 10 names no event')
}

function checkSeal (seal, chain, link, wrong) {
  if (seal.device !== chain.device ||
      seal.incarnation !== chain.incarnation ||
      seal.sequence !== chain.first + chain.leaves.length - 1 ||
      !same(seal.link, link)) {
    wrong('does not close its chain')
  }
}

function checkKey (bundle, server, chain, key, inside, wrong) {
  const { events, manifest } = bundle
  const isServer = chain.device === server
  if (isServer && same(key.bytes, manifest.key.bytes)) return
  const owner = isServer ? hex(manifest.map.get(2)) : chain.device
  const first = Math.min(...inside.map(({ position }) => position))
  const grants = madeBy(events, server, KIND.key, OP.grant).filter(event => {
    const fields = fieldsOf(event)
    return fields.get(17) === (isServer ? 'server' : 'seal') &&
      isUuid(fields.get(18)) && hex(fields.get(18)) === owner &&
      same(fields.get(16) ?? [], key.bytes) && event.position < first
  })
  if (grants.length === 0) wrong('its key was not granted before')
  const records = grants.map(({ header }) => hex(header.get(13)))
  const revoke = madeBy(events, server, KIND.key, OP.revoke).find(
    ({ header }) => records.includes(hex(header.get(13))))
  if (revoke === undefined) return
  const refused = new Set(madeBy(events, server, KIND.log, OP.refuse).map(
    event => {
      const fields = fieldsOf(event)
      return `${hex(fields.get(18) ?? [])}:${fields.get(19)}`
    }))
  for (const { name, position } of inside) {
    if (position > revoke.position && !refused.has(name)) {
      wrong(`event at ${position}: after its key was revoked`)
    }
  }
}

// (g) blobs: there or said to be missing; there and named.
function checkBlobs ({ events, files, manifest }, wrong) {
  const named = new Set()
  const newer = events.some(({ header }) => header.get(1) !== 1)
  for (const { header } of events) {
    if (header.get(1) !== 1) continue
    for (const hash of header.get(20) ?? []) named.add(hex(hash))
  }
  const absent = new Set((manifest.map.get(9) ?? []).map(hex))
  for (const hash of named) {
    if (!files.has(`blobs/${hash}`) && !absent.has(hash)) {
      wrong(`blobs/${hash}`, 'named by an event and not here')
    }
  }
  for (const [name, bytes] of files) {
    if (!name.startsWith('blobs/')) continue
    const hash = name.slice('blobs/'.length)
    if (hex(sha256(bytes)) !== hash) wrong(name, 'its name is not its hash')
    if (!named.has(hash) && !newer) wrong(name, 'no event names it')
  }
}

// (h) the files for people, computed anew.
function checkPeople (bundle, server, wrong) {
  const { files } = bundle
  let made
  try {
    made = peopleOf(bundle, server, fieldsOf)
  } catch (error) {
    wrong('records.csv', `can't be computed: ${error.message}`)
    return
  }
  for (const [name, text] of Object.entries(made)) {
    const want = Buffer.from(text)
    const got = files.get(name) ?? Buffer.alloc(0)
    if (Buffer.compare(want, got) === 0) continue
    const at = want.findIndex((byte, i) => byte !== got[i])
    wrong(name, `byte ${at < 0 ? want.length : at}: not what the events say`)
  }
}

function main (args) {
  const at = args.indexOf('--anchor')
  const anchor = at < 0 ? null : args.splice(at, 2)[1]
  if (args.length !== 1 || anchor === undefined) {
    console.error('usage: verify.mjs BUNDLE [--anchor FINGERPRINT]')
    return 2
  }
  let found = 0
  const wrong = (file, why) => {
    found++
    console.log(`WRONG  ${file}: ${why}`)
  }
  const bundle = readBundle(args[0], wrong)
  if (bundle === null) return 1
  const print = hex(sha256(bundle.manifest.key.bytes))
  if (anchor !== null && anchor !== print) {
    wrong('manifest.cose', `signed by ${print}, not by the anchor`)
  }
  const server = findServer(bundle)
  if (server === null) wrong('events.cborseq', 'nobody made the council')
  checkEvents(bundle, wrong)
  checkLogs(bundle, server, wrong)
  checkChains(bundle, server, wrong)
  checkBlobs(bundle, wrong)
  checkPeople(bundle, server, wrong)
  const { events, chains, files } = bundle
  console.log(`${events.length} events, ${chains.length} chains, ${
    files.size} files; ${found} found wrong`)
  if (found > 0) return 1
  return anchor === null ? 3 : 0
}

process.exitCode = main(process.argv.slice(2))
