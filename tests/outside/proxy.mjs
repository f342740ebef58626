// proxy.mjs - a CONNECT proxy that spoils connections. TLS passes through it
// unread: what it may do is what any network may do.
import net from 'node:net'

const PAGE = '<html><body>Welcome to Free WiFi. Sign in.</body></html>'
const portal = status => `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\n` +
  `Location: http://login.invalid/\r\nContent-Length: ${PAGE.length}\r\n` +
  `Connection: close\r\n\r\n${PAGE}`
const OPEN = 'HTTP/1.1 200 Connection established\r\n\r\n'
const STALL_MS = 700
const SLOW_BYTES = 2 // at 1 B/s
const REACH = 2600 // the handshake, and some of what follows it

// Each: what it does to one connection. `cut` ends both sides.
export const FAULTS = ['refuse', 'portal 200', 'portal 302', 'portal 511',
  'portal in place of TLS', 'cut up', 'cut down', 'reset up', 'reset down',
  'stall up', 'stall down', 'delay', 'slow', 'bytes turned']

export class Proxy {
  constructor (random) {
    Object.assign(this, { random, rate: 0, fired: {}, passed: 0,
      open: new Set() })
    this.server = net.createServer(socket => this.take(socket))
  }

  async listen () {
    await new Promise(resolve =>
      this.server.listen(0, '127.0.0.1', resolve))
    this.port = this.server.address().port
    return this
  }

  close () {
    this.server.close()
    for (const socket of this.open) socket.destroy()
  }

  // The plan is drawn when a connection comes, so that a seed draws the same
  // plans in the same order.
  take (client) {
    const fault = this.random.chance(this.rate)
      ? this.random.pick(FAULTS)
      : null
    const at = this.random.below(REACH)
    this.keep(client)
    client.once('data', data => {
      const to = /^CONNECT ([^ :]+):(\d+) /.exec(data.toString('latin1'))
      if (to === null) return client.destroy()
      if (fault === 'refuse') {
        this.count(fault)
        client.resetAndDestroy()
      } else if (/^portal \d/.test(fault)) {
        this.count(fault)
        client.end(portal(`${fault.slice(7)} Sign in`))
      } else if (fault === 'portal in place of TLS') {
        this.count(fault)
        client.write(OPEN)
        client.once('data', () => client.end(portal('200 OK')))
      } else {
        this.join(client, to, fault, at)
      }
    })
  }

  keep (socket) {
    this.open.add(socket)
    socket.on('close', () => this.open.delete(socket))
    socket.on('error', () => socket.destroy())
  }

  count (fault) {
    this.fired[fault] = (this.fired[fault] ?? 0) + 1
  }

  join (client, [, host, port], fault, at) {
    const server = net.connect(Number(port), host)
    this.keep(server)
    server.on('connect', () => {
      client.write(OPEN)
      this.passed += fault === null
    })
    const end = how => {
      for (const socket of [client, server]) {
        if (how === 'reset' && !socket.destroyed) socket.resetAndDestroy()
        else socket.destroy()
      }
    }
    client.on('close', () => server.destroy())
    server.on('close', () => client.end())
    this.pipe(client, server, 'up', fault, at, end)
    this.pipe(server, client, 'down', fault, at, end)
  }

  pipe (from, to, way, fault, at, end) {
    const [what, where] = (fault ?? 'none').split(' ')
    const isHit = where === way || where === undefined ||
      (what === 'bytes' && way === 'down')
    const pass = data => { if (!to.destroyed) to.write(data) }
    let [seen, isOver] = [0, false]
    from.on('data', data => {
      const before = seen
      seen += data.length
      if (isOver) return
      if (fault === null || !isHit) return pass(data)
      if (what === 'delay') {
        if (before === 0) this.count(fault)
        setTimeout(pass, 30, data)
      } else if (seen <= at) {
        pass(data)
      } else {
        isOver = true
        this.count(fault)
        this.spoil(what, data, at - before, pass, end)
      }
    })
    from.on('end', () => setTimeout(() => to.end(), what === 'delay' ? 60 : 0))
  }

  // The byte at which it happens is in `data`.
  spoil (what, data, at, pass, end) {
    pass(data.subarray(0, at))
    if (what === 'cut' || what === 'reset') {
      setTimeout(end, 5, what)
    } else if (what === 'stall') {
      setTimeout(end, STALL_MS, 'cut')
    } else if (what === 'slow') {
      for (let i = 0; i < SLOW_BYTES; i++) {
        setTimeout(pass, 1000 * i, data.subarray(at + i, at + i + 1))
      }
      setTimeout(end, 1000 * SLOW_BYTES, 'cut')
    } else { // bytes turned: TLS must notice
      const rest = Buffer.from(data.subarray(at))
      rest[0] ^= 1
      pass(rest)
    }
  }
}
