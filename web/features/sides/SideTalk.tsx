import { IconDots, IconEyeOff } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { SideInFull } from '../../../contract/sides.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { queries, useCall, useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { SideSheet } from '../../ui/Dialog.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { SideComposer } from './SideComposer.tsx'
import { SideFacts, SideMark } from './SideMarks.tsx'
import { SideMessage } from './SideMessage.tsx'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

const ChangeSheet = lazy(async () => ({ default: (await import('./ChangeSheet.tsx')).ChangeSheet }))

/** What was written with a third party, and the field to write on. */
export function SideTalk({ id, ticket, onClose }: { id: string; ticket: Ticket; onClose: () => void }) {
  const t = useTexts(sideTexts)
  const side = useCall('GET /api/sides/:id', { params: { id } })
  return (
    <SideSheet title={side.data?.subject ?? t('title')} open onClose={onClose} size="lg">
      <Loaded from={side}>{(shown) => <Talk side={shown} ticket={ticket} />}</Loaded>
    </SideSheet>
  )
}

const keep = (side: SideInFull) => {
  queries.setQueryData(['GET /api/sides/:id', { params: { id: side.id } }], side)
  for (const name of ['GET /api/tickets/:id/sides', 'GET /api/tickets/:id/timeline']) void queries.invalidateQueries({ queryKey: [name] })
}

function Talk({ side, ticket }: { side: SideInFull; ticket: Ticket }) {
  const t = useTexts(sideTexts)
  const formats = useFormats()
  const [changing, setChanging] = useState(false)
  const [confirm, question] = useConfirm()
  const params = { id: side.id }
  const done = useSend('POST /api/sides/:id/done', { onDone: keep, onProblem: toastProblem })
  const reopen = useSend('POST /api/sides/:id/reopen', { onDone: keep, onProblem: toastProblem })
  const remind = useSend('POST /api/sides/:id/remind', {
    onProblem: toastProblem,
    onDone: (next) => {
      keep(next)
      toast(t('reminded'))
    },
  })
  const ask = async () => {
    if (await confirm({ title: t('remindTitle'), text: t('remindText'), action: t('remind') })) remind.mutate({ params, body: {} })
  }
  return (
    <div className={styles.talk}>
      <p className={styles.sealed}>
        <IconEyeOff size={16} aria-hidden="true" />
        {t('sealed')}
      </p>
      <div className="row">
        <span className="grow">
          <SideFacts side={side} />
          <span className="dim small">
            {t('since', { when: formats.brief(side.createdAt), name: side.createdBy?.name ?? t('somebody') })}
          </span>
        </span>
        <SideMark side={side} />
        {side.can.edit && (
          <Menu
            end
            target={<IconButton label={t('more')} icon={<IconDots size={16} />} />}
            entries={[
              { key: 'edit', label: t('edit'), run: () => setChanging(true) },
              side.state === 'open' && { key: 'remind', label: t('remind'), run: () => void ask() },
              side.state === 'open'
                ? { key: 'done', label: t('settle'), run: () => done.mutate({ params }) }
                : { key: 'again', label: t('reopen'), run: () => reopen.mutate({ params }) },
            ]}
          />
        )}
      </div>
      <ol className={styles.messages}>
        {side.messages.map((message) => (
          <SideMessage key={message.id} message={message} ticketId={ticket.id} />
        ))}
      </ol>
      {side.can.edit && <SideComposer side={side} ticket={ticket} onSent={keep} />}
      {question}
      {changing && (
        <Suspense fallback={null}>
          <ChangeSheet side={side} onClose={() => setChanging(false)} onSaved={keep} />
        </Suspense>
      )}
    </div>
  )
}
