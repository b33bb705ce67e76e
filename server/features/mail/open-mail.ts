import type { Kernel } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { parseMail } from './parse.ts'
import { withoutKey } from './rules-machine-address.ts'

/** A kept mail, read again for somebody who may: through the same parser and sanitiser as at the door. */
export async function openRaw(
  kernel: Kernel,
  sha256: string,
): Promise<{ text: string; html: string | null; attachments: { name: string; size: number; mediaType: string }[] }> {
  const raw = await kernel.files.read(sha256)
  const mail = await parseMail(raw, { bytes: 210 * 1024 * 1024 }).catch(() => null)
  if (!mail) return { text: raw.subarray(0, 100_000).toString('latin1').replaceAll('\0', ''), html: null, attachments: [] }
  return {
    text: mail.sealed?.text ?? mail.text,
    html: mail.html ?? null,
    attachments: mail.attachments.map(({ name, size, mediaType }) => ({ name, size, mediaType })),
  }
}

/** The head as it stands, unfolded. */
export async function headersOf(kernel: Kernel, sha256: string): Promise<{ name: string; value: string }[]> {
  const raw = await kernel.files.read(sha256).catch(() => {
    throw new Problem('unavailable', 'The raw mail is not on this machine.')
  })
  const head =
    raw
      .subarray(0, 200_000)
      .toString('utf8')
      .split(/\r?\n\r?\n/, 1)[0] ?? ''
  return head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .slice(0, 300)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1
        ? []
        : [
            {
              name: line.slice(0, colon).slice(0, 100),
              value: withoutKey(
                line
                  .slice(colon + 1)
                  .replaceAll('\0', '')
                  .trim()
                  .slice(0, 4000),
              ),
            },
          ]
    })
}
