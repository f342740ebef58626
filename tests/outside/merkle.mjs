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

// isConsistent(old, now, path): whether the audit path (2.1.2; checked as in
// RFC 9162, 2.1.4.2) leads from { size, root } to { size, root }.
export function isConsistent (old, now, path) {
  const same = (a, b) => Buffer.compare(a, b) === 0
  if (old.size > now.size) return false
  if (old.size === now.size) return path.length === 0 && same(old.root, now.root)
  if (old.size === 0) return path.length === 0
  let [first, last] = [old.size - 1, now.size - 1]
  const half = () => {
    first = Math.floor(first / 2)
    last = Math.floor(last / 2)
  }
  while (first % 2 === 1) half()
  const nodes = first === 0 ? [old.root, ...path] : [...path]
  if (nodes.length === 0) return false
  let [before, after] = [nodes[0], nodes[0]]
  for (const node of nodes.slice(1)) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      before = nodeHash(node, before)
      after = nodeHash(node, after)
      while (first % 2 === 0 && first !== 0) half()
    } else {
      after = nodeHash(after, node)
    }
    half()
  }
  return last === 0 && same(before, old.root) && same(after, now.root)
}
