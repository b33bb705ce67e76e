import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { useTitle } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MergedAway } from '../relations/MergedAway.tsx'
import { Appointments } from '../visits/Appointment.tsx'
import { Conversation } from './Conversation.tsx'
import { NextSteps } from './NextSteps.tsx'
import { PlainText } from './PlainText.tsx'
import { stateOf, stateWords, whoHasIt } from './plain.ts'
import { ReplyBox } from './ReplyBox.tsx'
import styles from './RequestPage.module.css'
import { StateWords } from './RequestRows.tsx'
import { SolvedBox } from './SolvedBox.tsx'
import { markSeen } from './seen.ts'
import { portalTexts } from './texts.ts'

const MySurvey = lazy(async () => ({ default: (await import('../surveys/MySurvey.tsx')).MySurvey }))

export function RequestPage() {
  const { ticketId } = useParams({ from: '/portal/requests/$ticketId' })
  const ticket = useCall('GET /api/tickets/:id', { params: { id: ticketId } })
  const gone = problemIn(ticket.error)
  if (gone?.code === 'ticket_merged')
    return <MergedAway from={ticketId} into={String(gone.details.mergedInto)} to="/portal/requests/$ticketId" />
  return (
    <div className={styles.page}>
      <Loaded from={ticket}>{(request) => <Request key={request.id} ticket={asAskerSees(request)} />}</Loaded>
    </div>
  )
}

/** Staff who look in here see what the person who asked sees: no notes, nothing that was not told, whatever their own rights. */
const asAskerSees = (ticket: Ticket): Ticket => ({
  ...ticket,
  messages: ticket.messages.filter((m) => !m.internal && !canBeTakenBack(m)),
  resolution: ticket.resolutionTold ? ticket.resolution : null,
})
const canBeTakenBack = ({ delivery }: Ticket['messages'][number]) =>
  delivery?.state === 'waiting' && delivery.undoUntil !== null && delivery.undoUntil > new Date().toISOString()

/** A colleague of the desk looks over the shoulder of somebody else; they answer from the ticket, not from here. */
const isPreview = (ticket: Ticket, me: { id: string; staff: boolean }) =>
  me.staff && ticket.requester.id !== me.id && !ticket.cc.some((c) => c.id === me.id)

function Request({ ticket }: { ticket: Ticket }) {
  const t = useTexts(portalTexts)
  const me = useMe()
  const who = whoHasIt(ticket, useCompany()?.whoHasIt)
  const preview = isPreview(ticket, me)
  const reader = preview ? ticket.requester.id : me.id
  const state = stateOf(ticket)
  const newest = ticket.messages.at(-1)?.at
  useTitle(ticket.subject)
  useEffect(() => {
    if (newest && !preview) markSeen(me.id, ticket.id, newest)
  }, [newest, preview, me.id, ticket.id])
  return (
    <>
      {preview ? <PreviewNote ticket={ticket} /> : <BackToList />}
      <header className={styles.head}>
        <h1>{ticket.subject}</h1>
        <p className={styles.sub}>
          <StateWords
            meaning={ticket.status.meaning}
            words={stateWords(t, ticket, reader, who)}
            calls={reader === ticket.requester.id && (state === 'answer' || state === 'solved')}
          />
          <span className="dim">{t('number', { number: ticket.number })}</span>
          <Link to={'/portal/requests/$ticketId/print' as never} params={{ ticketId: ticket.id } as never}>
            {t('print')}
          </Link>
        </p>
      </header>
      <div className={styles.columns}>
        <NextSteps ticket={ticket} reader={reader} who={who} />
        <div className={styles.talk}>
          <Appointments ticketId={ticket.id} preview={preview} />
          <Conversation ticket={ticket} reader={reader} />
          <Solution ticket={ticket} />
          {!preview && <Ending ticket={ticket} />}
          {!preview && ticket.requester.id === me.id && (state === 'closed' || state === 'solved') && (
            <Suspense fallback={null}>
              <MySurvey ticket={ticket} />
            </Suspense>
          )}
        </div>
      </div>
    </>
  )
}

/** What was done, unless the last message has said it already. */
function Solution({ ticket }: { ticket: Ticket }) {
  const t = useTexts(portalTexts)
  const text = ticket.resolution?.trim() ?? ''
  if (ticket.resolvedAt === null || text === '' || ticket.messages.at(-1)?.text.includes(text)) return null
  return (
    <section className={styles.solution}>
      <h2>{t('solution')}</h2>
      <PlainText text={text} />
    </section>
  )
}

/** What can be done now: answer, confirm, or begin anew. */
function Ending({ ticket }: { ticket: Ticket }) {
  const t = useTexts(portalTexts)
  const state = stateOf(ticket)
  if (state === 'solved') return <SolvedBox ticket={ticket} />
  if (state !== 'closed' || ticket.can.reply) return <ReplyBox ticket={ticket} />
  return (
    <p className={styles.closed}>
      {t('closedHere')}{' '}
      <Link to="/portal" search={{ about: t('newAboutSubject', { subject: ticket.subject }).slice(0, 250) }}>
        {t('newAbout')}
      </Link>
    </p>
  )
}

function BackToList() {
  const t = useTexts(portalTexts)
  return (
    <Link to="/portal/requests" className={styles.back}>
      <IconArrowLeft size={18} aria-hidden="true" />
      {t('backToList')}
    </Link>
  )
}

function PreviewNote({ ticket }: { ticket: Ticket }) {
  const t = useTexts(portalTexts)
  return (
    <p className={styles.preview}>
      <span className="grow">{t('preview', { name: ticket.requester.name })}</span>
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
        {t('previewBack')}
      </Link>
    </p>
  )
}
