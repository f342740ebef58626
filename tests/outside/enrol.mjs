// enrol.mjs - joins a council as a tablet of our own (PROTOCOL.md, section 8).
import { X509Certificate } from 'node:crypto'
import { encode, hex, isBytes, read } from './cbor.mjs'
import { keyOf, makeKey, sign1 } from './cose.mjs'
import { readCode } from './code.mjs'
import { requestOf } from './der.mjs'
import { hash } from './notebook.mjs'
import { ask } from './wire.mjs'

const SEALED_AS = 'beatbook/enrol/1'
const WEAK = 3
const need = (holds, what) => { if (!holds) throw new Error(what) }
export const pem = der => new X509Certificate(der).toString()

async function fetchRoot (code, via) {
  const answer = await ask({ ...code, via, path: '/v1/ca',
    tls: { rejectUnauthorized: false } })
  need(answer.status === 200 && answer.headers['content-type'] ===
    'application/pkix-cert', 'no root certificate')
  need(hex(hash(answer.body)) === hex(code.root),
    'the root is not the one that the code names')
  return answer.body
}

function check (map) {
  const isUuid = value => isBytes(value, 16)
  need(map instanceof Map && [...map.keys()].join() ===
    '1,2,3,4,5,6,7,8,9,10,11', 'an answer with other keys')
  need(isUuid(map.get(1)) && typeof map.get(2) === 'string' &&
    isUuid(map.get(3)) && map.get(4).every(der => isBytes(der)) &&
    map.get(4).length === 2 && isUuid(map.get(7)), 'another shape')
  for (const officer of map.get(10)) {
    need(officer.length === 4 && isUuid(officer[0]) &&
      officer.slice(1).every(t => typeof t === 'string'), 'no officer')
  }
  need(map.get(11) === null || isUuid(map.get(11)), 'whose code?')
}

// The request; `change` may spoil its map before it is encoded.
export function enrolRequest (code, keys, change = () => {}) {
  const pkcs10 = requestOf(keys.tls)
  const map = new Map([[1, code.secret], [2, pkcs10],
    [3, read(keys.seal.cose)],
    [4, read(sign1(keys.seal, hash(pkcs10), SEALED_AS))],
    [5, WEAK], [6, 'outside 1']])
  change(map)
  return encode(map)
}

export const newKeys = () => ({ tls: makeKey(), seal: makeKey() })

// post(code, root, body): status and the decoded answer.
export async function post (code, root, body, via) {
  const answer = await ask({ ...code, via, method: 'POST',
    path: '/v1/enrol', body, tls: { ca: pem(root) },
    headers: { 'content-type': 'application/cbor' } })
  const isCbor = answer.headers['content-type'] === 'application/cbor'
  return { status: answer.status, headers: answer.headers,
    map: isCbor ? read(answer.body) : null }
}

// enrol(text, { via }): all that a tablet keeps of it.
export async function enrol (text, { via, keys = newKeys() } = {}) {
  const code = readCode(text)
  const root = await fetchRoot(code, via)
  const { status, map } = await post(code, root, enrolRequest(code, keys), via)
  need(status === 200, `enrolment refused: ${status} ${map?.get(2)}`)
  check(map)
  need(hex(map.get(5)) === hex(root), 'another root in the answer')
  const own = new X509Certificate(map.get(4)[0])
  const issuer = new X509Certificate(map.get(4)[1])
  need(issuer.verify(new X509Certificate(root).publicKey) &&
    own.verify(issuer.publicKey), 'certificates that do not chain')
  need(own.publicKey.equals(keys.tls.publicKey), "another's certificate")
  const at = map.get(9).lastIndexOf(':')
  return {
    code,
    keys,
    council: map.get(1),
    device: map.get(3),
    server: keyOf(encode(map.get(6))),
    log: map.get(7),
    host: map.get(9).slice(0, at),
    port: Number(map.get(9).slice(at + 1)),
    officers: map.get(10),
    root,
    tls: {
      ca: pem(root),
      cert: map.get(4).map(pem).join(''),
      key: keys.tls.privateKey.export({ type: 'pkcs8', format: 'pem' })
    }
  }
}
export { fetchRoot, readCode }
