import { IconArrowMerge, IconDots, IconLink, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Linked, TicketLinks } from '../../../contract/relations.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { StatusShape } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { undoMerge, unlink } from './links.ts'
import styles from './Relations.module.css'
import { tellReport } from './report.ts'
import { relationTexts } from './texts.ts'

const LinkDialog = lazy(async () => ({ default: (await import('./LinkDialog.tsx')).LinkDialog }))
const ChildrenDialog = lazy(async () => ({ default: (await import('./ChildrenDialog.tsx')).ChildrenDialog }))

/** What this ticket hangs together with: links, children with their state, and what was merged into it. */
export function LinkedPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(relationTexts)
  const { data } = useCall('GET /api/tickets/:id/links', { params: { id: ticket.id } })
  const [adding, setAdding] = useState(false)
  if (!data) return null
  const { links, merged, childrenTotal, can } = data
  const empty = links.length + merged.length + childrenTotal === 0
  if (empty && !can.edit) return null
  return (
    <>
      <PanelPart
        title={t('title')}
        action={can.edit && <IconButton label={t('add')} icon={<IconLink size={16} />} size={24} onClick={() => setAdding(true)} />}
      >
        {empty && <p className="dim">{t('none')}</p>}
        {links.length > 0 && (
          <ul className={styles.lines}>
            {links.map((link) => (
              <LinkLine key={link.id} ticketId={ticket.id} link={link} words={t(link.relation)} mayEdit={can.edit} />
            ))}
          </ul>
        )}
        {merged.map((part) => (
          <MergedLine key={part.mergeId} part={part} intoId={ticket.id} />
        ))}
        {adding && (
          <Suspense fallback={null}>
            <LinkDialog ticket={ticket} onClose={() => setAdding(false)} />
          </Suspense>
        )}
      </PanelPart>
      {childrenTotal > 0 && <ChildrenPart ticket={ticket} data={data} />}
    </>
  )
}

function LinkLine({ ticketId, link, words, mayEdit }: { ticketId: string; link: Linked; words: string; mayEdit: boolean }) {
  const t = useTexts(relationTexts)
  const { ticket, id } = link
  const facts = [words, `#${ticket.number}`, ticket.status, ticket.assignee?.name].filter(Boolean).join(' · ')
  return (
    <li className={styles.line}>
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={true} className={styles.ticket}>
        <StatusShape meaning={ticket.meaning} />
        <span className="grow">
          <span className={styles.subject}>{ticket.subject}</span>
          <span className={styles.sub}>{facts}</span>
        </span>
      </Link>
      {mayEdit && (
        <IconButton
          label={t('unlink', { number: ticket.number })}
          icon={<IconX size={14} />}
          size={24}
          onClick={() => void unlink(ticketId, id)}
        />
      )}
    </li>
  )
}

function MergedLine({ part, intoId }: { part: TicketLinks['merged'][number]; intoId: string }) {
  const t = useTexts(relationTexts)
  const formats = useFormats()
  const facts = { count: part.messages, when: formats.brief(part.at), name: part.by?.name ?? t('somebody') }
  return (
    <div className={styles.line}>
      <span className={styles.ticket}>
        <IconArrowMerge size={14} aria-hidden="true" />
        <span className="grow">
          <span>{t('mergedHere', { number: part.ticket.number })}</span>
          <span className={styles.sub}>{part.ticket.subject}</span>
          <span className={styles.sub}>{t('mergedFacts', facts)}</span>
        </span>
      </span>
      {part.undoUntil && (
        <Button look="plain" onClick={() => void undoMerge(part.mergeId, part.ticket, intoId)}>
          {t('undoMerge')}
        </Button>
      )}
    </div>
  )
}

function ChildrenPart({ ticket, data }: { ticket: Ticket; data: TicketLinks }) {
  const t = useTexts(relationTexts)
  const [doing, setDoing] = useState<'answer' | 'resolve'>()
  const { children, childrenOpen: open, childrenTotal: all, can } = data
  const done = all - open
  const handDown = () =>
    void call('POST /api/tickets/:id/children/status', { params: { id: ticket.id } })
      .then((report) => tellReport(ticket.id, report))
      .catch(toastProblem)
  const handsDown = !['new', 'waiting-requester', 'resolved', 'closed', 'cancelled'].includes(ticket.status.meaning)
  return (
    <PanelPart
      title={t('children')}
      action={
        <span className="row">
          <span className={styles.sub}>{t('progress', { done, all })}</span>
          {can.edit && open > 0 && (
            <Menu
              end
              width={260}
              target={<IconButton label={t('more')} icon={<IconDots size={16} />} size={24} />}
              entries={[
                { key: 'answer', label: t('answerAll'), run: () => setDoing('answer') },
                { key: 'resolve', label: t('resolveAll'), run: () => setDoing('resolve') },
                handsDown && { key: 'status', label: t('statusAll'), run: handDown },
              ]}
            />
          )}
        </span>
      }
    >
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${(done / all) * 100}%` }} />
      </span>
      <ul className={styles.lines}>
        {children.map((link) => (
          <LinkLine key={link.id} ticketId={ticket.id} link={link} words={link.ticket.requester.name} mayEdit={can.edit} />
        ))}
      </ul>
      {doing && (
        <Suspense fallback={null}>
          <ChildrenDialog ticket={ticket} open={open} doing={doing} onClose={() => setDoing(undefined)} />
        </Suspense>
      )}
    </PanelPart>
  )
}
