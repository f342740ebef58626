// programs.mjs - the real programs, started, killed and asked.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync,
  statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PATIENCE_MS = 120000
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGSYS']

// run(file, args): { code, signal, out, killed }; `killAfter` in ms.
export function run (file, args, { killAfter } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args,
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const state = { out: '', killed: false }
    const kill = () => {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {} // it has gone
    }
    const late = setTimeout(kill, PATIENCE_MS)
    const early = killAfter === undefined
      ? undefined
      : setTimeout(() => { state.killed = true; kill() }, killAfter)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', data => { state.out += data })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(late)
      clearTimeout(early)
      if (CRASHES.includes(signal) || code > 128) {
        reject(new Error(`${file} ${args[0]}: ${signal ?? code}\n${
          state.out}`))
      } else if (signal !== null && !state.killed) {
        reject(new Error(`${file} ${args[0]} hangs\n${state.out}`))
      } else {
        resolve({ ...state, code, signal,
          killed: state.killed && signal !== null })
      }
    })
  })
}

async function must (file, args) {
  const done = await run(file, args)
  if (done.code !== 0) {
    throw new Error(`${args.join(' ')}: exit ${done.code}\n${done.out}`)
  }
  return done.out
}

export class Council {
  constructor (bin, work) {
    Object.assign(this, { bin: join(bin, 'beatbook-server'), work,
      dir: join(work, 'server'), device: '127.0.0.1:0', web: '127.0.0.1:0' })
    for (const [name, text] of [['PASSPHRASE', 'four words nobody says'],
      ['PIN', '246810']]) {
      const file = join(work, name.toLowerCase())
      writeFileSync(file, text, { mode: 0o600 })
      process.env[`BEATBOOK_${name}_FILE`] = file
    }
  }

  say (verb, ...more) {
    return must(this.bin, [verb, '--dir', this.dir, ...more])
  }

  async make () {
    await this.say('init', '--council', 'Westbrook District Council')
    for (const number of ['4127', '4188', '4203']) {
      await this.say('officer', '--add', number, '--name', `Officer ${number}`,
        '--role', 'neighbourhood-officer')
    }
    await this.start()
  }

  // On the ports of last time, or on any.
  async start () {
    this.child = spawn(this.bin, ['serve', '--dir', this.dir, '--listen',
      this.device, '--web', this.web],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let said = ''
    const { child } = this
    await new Promise((resolve, reject) => {
      const hear = data => {
        said += data
        if (/^web on /m.test(said)) resolve()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.on('close', code => {
        child.isOver = true
        reject(new Error(`the server ended: ${code}\n${said}`))
      })
    })
    this.device = /^listening on (.*)$/m.exec(said)[1]
    this.web = /^web on (.*)$/m.exec(said)[1]
  }

  async stop (signal = 'SIGTERM') {
    const { child } = this
    if (child === undefined || child.isOver) return
    const over = new Promise(resolve => child.on('close', resolve))
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal)
    await over
  }

  async code (name) {
    const said = await this.say('enrol', '--device', name, '--weak-storage')
    return said.trim().split('\n').at(-1)
  }

  async anchor () {
    return (await this.say('fingerprint')).trim().split('\n').at(-1)
  }

  backup (name) {
    return must(this.bin, ['backup', join(this.work, name), '--dir', this.dir])
  }

  // In place of the folder that there is, which is lost.
  async restore (name) {
    await this.stop('SIGKILL')
    rmSync(this.dir, { recursive: true })
    await must(this.bin, ['restore', join(this.work, name), '--dir',
      this.dir])
    await this.start()
  }
}

// A tablet's folder and what the program says of it.
export class Real {
  constructor (bin, work, name) {
    Object.assign(this, { bin: join(bin, 'beatbookctl'), work, name,
      dir: join(work, name), facts: [] })
  }

  say (verb, args = [], options) {
    return run(this.bin, [verb, ...args, '--dir', this.dir], options)
  }

  async enrol (code, officer) {
    await must(this.bin, ['enrol', '--dir', this.dir, '--code', code,
      '--officer', officer])
  }

  async status () {
    const { code, out } = await this.say('status', ['--json'])
    if (code !== 0) throw new Error(`status ${this.name}: ${code}\n${out}`)
    return JSON.parse(out.slice(out.indexOf('{')))
  }

  copy (name) {
    cpSync(this.dir, join(this.work, name), { recursive: true,
      preserveTimestamps: true })
  }

  // Puts the contents of a copy back in place, as an image of the disk does;
  // with `isNoticed` the counter beside the store stays as it is.
  putBack (name, isNoticed) {
    const from = join(this.work, name)
    const kept = join('keystore', 'counter')
    const walk = under => {
      for (const entry of readdirSync(join(from, under))) {
        const path = join(under, entry)
        if (statSync(join(from, path)).isDirectory()) {
          mkdirSync(join(this.dir, path), { recursive: true })
          walk(path)
        } else if (!path.startsWith('log') && !(isNoticed && path === kept)) {
          writeFileSync(join(this.dir, path), readFileSync(join(from, path)))
        }
      }
    }
    walk('')
    for (const name of ['store.db-wal', 'store.db-shm']) {
      if (!existsSync(join(from, name))) {
        rmSync(join(this.dir, name), { force: true })
      }
    }
  }
}
