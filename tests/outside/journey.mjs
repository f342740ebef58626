// journey.mjs - what people, networks and machines do to a council, drawn
// from a seed, and what was promised to them on the way.
//
// A fact is something recorded: { token, record, category, lost, held }. It
// may be lost only where the one machine that had it was put back (`lost`);
// `held`: the council acknowledged it. In one round several things happen at
// the same time; what changes folders happens alone, between rounds.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hex } from './cbor.mjs'
import { note } from './hostile.mjs'
import { Real } from './programs.mjs'
import { Lost, Refused, Tablet } from './tablet.mjs'

const OFFICERS = ['4127', '4188', '4203']
const CATEGORIES = ['ASB-04', 'ASB-09']
const FAULT_RATE = 55
const KILL_MS = 700
const CLONES = 3
const CALM_TURNS = 12
// done; a fork told; busy, no connection, refused connection, not our
// server, refused by it, its log went backwards; stopped
const SYNC_MAY_END = [0, 20, 25, 26, 27, 28, 29, 30, 34]
const MUST_ENROL = 15 // after a fork, "before it can download"
const need = (holds, what) => { if (!holds) throw new Error(what) }

export class Journey {
  constructor ({ council, proxy, random, bin, work, tell }) {
    Object.assign(this, { council, proxy, random, bin, work, tell,
      tablets: [], own: [], facts: [], maybes: new Set(), counts: {},
      tokens: 0, receipts: [], backups: [], turn: 0 })
  }

  count (what, n = 1) {
    this.counts[what] = (this.counts[what] ?? 0) + n
  }

  async begin (reals, owns) {
    for (let i = 0; i < reals; i++) {
      const tablet = new Real(this.bin, this.work, `tablet-${i}`)
      await tablet.enrol(await this.council.code(tablet.name),
        OFFICERS[i % OFFICERS.length])
      this.tablets.push(tablet)
    }
    for (let i = 0; i < owns; i++) {
      this.own.push(await Tablet.join(await this.council.code(`own-${i}`)))
    }
    for (const tablet of this.own) tablet.via = this.proxy.port
  }

  // --- what a tablet of the real program does ---

  token () {
    return `token ${++this.tokens} of this journey`
  }

