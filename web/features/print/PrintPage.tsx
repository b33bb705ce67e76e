import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Message } from '../../../contract/messages.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField } from '../../ui/Fields.tsx'
import { PriorityMark } from '../../ui/Marks.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import { useWords } from '../fields/FieldsPart.tsx'
import styles from './Print.module.css'
import { printTexts } from './texts.ts'

/**
 * A ticket as paper: the browser prints it or saves it as PDF, so no renderer of ours ever opens a file or an address.
 * Messages stand here as their text alone: nothing that a mail names is fetched, whatever it names.
 */
export function PrintPage() {
  const { ticketId } = useParams({ strict: false }) as { ticketId: string }
  const ticket = useCall('GET /api/tickets/:id', { params: { id: ticketId } })
  return (
    <main className={styles.desk}>
      <Loaded from={ticket}>{(one) => <Printing ticket={one} />}</Loaded>
    </main>
  )
}

function Printing({ ticket }: { ticket: Ticket }) {
  const t = useTexts(printTexts)
  const me = useMe()
  // From the portal's address, everybody sees what the requester sees.
  const asStaff = me.staff && ticket.can.note && !location.pathname.startsWith('/portal')
  const [notes, setNotes] = useState(false)
  const [pictures, setPictures] = useState(false)
  const messages = useAllMessages(ticket)
  useTitle(`${t(asStaff ? 'ticket' : 'request', { number: ticket.number })} ${ticket.subject}`)
  const shown = messages?.filter((m) => !m.internal || (asStaff && notes))
  return (
    <>
      <div className={styles.bar}>
        <Link to={(asStaff ? '/tickets/$ticketId' : '/portal/requests/$ticketId') as never} params={{ ticketId: ticket.id } as never}>
          <IconArrowLeft size={16} aria-hidden="true" /> {t('back')}
        </Link>
        <span className="grow" />
        {asStaff && <CheckField label={t('notes')} checked={notes} onChange={(e) => setNotes(e.currentTarget.checked)} />}
        <CheckField label={t('pictures')} checked={pictures} onChange={(e) => setPictures(e.currentTarget.checked)} />
        <Button look="main" icon={<IconPrinter size={16} />} disabled={!shown} onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
      <article className={styles.paper}>
        <Head ticket={ticket} asStaff={asStaff} />
        {notes && <p className={styles.warning}>{t('notesOn')}</p>}
        {shown ? shown.map((m) => <Printed key={m.id} message={m} pictures={pictures} />) : <p className="dim">{t('loading')}</p>}
        <Foot />
      </article>
    </>
  )
}

/** Earlier pages one after the other: a ticket of thousands is a print-out of thousands. */
function useAllMessages(ticket: Ticket): readonly Message[] | undefined {
  const [all, setAll] = useState<readonly Message[] | undefined>(ticket.moreMessages ? undefined : ticket.messages)
  useEffect(() => {
    let stopped = false
    const fetchAll = async () => {
      let found: readonly Message[] = ticket.messages
      for (let more = ticket.moreMessages; more && !stopped && found[0]; ) {
        const page = await call('GET /api/tickets/:id/messages', { params: { id: ticket.id }, query: { before: found[0].id, limit: 200 } })
        found = [...page.items, ...found]
        more = page.more
      }
      if (!stopped) setAll(found)
    }
    void fetchAll()
    return () => {
      stopped = true
    }
  }, [ticket])
  return all
}

function Head({ ticket, asStaff }: { ticket: Ticket; asStaff: boolean }) {
  const t = useTexts(printTexts)
  const formats = useFormats()
  const company = useCompany()
  const words = useWords()
  const own = useCall('GET /api/tickets/:id/fields', { params: { id: ticket.id } }).data?.items ?? []
  const solution = asStaff || ticket.resolutionTold ? ticket.resolution : null
  return (
    <>
      <header className={styles.head}>
        <p className="dim">{company?.name}</p>
        <h1>{ticket.subject}</h1>
        <p className="dim">{t(asStaff ? 'ticket' : 'request', { number: ticket.number })}</p>
      </header>
      <Facts>
        <Fact name={t('requester')}>{[ticket.requester.name, ticket.requester.email].filter(Boolean).join(', ')}</Fact>
        <Fact name={t(company?.supports === 'customers' ? 'customer' : 'organisation')}>{ticket.organisation?.name}</Fact>
        <Fact name={t('status')}>{ticket.status.name}</Fact>
        <Fact name={t('priority')}>{asStaff && <PriorityMark priority={ticket.priority} words />}</Fact>
        <Fact name={t('category')}>{asStaff && ticket.category?.name}</Fact>
        <Fact name={t('team')}>{ticket.team?.name}</Fact>
        <Fact name={t('assignee')}>{ticket.assignee?.name}</Fact>
        <Fact name={t('created')}>{formats.dateTime(ticket.createdAt)}</Fact>
        <Fact name={t('resolved')}>{ticket.resolvedAt && formats.dateTime(ticket.resolvedAt)}</Fact>
        {own
          .filter((f) => f.value !== null && (asStaff || ticket.fields[f.key] !== undefined))
          .map((f) => (
            <Fact key={f.id} name={f.label}>
              {words(f)}
            </Fact>
          ))}
        <Fact name={t('solution')}>{solution}</Fact>
      </Facts>
    </>
  )
}

function Printed({ message, pictures }: { message: Message; pictures: boolean }) {
  const t = useTexts(printTexts)
  const formats = useFormats()
  const name = message.author?.name || message.from.name || message.from.email
  const images = message.attachments.filter((a) => /^image\/(png|jpeg|gif|webp)$/.test(a.mediaType))
  return (
    <section className={styles.message} data-internal={message.internal || undefined}>
      <h2>
        {t('from', { name, when: formats.dateTime(message.at) })}
        {message.internal && (
          <span className={styles.internal}>{message.handoffTo ? t('handoff', { name: message.handoffTo.name }) : t('note')}</span>
        )}
      </h2>
      {/* What is folded away are quotes of messages that stand here themselves. */}
      <p className={styles.text}>{message.visibleText || message.text}</p>
      {message.attachments.length > 0 && (
        <p className="dim small">
          {t('attachments', { names: message.attachments.map((a) => `${a.name} (${formats.size(a.size)})`).join(', ') })}
        </p>
      )}
      {pictures && images.map((a) => <img key={a.id} src={`/api/attachments/${a.id}`} alt={a.name} />)}
    </section>
  )
}

function Foot() {
  const t = useTexts(printTexts)
  const formats = useFormats()
  const { name } = useMe()
  return <footer className={styles.foot}>{t('printed', { when: formats.dateTime(new Date().toISOString()), name })}</footer>
}
