import { IconGitMerge } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Near } from '../../../contract/similar.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { putLinks } from '../relations/links.ts'
import { makeChildren } from './children.ts'
import { renewSimilar } from './renew.ts'
import { similarTexts } from './texts.ts'

const MergeDialog = lazy(async () => ({ default: (await import('../relations/MergeDialog.tsx')).MergeDialog }))

/** "Same as": the other becomes a child of this one, or this one a duplicate of the other, or both become one. */
export function SameMenu({ ticket, near }: { ticket: Ticket; near: Near }) {
  const t = useTexts(similarTexts)
  const [merging, setMerging] = useState(false)
  const duplicate = async () => {
    try {
      const body = { ticketId: near.id, relation: 'duplicate-of' as const }
      putLinks(ticket.id, await call('POST /api/tickets/:id/links', { params: { id: ticket.id }, body }))
      renewSimilar()
      toast(sayIn(similarTexts)('duplicateDone', { number: near.number }))
    } catch (cause) {
      toastProblem(cause)
    }
  }
  const child = () => void makeChildren(ticket.id, [near.id], sayIn(similarTexts)('childDone', { number: near.number }))
  return (
    <>
      <Menu
        end
        width={260}
        target={<IconButton label={t('sameAs', { number: near.number })} icon={<IconGitMerge size={15} />} size={24} />}
        entries={[
          { key: 'child', label: t('child'), run: child },
          { key: 'duplicate', label: t('duplicate'), run: () => void duplicate() },
          { key: 'merge', label: t('merge'), run: () => setMerging(true) },
        ]}
      />
      {merging && (
        <Suspense fallback={null}>
          <MergeDialog
            ticket={ticket}
            into={{ value: near.id, label: `#${near.number} ${near.subject}` }}
            onClose={() => setMerging(false)}
          />
        </Suspense>
      )}
    </>
  )
}
