import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { lookUp } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { doingTexts } from './doing-texts.ts'

/**
 * What other features let one do with a ticket: entries of its "More" menu, each with a dialog that is loaded when it is
 * chosen. A new one is one line here and its words in doing-texts.ts.
 */
type Chosen = ComponentType<{ ticket: Ticket; onClose: () => void }>
type Doing = { key: string; when: (ticket: Ticket) => boolean; Dialog: LazyExoticComponent<Chosen> }
const dialog = <K extends string>(load: () => Promise<Record<K, Chosen>>, name: K): LazyExoticComponent<Chosen> =>
  lazy(async () => ({ default: (await load())[name] }))

const mayEdit = (ticket: Ticket) => ticket.can.edit
const doings: Doing[] = [
  { key: 'snooze', when: (t) => t.can.note, Dialog: dialog(() => import('./SnoozeDialog.tsx'), 'SnoozeDialog') },
  { key: 'pageOnCall', when: mayEdit, Dialog: dialog(() => import('../paging/PageDialog.tsx'), 'PageDialog') },
  { key: 'tellManager', when: mayEdit, Dialog: dialog(() => import('../tiers/TellDialog.tsx'), 'TellDialog') },
  { key: 'openLinked', when: mayEdit, Dialog: dialog(() => import('../relations/OpenLinkedDialog.tsx'), 'OpenLinkedDialog') },
  { key: 'merge', when: mayEdit, Dialog: dialog(() => import('../relations/MergeDialog.tsx'), 'MergeDialog') },
  {
    key: 'split',
    when: (t) => t.can.edit && t.messages.length > 0,
    Dialog: dialog(() => import('../relations/SplitDialog.tsx'), 'SplitDialog'),
  },
  {
    key: 'toRequest',
    when: (t) => t.can.edit && t.kind === 'incident',
    Dialog: dialog(() => import('../relations/ConvertDialog.tsx'), 'ConvertDialog'),
  },
  {
    key: 'toIncident',
    when: (t) => t.can.edit && t.kind === 'request',
    Dialog: dialog(() => import('../relations/ConvertDialog.tsx'), 'ConvertDialog'),
  },
]

export function useDoings(ticket: Ticket): { entries: MenuEntry[]; shown: ReactNode } {
  const language = useLanguage()
  const [chosen, setChosen] = useState<string>()
  const entries = doings
    .filter((d) => d.when(ticket))
    .map((d) => ({ key: d.key, label: lookUp(doingTexts, d.key, {}, language) ?? d.key, run: () => setChosen(d.key) }))
  const Dialog = doings.find((d) => d.key === chosen)?.Dialog
  const shown = Dialog && (
    <Suspense fallback={null}>
      <Dialog ticket={ticket} onClose={() => setChosen(undefined)} />
    </Suspense>
  )
  return { entries, shown }
}
