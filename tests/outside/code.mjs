// code.mjs - the enrolment code (PROTOCOL.md, section 8).
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DIGITS = 80
const same = { O: '0', I: '1', L: '1' }

function crc16 (bytes) {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    }
    crc &= 0xffff
  }
  return crc
}

function bytesOf (digits) {
  const bytes = []
  let [held, bits] = [0, 0]
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit)
    if (value < 0) throw new Error(`no digit: ${digit}`)
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
      held &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(bytes)
}

// readCode(text): { host, port, secret, root }, `root` the SHA-256 of the
// root certificate.
export function readCode (text) {
  const at = text.indexOf('#') + 1
  const start = text.slice(0, at)
  const url = new URL(start.slice(0, -1))
  const digits = text.slice(at).toUpperCase().replace(/[\s-]/g, '')
    .replace(/[OIL]/g, letter => same[letter])
  if (url.protocol !== 'https:' || digits.length !== DIGITS) {
    throw new Error('not an enrolment code')
  }
  const bytes = bytesOf(digits)
  const check = bytes[48] << 8 | bytes[49]
  const over = Buffer.concat([Buffer.from(start), bytes.subarray(0, 48)])
  if (crc16(over) !== check) throw new Error('a slip in the code')
  return {
    host: url.hostname,
    port: Number(url.port || 443),
    secret: bytes.slice(0, 16),
    root: bytes.slice(16, 48)
  }
}
