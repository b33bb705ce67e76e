import type { PersonRow } from '../../../contract/people.ts'
import { type CallOptions, call } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { peopleTexts } from './texts.ts'

type Query = NonNullable<CallOptions<'GET /api/people'>['query']>

/** The whole list under its filters, page by page, not only what was scrolled to. */
export async function exportPeople(query: Query): Promise<void> {
  const t = sayIn(peopleTexts)
  const done = toast(t('exporting'), { seconds: 120 })
  try {
    const rows = await allPeople(query)
    const head = [t('name'), t('email'), t('organisation'), t('department'), t('staff'), t('archived')]
    const lines = rows.map((p) => [
      p.name,
      p.email ?? '',
      p.organisation?.name ?? '',
      p.department,
      p.staff ? 'x' : '',
      p.archived ? 'x' : '',
    ])
    save('people.csv', [head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n'))
    toast(t('exported', { count: rows.length }))
  } catch (cause) {
    toastProblem(cause)
  } finally {
    done()
  }
}

async function allPeople(query: Query): Promise<PersonRow[]> {
  const rows: PersonRow[] = []
  let after: string | undefined
  do {
    const page = await call('GET /api/people', { query: { ...query, limit: 200, after } })
    rows.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined)
  return rows
}

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe before it keeps it text. */
const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

function save(name: string, text: string): void {
  const link = document.createElement('a')
  // The mark tells spreadsheets that this is UTF-8.
  link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
