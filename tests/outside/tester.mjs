// tester.mjs - drives the real programs through a bad network, keeps its own
// account of what was acknowledged, and holds the council's export to it.
//
// usage: node tester.mjs BIN WORK [SEED] [ROUNDS]
//   BIN   the folder of the programs; WORK an empty folder
// Prints TAP; the counts stand behind "#".
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hex, read } from './cbor.mjs'
import { rootOf } from './merkle.mjs'
import { merge } from './merge.mjs'
import { readBundle } from './bundle.mjs'
import { hostile } from './hostile.mjs'
import { Journey } from './journey.mjs'
import { Council } from './programs.mjs'
import { Proxy } from './proxy.mjs'
import { Random } from './random.mjs'
import { Tablet } from './tablet.mjs'

const REALS = 3
const OWNS = 2
const PROOFS = 40
const NOTE = 4
const CATEGORY = 1
const need = (holds, what) => { if (!holds) throw new Error(what) }

let cases = 0
const ok = what => console.log(`ok ${++cases} - ${what}`)
const counts = (title, all) => console.log(`# ${title}: ${
  Object.entries(all).map(([what, n]) => `${n} ${what}`).join(', ')}`)

async function exportAll (council, bin, work) {
  const bundle = join(work, 'bundle')
  await council.say('export', '--bundle', bundle)
  const anchor = await council.anchor()
  const here = dirname(fileURLToPath(import.meta.url))
  for (const [file, args] of [
    [process.execPath, [join(here, 'verify.mjs'), bundle]],
    [join(bin, 'beatbook-verify'), [bundle]]]) {
    execFileSync(file, [...args, '--anchor', anchor], { stdio: 'pipe' })
  }
  ok('the export holds before the outside verifier and before ours')
  const wrong = []
  const read = readBundle(bundle, (file, why) => wrong.push(file, why))
  need(wrong.length === 0, wrong.join())
  return read
}

// Events by record, names that the server refused, and notes.
function digest ({ events }) {
  const [records, refused, tokens] = [new Map(), new Set(), new Map()]
  for (const event of events) {
    const { header } = event
    if (header.get(1) !== 1) continue
    if (header.get(14) === 22 && header.get(16) === 38) {
      const fields = read(event.body).get(1)
      refused.add(`${hex(fields.get(18))}:${fields.get(19)}`)
    }
    if (header.get(14) !== 1) continue
    const record = hex(header.get(13))
    if (!records.has(record)) records.set(record, [])
    records.get(record).push(event)
  }
  for (const [record, own] of records) {
    let merged
    try {
      merged = merge(own, refused)
    } catch {
      continue // a body that was refused
    }
    const value = id => merged.fields.find(f => f.id === id)?.heads ?? []
    const [text] = value(NOTE)
    if (typeof text !== 'string') continue
    if (!tokens.has(text)) tokens.set(text, [])
    tokens.get(text).push({ record, category: value(CATEGORY)[0],
      heads: value(NOTE).length })
  }
  return { refused, tokens }
}

function checkFacts ({ facts, maybes }, { tokens }) {
  const lost = []
  for (const { token, record, category, lost: may } of facts) {
    const found = tokens.get(token) ?? []
    if (found.length === 0 && may) continue
    if (found.length !== 1 || found[0].record !== record ||
        found[0].category !== category || found[0].heads !== 1) {
      lost.push(`${token}: ${JSON.stringify(found)}`)
    }
  }
  need(lost.length === 0, `not there once, as recorded:\n${lost.join('\n')}`)
  for (const token of maybes) {
    need((tokens.get(token) ?? []).length <= 1, `${token}: there twice`)
  }
  ok(`each of ${facts.length} records is there once, with the same values`)
}

function checkOwn (tablets, bundle, { refused }) {
  const leaves = new Map(bundle.events.map(e => [e.name, hex(e.leaf)]))
  let acked = 0
  for (const tablet of tablets) {
    for (const [name, { leaf }] of tablet.acked) {
      need(leaves.get(name) === hex(leaf), `${name}: acknowledged, not there`)
      acked++
    }
    for (const [name, reason] of tablet.refused) {
      need(leaves.has(name), `${name}: refused (${reason}) and not kept`)
      need(refused.has(name), `${name}: refused, and the log is silent`)
    }
    for (const [name, { leaf }] of tablet.got) {
      need(leaves.get(name) === hex(leaf), `${name}: sent down, not there`)
    }
  }
  ok(`each of ${acked} events with a receipt is there, byte for byte`)
}

