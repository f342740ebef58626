// der.mjs - a PKCS#10 request (RFC 2986) in DER (X.690), by hand: Node writes
// keys and signatures in DER itself, what is left are four nested sequences.
import { sign } from 'node:crypto'

const SEQUENCE = 0x30
const BIT_STRING = 0x03
const ATTRIBUTES = Uint8Array.of(0xa0, 0) // [0], none
const VERSION = Uint8Array.of(0x02, 1, 0)
// CN=x: the server takes only the key, but the name must not be empty.
const NAME = Uint8Array.of(SEQUENCE, 12, 0x31, 10, SEQUENCE, 8,
  0x06, 3, 0x55, 0x04, 0x03, 0x0c, 1, 0x78)
// ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758)
const ALGORITHM = Uint8Array.of(SEQUENCE, 10, 0x06, 8,
  0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)

function item (tag, ...parts) {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 0x80
    ? [size]
    : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...length), content])
}

// requestOf(key): DER of a request for the pair { privateKey, publicKey },
// signed by it.
export function requestOf ({ privateKey, publicKey }) {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const info = item(SEQUENCE, VERSION, NAME, spki, ATTRIBUTES)
  const signature = sign('sha256', info, privateKey)
  return Uint8Array.from(item(SEQUENCE, info, ALGORITHM,
    item(BIT_STRING, Uint8Array.of(0), signature)))
}
