// cose.mjs - COSE_Key and COSE_Sign1 with ES256 (PROTOCOL.md, section 1;
// RFC 9052, sections 4 and 7) over Node's own crypto.
import { createHash, createPublicKey, generateKeyPairSync, sign,
  verify } from 'node:crypto'
import { encode, isBytes, read, Tagged } from './cbor.mjs'

const ES256 = -7
const SIGN1 = 18

export const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

// keyOf(bytes of a COSE_Key): { bytes, key }.
export function keyOf (bytes) {
  const map = read(bytes)
  const [x, y] = [map.get(-2), map.get(-3)]
  if (map.get(1) !== 2 || map.get(-1) !== 1 || !isBytes(x, 32) ||
      !isBytes(y, 32)) {
    throw new Error('not a P-256 COSE_Key')
  }
  if (map.has(-4)) throw new Error('a private key')
  const url = part => Buffer.from(part).toString('base64url')
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', x: url(x), y: url(y) }
  })
  return { bytes, key }
}

const text = string => new TextEncoder().encode(string)
const plain = bytes => Uint8Array.from(bytes) // cborg takes no Buffer

// makeKey(): a new P-256 pair: { privateKey, publicKey, cose, id }, `cose` the
// bytes of its COSE_Key, `id` as in section 1.
export function makeKey () {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = pair.publicKey.export({ format: 'jwk' })
  const part = name => plain(Buffer.from(jwk[name], 'base64url'))
  const cose = encode(new Map([[1, 2], [-1, 1], [-2, part('x')],
    [-3, part('y')]]))
  const id = plain(sha256(part('x'), part('y')).subarray(0, 8))
  return { ...pair, cose, id }
}

// sign1(key, payload, text): the bytes of a tagged COSE_Sign1.
export function sign1 (key, payload, aad) {
  const prot = encode(new Map([[1, ES256]]))
  const signature = sign('sha256',
    encode(['Signature1', prot, text(aad), payload]),
    { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return encode(new Tagged(SIGN1, [prot, new Map([[4, key.id]]), payload,
    plain(signature)]))
}

// openSign1(value, key, aad): the payload's bytes, once the signature over
// them and the external data `aad` holds.
export function openSign1 (value, key, aad) {
  if (!(value instanceof Tagged) || value.tag !== SIGN1 ||
      !Array.isArray(value.value) || value.value.length !== 4) {
    throw new Error('not a tagged COSE_Sign1')
  }
  const [prot, open, payload, signature] = value.value
  if (!isBytes(prot) || !(open instanceof Map) || !isBytes(payload) ||
      !isBytes(signature, 64)) {
    throw new Error('a COSE_Sign1 of another shape')
  }
  if (read(prot).get(1) !== ES256) throw new Error('not signed with ES256')
  const signed = encode(
    ['Signature1', prot, text(aad), payload])
  if (!verify('sha256', signed,
    { key: key.key, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new Error('the signature does not hold')
  }
  return payload
}