// Every receipt's root, computed from the leaves of the log that it names. A
// log that was put back is shorter than some of its receipts: the gap.
function checkRoots ({ events, logs }, receipts) {
  const leaves = events.map(({ leaf }) => leaf)
  let [base, checked] = [0, 0]
  for (const log of logs) {
    const seen = new Map()
    for (const { log: id, size, root } of receipts) {
      if (id === hex(log.id) && size <= log.size) seen.set(size, hex(root))
    }
    for (const [size, root] of seen) {
      need(hex(rootOf(leaves.slice(base, base + size))) === root,
        `a receipt for ${size} leaves has another root`)
      checked++
    }
    base += log.size
  }
  need(checked > 0, 'no receipt to compare')
  ok(`the log grew by appending: ${checked} trees of receipts recomputed`)
}

async function checkProofs (tablet, bundle, receipts, random) {
  const log = bundle.logs.at(-1)
  const base = bundle.logs.slice(0, -1).reduce((n, { size }) => n + size, 0)
  for (let i = 0; i < PROOFS; i++) {
    const index = random.below(log.size)
    await tablet.checkInclusion(bundle.events[base + index].leaf, index,
      hex(log.id))
  }
  const old = receipts.filter(r => r.log === hex(log.id))
  for (let i = 0; i < Math.min(PROOFS, old.length); i++) {
    await tablet.checkConsistency(random.pick(old))
  }
  ok('inclusion and consistency are proved by the server, checked here')
}

// Both histories: one in the log, the other beside it, where only the
// server's own database shows it; and the closing stands in the log.
const BRANCHES = `import hashlib, sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT header FROM branch"):
    print(hashlib.sha256(row[0]).hexdigest())`

function checkForks ({ forked: { name, kept, branch } }, { events }, dir) {
  const leaves = events.map(({ leaf }) => hex(leaf))
  need(leaves.includes(hex(kept.leaf)), `${name}: the first history is gone`)
  const beside = execFileSync('python3',
    ['-c', BRANCHES, join(dir, 'council.db')]).toString()
  need(beside.includes(hex(branch.leaf)), `${name}: the second is gone`)
  need(events.some(({ header, body }) => header.get(14) === 22 &&
    header.get(16) === 40 &&
    name.startsWith(hex(read(body).get(1).get(18)))),
  `${name}: the log does not say that it is closed`)
  ok('of a fork both histories are kept, and the log says so')
}

async function main ([bin, work, seed = '1', rounds = '20']) {
  const random = new Random(Number(seed))
  const council = new Council(bin, work)
  const proxy = await new Proxy(random).listen()
  process.on('exit', () => {
    try {
      process.kill(-council.child.pid, 'SIGKILL')
    } catch {} // it has gone
  })
  await council.make()
  const bad = await Tablet.join(await council.code('bad'))
  await hostile({ tablet: bad, code: await council.code('worse') }, ok)

  const journey = new Journey({ council, proxy, random, bin, work })
  await journey.begin(REALS, OWNS)
  await journey.go(Number(rounds))
  ok('after the faults everything arrives, every store is clean')
  const tablets = [...journey.own, bad]
  await bad.sync()
  const bundle = await exportAll(council, bin, work)
  const digested = digest(bundle)
  checkFacts(journey, digested)
  checkOwn(tablets, bundle, digested)
  checkRoots(bundle, journey.receipts)
  await checkProofs(journey.own[0], bundle, journey.receipts, random)
  await council.stop()
  checkForks(bad, bundle, council.dir)
  await council.say('verify')
  ok("the server's own check is clean")
  proxy.close()

  counts('journey', journey.counts)
  counts('network', { ...proxy.fired, 'left alone': proxy.passed })
  const sum = {}
  for (const tablet of tablets) {
    for (const [what, n] of Object.entries(tablet.counts)) {
      sum[what] = (sum[what] ?? 0) + n
    }
  }
  counts('our own tablets', sum)
  counts('bundle', { events: bundle.events.length, logs: bundle.logs.length,
    chains: bundle.chains.length })
  console.log(`1..${cases}`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.log(`not ok ${++cases} - ${error.message.split('\n')[0]}`)
  console.log(String(error.stack).replace(/^/gm, '# '))
  console.log(`1..${cases}`)
  process.exitCode = 1
}
process.exit()
