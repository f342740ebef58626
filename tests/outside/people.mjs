// people.mjs - records.csv and records.geojson from the events (PROTOCOL.md,
// section 9, "Files for people").
import { hex, isBytes, isInt } from './cbor.mjs'
import { merge } from './merge.mjs'

const KINDS = [, 'observation', 'person', 'vehicle', 'photo', 'row', 'patrol',
  'book', 'entry', 'notice', 'task', 'briefing']
const ROWS_OF_THEIR_OWN = ['photo', 'person', 'vehicle', 'signature', 'group']
const FIXED = ['record', 'parent', 'kind', 'form', 'officer', 'device',
  'made', 'utc_offset_min', 'log_position', 'struck', 'conflict',
  'place_latitude', 'place_longitude', 'place_accuracy_m']
const EVERY = [, 'category', 'noted', 'place', 'note', 'marking', 'title',
  'patrol', 'reason', 'place_name', 'known_how', 'external_ref', 'ended',
  'linked', 'late_reason']
const OF_KIND = {
  patrol: {
    16: 'area', 17: 'crew', 18: 'distance_mm', 19: 'minutes', 20: 'gaps_ms',
    31: 'signed_strokes', 32: 'signed_name', 33: 'signature', 34: 'not_signed'
  },
  book: { 16: 'book_number', 17: 'book_signature' },
  entry: {
    16: 'entry_number', 17: 'late_for_ms', 18: 'amends', 19: 'about',
    20: 'area', 21: 'mark'
  },
  briefing: {
    16: 'why_here', 17: 'what_to_do', 18: 'look_out_for', 19: 'area',
    20: 'must_read', 21: 'team'
  },
  task: {
    16: 'task_kind', 17: 'due', 18: 'goal_minutes', 19: 'area', 20: 'for',
    21: 'team', 22: 'urgent'
  },
  photo: {
    16: 'blob', 18: 'sha256', 19: 'bytes', 20: 'media_type',
    21: 'orientation', 22: 'small_blob', 24: 'small_sha256',
    25: 'small_bytes', 26: 'taken_ms', 27: 'caption', 28: 'copy_of',
    29: 'exhibit', 30: 'length_ms'
  }
}
const PLACE = 3
const isSecret = (kind, id) => kind === 'photo' && (id === 17 || id === 23)

