// wire.mjs - one HTTPS request on a connection of its own, straight or through
// a CONNECT proxy.
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'

const PATIENCE_MS = 20000

// What came in place of an answer.
export class Lost extends Error {}

const within = (socket, fail) => {
  const timer = setTimeout(() => {
    fail(new Lost('no answer in time'))
    socket.destroy()
  }, PATIENCE_MS)
  socket.on('close', () => clearTimeout(timer))
}

// dial({ host, port, via }): a socket, once it is connected.
function dial ({ host, port, via }) {
  return new Promise((resolve, reject) => {
    const fail = error => reject(new Lost(error.message))
    const socket = via === undefined
      ? net.connect(port, host)
      : net.connect(via, '127.0.0.1')
    within(socket, fail)
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('closed')))
    if (via === undefined) {
      socket.on('connect', () => resolve(socket))
      return
    }
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    let got = ''
    const hear = data => {
      got += data.toString('latin1')
      if (!got.includes('\r\n\r\n')) return
      socket.off('data', hear)
      if (/^HTTP\/1\.1 200 [^]*\r\n\r\n$/.test(got)) resolve(socket)
      else fail(new Error('the proxy would not'))
    }
    socket.on('data', hear)
  })
}

function secure (socket, { host, tls: options }) {
  return new Promise((resolve, reject) => {
    const secured = tls.connect({ socket, host, servername: '', ...options },
      () => resolve(secured))
    secured.on('error', error => reject(new Lost(error.message)))
    secured.on('close', () => reject(new Lost('closed in the handshake')))
  })
}

// ask({ host, port, via, tls, method, path, headers, body }): { status,
// headers, body }; throws Lost when there was no whole answer.
export async function ask (to) {
  const socket = await secure(await dial(to), to)
  return new Promise((resolve, reject) => {
    const fail = error => reject(new Lost(error.message))
    const request = http.request({
      createConnection: () => socket,
      host: to.host,
      method: to.method ?? 'GET',
      path: to.path,
      headers: { ...to.headers, connection: 'close',
        ...to.body && { 'content-length': to.body.length } }
    }, answer => {
      const parts = []
      answer.on('data', part => parts.push(part))
      answer.on('error', fail)
      answer.on('close', () => fail(new Error('the answer was cut')))
      answer.on('end', () => {
        if (!answer.complete) return
        socket.destroy()
        resolve({ status: answer.statusCode, headers: answer.headers,
          body: Uint8Array.from(Buffer.concat(parts)) })
      })
    })
    request.on('error', fail)
    socket.on('close', () => fail(new Error('closed')))
    request.end(to.body)
  })
}
