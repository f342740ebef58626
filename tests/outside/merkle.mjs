// merkle.mjs - Merkle trees of RFC 6962, section 2.1.
import { sha256 } from './cose.mjs'

const ZERO = Uint8Array.of(0)
const ONE = Uint8Array.of(1)

export const leafHash = leaf => sha256(ZERO, leaf)
const nodeHash = (left, right) => sha256(ONE, left, right)

// rootOf(leaves): MTH of the whole list.
export function rootOf (leaves) {
  if (leaves.length === 0) return sha256()
  const peaks = [] // [height, hash], from the left, heights falling
  for (const leaf of leaves) {
    let [height, hash] = [0, leafHash(leaf)]
    while (peaks.length > 0 && peaks.at(-1)[0] === height) {
      hash = nodeHash(peaks.pop()[1], hash)
      height++
    }
    peaks.push([height, hash])
  }
  return peaks.reduceRight((right, [, left]) =>
    right === null ? left : nodeHash(left, right), null)
}

// rootFromPath(leaf, index, size, path): the root that the audit path (2.1.1)
// leads to; null where the path is too long or too short.
export function rootFromPath (leaf, index, size, path) {
  if (index >= size) return null
  let [hash, last] = [leafHash(leaf), size - 1]
  for (const node of path) {
    if (last === 0) return null
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(node, hash)
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, node)
    }
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : null
}
