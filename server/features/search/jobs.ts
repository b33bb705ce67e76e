import { convert } from 'html-to-text'
import type { Kernel } from '../../kernel/context.ts'
import { jobs } from '../../kernel/jobs.ts'
import { emptyIndex, indexBatch, indexFile, indexPerson, messagesWithFiles, peopleOf, type ReadableFile, readableFiles } from './actions.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'search.files': { messageId: string }
    'search.people-of': { organisationId: string }
  }
}

/** Both write the same rows again when they run twice. */
export const searchJobs = jobs({
  /** The text of a message's plain and HTML files. */
  'search.files': async (kernel, { messageId }) => {
    const files = await kernel.asSystem((context) => readableFiles(context, messageId))
    for (const file of files) {
      const text = await textOf(kernel, file)
      await kernel.asSystem((context) => indexFile(context, file, text))
    }
  },
  /** An organisation's name is part of what its people are found by. */
  'search.people-of': (kernel, { organisationId }) =>
    kernel.asSystem(async (context) => {
      for (const id of await peopleOf(context, organisationId)) await indexPerson(context, id)
    }),
})

const readUpTo = 300_000

async function textOf(kernel: Kernel, file: ReadableFile): Promise<string> {
  const bytes = (await kernel.files.read(file.sha256)).subarray(0, readUpTo)
  const text = decoded(bytes)
  const plain = /^text\/html\b/i.test(file.mediaType)
    ? convert(text, {
        wordwrap: false,
        limits: { maxInputLength: readUpTo },
        selectors: [
          { selector: 'img', format: 'skip' },
          { selector: 'a', options: { ignoreHref: true } },
        ],
      })
    : text
  return plain.replaceAll('\u0000', ' ').slice(0, 60_000)
}

/** UTF-8, and what is not is taken for the western code page: better found with a wrong accent than not at all. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Writes the whole index anew, in batches, while the desk works on. */
export async function reindex(kernel: Kernel, say: (line: string) => void): Promise<void> {
  await kernel.asSystem(emptyIndex)
  for (const what of ['organisation', 'person', 'ticket'] as const) {
    let batches = 0
    for (let after: string | undefined = '0'; after !== undefined; batches++) {
      const from: string = after
      after = await kernel.asSystem((context) => indexBatch(context, what, from))
    }
    say(`Search: ${what} rows are written (${batches - 1} batches).`)
  }
  for (const messageId of await kernel.asSystem(messagesWithFiles)) await searchJobs['search.files']?.(kernel, { messageId })
}
