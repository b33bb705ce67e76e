// Attachment names come from strangers. They are normalised once, here, before anything looks at them (a check made
// before a later clean-up is a check that can be walked around), and are for display and download only: the store names
// files by their hash.

import { oneLine } from './plain-words.ts'

const LONGEST = 150
/** Windows opens a device for these, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:\.|$)/i

const EXTENSIONS: Record<string, string> = {
  'application/pdf': '.pdf',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'message/rfc822': '.eml',
  'text/plain': '.txt',
  'text/html': '.html',
  'text/calendar': '.ics',
  'text/csv': '.csv',
  'text/rfc822-headers': '.txt',
  'message/delivery-status': '.txt',
  'application/zip': '.zip',
}

/** A safe name: no path, no control, bidi or zero-width characters, no device name, at most 150 characters. */
export function attachmentName(given: string | undefined, mediaType: string): string {
  const last =
    oneLine(given ?? '', 20_000)
      .split(/[/\\]/)
      .pop() ?? ''
  let name = last
    .normalize('NFC')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '')
  if (name === '' || /^_+$/.test(name)) return `attachment${EXTENSIONS[mediaType] ?? ''}`
  if (RESERVED.test(name)) name = `_${name}`
  return shorten(name)
}

function shorten(name: string): string {
  if (name.length <= LONGEST) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : ''
  const stem = name.slice(0, LONGEST - extension.length)
  return stem.replace(/[\ud800-\udbff]$/, '').replace(/[.\s]+$/, '') + extension
}
