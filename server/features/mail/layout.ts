import { oneLine } from '../../kernel/plain-words.ts'

/** How our mails look: one column of plain words, buttons where there is something to do, nothing that loads. */
/** `even`: none of several stands out, because what is clicked is an opinion. */
export type Button = { label: string; address: string; even?: true }
export type Laid = { text: string; html: string }

export function layOut(parts: { body: string; signature?: string; buttons?: Button[]; footer?: string }): Laid {
  const { body, signature = '', buttons = [], footer = '' } = parts
  const text = [
    body.trim(),
    ...buttons.map(({ label, address }) => `${label}: ${address}`),
    ...(signature.trim() === '' ? [] : [`-- \n${signature.trim()}`]),
    ...(footer === '' ? [] : [footer]),
  ].join('\n\n')
  const html = `<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body style="margin:0;padding:24px 16px">
<div style="max-width:600px;font:15px/1.55 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
${paragraphs(body)}${buttons.length > 0 ? `\n<p style="margin:24px 0">${buttons.map(button).join(' &nbsp; ')}</p>` : ''}
${signature.trim() === '' ? '' : `<div style="margin-top:20px;color:#555">${lines(signature.trim())}</div>\n`}${footer === '' ? '' : `<p style="margin-top:28px;padding-top:12px;border-top:1px solid #ddd;font-size:12px;color:#777">${escapeHtml(footer)}</p>\n`}</div></body></html>`
  return { text, html }
}

const button = ({ label, address, even }: Button, nth: number): string =>
  `<a href="${escapeHtml(address)}" style="display:inline-block;padding:10px 18px;border-radius:6px;text-decoration:none;${nth === 0 && !even ? 'background-color:#2f5fd0;color:#fff' : 'border:1px solid #999;color:#333'}">${escapeHtml(label)}</a>`

const paragraphs = (text: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map((one) => `<p style="margin:0 0 14px">${linked(lines(one))}</p>`)
    .join('\n')
const lines = (text: string): string => escapeHtml(text).replace(/\n/g, '<br>')
/** Only what looks like a whole web address, on text that is escaped already. */
const linked = (html: string): string =>
  html.replace(/\bhttps?:\/\/[^\s<>"']{1,1000}[^\s<>"'.,;:!?)]/g, (address) =>
    address.includes('&quot;') ? address : `<a href="${address}">${address}</a>`,
  )

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A header's text: one line, nothing that begins another header (C-037). */
export const headerText = (text: string, longest = 250): string => oneLine(text, longest)