  async record (tablet, killAfter) {
    const [token, category] = [this.token(), this.random.pick(CATEGORIES)]
    const { code, out, killed } = await tablet.say('record',
      [category, `note=${token}`], { killAfter })
    if (killed) {
      this.maybes.add(token)
      this.count('records cut off by kill -9')
      return
    }
    need(code === 0, `record: exit ${code}\n${out}`)
    const record = out.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)[0]
    const fact = { token, record: record.replaceAll('-', ''), category }
    this.facts.push(fact)
    tablet.facts.push(fact)
    this.count('records saved')
  }

  async sync (tablet, killAfter) {
    const { code, out, killed } = await tablet.say('sync', ['--proxy',
      `http://127.0.0.1:${this.proxy.port}`], { killAfter })
    this.count(killed
      ? 'syncs cut off by kill -9'
      : code === 0 ? 'syncs done' : 'syncs told to be retried')
    need(killed || SYNC_MAY_END.includes(code) ||
      (tablet.mayFork && code === MUST_ENROL), `sync: exit ${code}\n${out}`)
    await this.look(tablet)
  }

  // What the program acknowledges: where nothing waits, all is held.
  async look (tablet) {
    const status = await tablet.status()
    need(status.events === status.waiting + status.acknowledged +
      status.quarantined, `status adds up\n${JSON.stringify(status)}`)
    if (status.waiting > 0) return
    for (const fact of tablet.facts) fact.held = true
    this.count('times that nothing waited')
  }

  // --- what a tablet of our own does ---

  async own1 (tablet) {
    const [{ book }, officer] = [tablet, tablet.officers[0][0]]
    for (let n = 1 + this.random.below(4); n > 0; n--) {
      const [token, category] = [this.token(), this.random.pick(CATEGORIES)]
      const event = book.write({ fields: note(token).set(1, category),
        header: [[12, officer]] })
      const fact = { token, record: hex(event.record), category }
      this.facts.push(fact)
      event.fact = fact
      this.count('records of our own')
    }
    await this.ownSync(tablet)
  }

  async ownSync (tablet) {
    try {
      await tablet.sync()
    } catch (error) {
      if (!(error instanceof Lost) && !isPassing(error)) throw error
      this.count('exchanges of our own lost')
    }
    const log = tablet.newest
    if (log !== undefined) {
      this.receipts.push({ log, ...tablet.logs.get(log) })
    }
    for (const { fact } of [...tablet.chains].flatMap(b =>
      b.events.slice(0, b.held))) {
      if (fact !== undefined) fact.held = true
    }
  }

  // --- rounds ---

  async round () {
    const { random } = this
    const jobs = []
    for (const tablet of this.tablets) {
      if (random.chance(40)) continue
      const kill = random.chance(20) ? random.below(KILL_MS) : undefined
      const records = random.below(3)
      jobs.push((async () => {
        for (let i = 0; i < records; i++) {
          await this.record(tablet, i === 0 ? kill : undefined)
        }
        await this.sync(tablet, records === 0 ? kill : undefined)
      })())
    }
    for (const tablet of this.own) {
      if (random.chance(70)) jobs.push(this.own1(tablet))
    }
    if (random.chance(25)) jobs.push(this.killServer(random.below(KILL_MS)))
    const done = await Promise.allSettled(jobs)
    const broken = done.find(({ status }) => status === 'rejected')
    if (broken !== undefined) throw broken.reason
    await this.between()
  }

  async killServer (after) {
    await new Promise(resolve => setTimeout(resolve, after))
    await this.council.stop('SIGKILL')
    await this.council.start()
    this.count('server killed and started')
  }

  // What changes folders: in turn, so that each comes, on a drawn tablet.
  async between () {
    const tablet = this.random.pick(this.tablets)
    const steps = ['imageOf', 'backup', 'clone', 'putBack', 'restore', 'check']
    if (this.random.chance(70)) {
      await this[steps[this.turn++ % steps.length]](tablet)
    }
  }

  async backup () {
    const name = `backup-${this.backups.length}`
    await this.council.backup(name)
    this.backups.push({ name, receipts: [...this.receipts],
      held: new Set(this.facts.filter(fact => fact.held)) })
    this.count('server backups')
  }

  // What only the lost server had is lost: its tablet was put back since. The
  // log may grow another way until somebody shows a receipt of the lost one.
  async restore () {
    if (this.backups.length === 0) return
    const { name, held, receipts } = this.random.pick(this.backups)
    await this.council.restore(name)
    this.receipts = [...receipts]
    for (const fact of this.facts) {
      if (fact.isOnlyThere && !held.has(fact)) fact.lost = true
    }
    this.count('server put back')
  }

  clone (tablet) {
    if (this.tablets.length >= 3 + CLONES) return
    const twin = new Real(this.bin, this.work,
      `clone-${this.tablets.length}`)
    tablet.copy(twin.name)
    twin.facts = [...tablet.facts]
    twin.mayFork = tablet.mayFork
    this.tablets.push(twin)
    this.count('tablets cloned')
  }

  imageOf (tablet) {
    const name = `image-of-${tablet.name}`
    rmSync(join(this.work, name), { recursive: true, force: true })
    tablet.copy(name)
    tablet.image = { name, facts: [...tablet.facts] }
    this.count('images of tablets')
  }

  putBack () {
    const had = this.tablets.filter(({ image }) => image !== undefined)
    if (had.length === 0) return
    const tablet = this.random.pick(had)
    const isNoticed = this.random.chance(50)
    const { name, facts } = tablet.image
    tablet.putBack(name, isNoticed)
    for (const fact of tablet.facts) {
      const isElsewhere = this.tablets.some(other =>
        other !== tablet && other.facts.includes(fact))
      if (facts.includes(fact) || isElsewhere) continue
      if (fact.held) fact.isOnlyThere = true
      else fact.lost = true
    }
    tablet.facts = [...facts]
    tablet.mayFork ||= !isNoticed
    this.count(`tablets put back${isNoticed ? '' : ', counter too'}`)
  }

  async check (tablet) {
    const { code, out } = await tablet.say('fsck')
    need(code === 0, `fsck ${tablet.name}: exit ${code}\n${out}`)
    this.count('fsck clean')
  }

  async go (rounds) {
    this.proxy.rate = FAULT_RATE
    for (let i = 0; i < rounds; i++) await this.round()
    await this.calm()
  }

  // No more faults: everything must arrive.
  async calm () {
    this.proxy.rate = 0
    let waiting = [...this.tablets]
    for (let turn = 0; waiting.length > 0; turn++) {
      need(turn < CALM_TURNS, `${waiting.map(t => t.name)}: still waiting`)
      const left = []
      for (const tablet of waiting) {
        await this.sync(tablet)
        if ((await tablet.status()).waiting > 0) left.push(tablet)
      }
      waiting = left
    }
    for (const tablet of this.tablets) await this.check(tablet)
    for (const tablet of this.own) {
      await tablet.sync()
      await this.ownSync(tablet)
      need(tablet.waiting === 0, 'a tablet of our own still waits')
    }
  }
}

// The server said that it can't now: the next try may.
const isPassing = error => error instanceof Refused &&
  [429, 503, 507].includes(error.status)