const uuidText = bytes => hex(bytes).replace(
  /^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
function degrees (e7) {
  const digits = String(Math.abs(e7)).padStart(8, '0')
  return `${e7 < 0 ? '-' : ''}${digits.slice(0, -7)}.${digits.slice(-7)}`
}
const metres = mm => mm === 0 ? '' : // nobody said how near
  `${Math.floor(mm / 1000)}.${String(mm % 1000).padStart(3, '0')}`

function valueText (value) {
  if (value === undefined) return '(struck)'
  if (value === null) return ''
  if (isInt(value)) return String(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (isBytes(value)) return hex(value)
  if (value instanceof Map) {
    const words = value.get(5) ? ` ${value.get(5)}` : ''
    return `${degrees(value.get(1))} ${degrees(value.get(2))}${words}`
  }
  return value
}
function fieldText ({ codes, heads, isConflict }) {
  if (codes !== null) return codes.join(';')
  return (isConflict ? heads : heads.slice(0, 1)).map(valueText).join(' | ')
}

// --- what the rows are read with: the server's own words only ---

function settingsOf ({ events }, server, fieldsOf) {
  const settings = { forms: [], officers: new Map(), refused: new Set() }
  for (const event of events) {
    const { header } = event
    if (event.device !== server || header.get(1) !== 1) continue
    const fields = event.body === null ? new Map() : fieldsOf(event)
    if (header.get(14) === 17 && fields.has(16)) {
      settings.forms.push(JSON.parse(fields.get(16)))
    } else if (header.get(14) === 13 && fields.has(16)) {
      settings.officers.set(hex(header.get(13)), fields.get(16))
    } else if (header.get(14) === 22 && header.get(16) === 38) {
      settings.refused.add(`${hex(fields.get(18) ?? [])}:${fields.get(19)}`)
    }
  }
  return settings
}

function formOf (forms, header) {
  const same = forms.filter(({ id }) => id === header.get(17))
  return same.find(({ version }) => version === header.get(18)) ?? same.at(-1)
}

function keyOf (row, id) {
  const known = EVERY[id] ?? OF_KIND[row.kind]?.[id]
  if (known !== undefined) return known
  const name = row.header.get(17) ?? row.kind
  const field = row.form?.fields.find(f => f.id === id)
  if (field === undefined) return `${name}.${id}`
  const taken = [...FIXED, ...EVERY, ...Object.values(OF_KIND[row.kind] ?? {})]
  return taken.includes(field.key) ? `${name}.${field.key}` : field.key
}

function rowOf (own, settings) {
  const { header, position } = own[0]
  const row = { header, position, kind: KINDS[header.get(14)] }
  row.merged = merge(own, settings.refused)
  row.form = formOf(settings.forms, header)
  row.cells = row.merged.fields.filter(({ id }) => !isSecret(row.kind, id))
    .map(field => [keyOf(row, field.id), field])
  row.place = row.merged.fields.find(({ id }) => id === PLACE)?.heads
    .find(value => value instanceof Map)
  return row
}

function rowsOf ({ events }, settings) {
  const records = new Map()
  for (const event of events) {
    const kind = event.header.get(14)
    if (event.header.get(1) !== 1 || kind < 1 || kind > 11) continue
    const record = hex(event.header.get(13))
    if (!records.has(record)) records.set(record, [])
    records.get(record).push(event)
  }
  return [...records].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(
    ([, own]) => {
      try {
        return [rowOf(own, settings)]
      } catch {
        return [] // a body that can't be read
      }
    })
}

// --- the files ---

const cell = text =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
const line = cells => `${cells.map(cell).join(',')}\r\n`

function fixedOf ({ header, merged, position, kind, place }, officers) {
  const officer = header.get(12)
  return [uuidText(header.get(13)),
    merged.parent === undefined ? '' : uuidText(merged.parent),
    kind, header.get(17) ?? '',
    officer === undefined
      ? ''
      : officers.get(hex(officer)) ?? uuidText(officer),
    uuidText(header.get(2)), new Date(header.get(6)).toISOString(),
    String(header.get(9)), String(position),
    merged.isStruck ? 'yes' : 'no', merged.isConflict ? 'yes' : 'no',
    ...place === undefined
      ? ['', '', '']
      : [degrees(place.get(1)), degrees(place.get(2)),
          metres(place.get(3) ?? 0)]]
}

function csvOf (rows, { officers }) {
  const columns = new Set()
  for (const row of rows) {
    for (const [key] of row.cells) columns.add(key)
    for (const { id, type } of row.form?.fields ?? []) {
      if (!ROWS_OF_THEIR_OWN.includes(type)) columns.add(keyOf(row, id))
    }
  }
  const keys = [...columns].sort()
  return line([...FIXED, ...keys]) + rows.map(row => {
    const texts = new Map(row.cells.map(([k, f]) => [k, fieldText(f)]))
    return line([...fixedOf(row, officers),
      ...keys.map(key => texts.get(key) ?? '')])
  }).join('')
}

// As the page says it: only '"', '\' and bytes below 0x20 are escaped.
const json = text => `"${text.replace(/["\\]/g, '\\$&').replace(
  /[\x00-\x1f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
)}"`

function geojsonOf (rows) {
  const features = rows.filter(row => row.place !== undefined).map(row => {
    const { header, place, position } = row
    const texts = row.cells.filter(([, { id }]) => id !== PLACE).map(
      ([key, field]) => `,"${key}":${json(fieldText(field))}`)
    return '\n{"type":"Feature","geometry":{"type":"Point","coordinates":[' +
      `${degrees(place.get(2))},${degrees(place.get(1))}]},` +
      `"id":"${uuidText(header.get(13))}",` +
      `"properties":{"log_position":${position}${texts.join('')}}}`
  })
  return '{"type":"FeatureCollection","features":[' + features.join(',') +
    '\n]}\n'
}

// peopleOf(bundle, server, fieldsOf): { name: text } of both files.
export function peopleOf (bundle, server, fieldsOf) {
  const settings = settingsOf(bundle, server, fieldsOf)
  const rows = rowsOf(bundle, settings)
  return {
    'records.csv': csvOf(rows, settings),
    'records.geojson': geojsonOf(rows)
  }
}
