import { Textarea } from '@mantine/core'
import { IconCamera, IconChevronDown, IconPaperclip } from '@tabler/icons-react'
import { type KeyboardEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Attachments } from './Attachments.tsx'
import styles from './Composer.module.css'
import { ComposerFields } from './ComposerFields.tsx'
import { type Composing, useComposing, type WriteKind, writeKinds } from './composing.ts'
import { talkTexts } from './conversation-texts.ts'
import { useOthers } from './presence.ts'
import { sendMessage, type Then } from './send.ts'

// Ready-made things come a moment after the composer stands.
const ComposerTools = lazy(async () => ({ default: (await import('../readymade/ComposerTools.tsx')).ComposerTools }))
const ScheduledBar = lazy(async () => ({ default: (await import('../readymade/ScheduledBar.tsx')).ScheduledBar }))
const OfferedDrafts = lazy(async () => ({ default: (await import('./OfferedDrafts.tsx')).OfferedDrafts }))
const SnippetMenu = lazy(async () => ({ default: (await import('../readymade/SnippetMenu.tsx')).SnippetMenu }))

const labels = { reply: 'reply', note: 'note', phone: 'phone' } as const
const shortLabels = { reply: 'reply', note: 'noteShort', phone: 'phoneShort' } as const
const placeholders = { reply: 'writeReply', note: 'writeNote', phone: 'writePhone' } as const
const sends = { reply: 'send', note: 'addNote', phone: 'addPhone' } as const

/** Reply, note and phone entry differ in colour, label and button, so that no one mistakes one for another. */
export function Composer({ ticket, onTyping }: { ticket: Ticket; onTyping: (typing: boolean) => void }) {
  const t = useTexts(talkTexts)
  const narrow = useNarrow()
  const composing = useComposing(ticket)
  const field = useRef<HTMLTextAreaElement>(null)
  const [open, setOpen] = useState(false)
  const kinds = writeKinds.filter((k) => (k === 'reply' ? ticket.can.reply : ticket.can.note))
  const { kind, content, uploads } = composing
  const started = content.body !== '' || uploads.files.length > 0
  const begin = (next: WriteKind) => {
    setOpen(true)
    composing.setKind(next)
    setTimeout(() => field.current?.focus())
  }
  useTyping(content.body, onTyping)
  useShortcut('r', t('reply'), t('group'), () => begin('reply'), { on: ticket.can.reply })
  useShortcut('n', t('note'), t('group'), () => begin('note'), { on: ticket.can.note })
  if (kinds.length === 0) return <p className={styles.closed}>{t('cannotReply')}</p>
  if (narrow && !open && !started)
    return (
      <>
        <Suspense fallback={null}>
          <ScheduledBar ticket={ticket} composing={composing} />
        </Suspense>
        <div className={styles.small}>
          {kinds.map((k) => (
            <Button key={k} size="sm" look={k === 'reply' ? 'main' : 'quiet'} onClick={() => begin(k)}>
              {t(shortLabels[k])}
            </Button>
          ))}
        </div>
      </>
    )
  return (
    <section
      className={styles.composer}
      data-kind={kind}
      data-over={uploads.over || undefined}
      aria-label={t(labels[kind])}
      {...uploads.target}
    >
      <div className={styles.kinds}>
        {kinds.map((k) => (
          <button key={k} type="button" data-kind={k} aria-pressed={k === kind} onClick={() => begin(k)}>
            {t(labels[k])}
          </button>
        ))}
        <span className="grow" />
        <Typing ticketId={ticket.id} />
        {composing.kept && <span className={styles.kept}>{t('draftKept')}</span>}
      </div>
      <Suspense fallback={null}>
        <ScheduledBar ticket={ticket} composing={composing} />
        <OfferedDrafts ticket={ticket} composing={composing} />
      </Suspense>
      <ComposerFields ticket={ticket} composing={composing} />
      <Writing ticket={ticket} composing={composing} field={field} kind={kind} onSent={() => setOpen(false)} />
      {uploads.over && <div className={styles.drop}>{t('dropHere')}</div>}
    </section>
  )
}

type WritingProps = {
  ticket: Ticket
  composing: Composing
  field: RefObject<HTMLTextAreaElement | null>
  kind: WriteKind
  onSent: () => void
}
function Writing({ ticket, composing, field, kind, onSent }: WritingProps) {
  const t = useTexts(talkTexts)
  const { content, uploads } = composing
  const [newer, setNewer] = useState(false)
  const send = useSending(ticket, composing, setNewer, onSent)
  const ready = (content.body.trim() !== '' || uploads.files.length > 0) && uploads.busy === 0
  const [blanks, setBlanks] = useState<Then>()
  // A blank that a snippet left: asked once before it goes out.
  const begin = (then: Then) => (kind === 'reply' && content.body.includes('___') ? setBlanks(then) : void send(then))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) {
      event.preventDefault()
      begin('stay')
    }
    // Out of the field, to what was being answered: the letters are shortcuts again, and the focus is somewhere.
    if (event.key === 'Escape') field.current?.closest('article')?.querySelector<HTMLElement>('[role="log"]')?.focus()
  }
  return (
    <>
      {content.body.includes('/') && (
        <Suspense fallback={null}>
          <SnippetMenu
            ticketId={ticket.id}
            field={field}
            body={content.body}
            audience={kind === 'reply' ? 'everyone' : 'staff'}
            onBody={(body) => composing.change({ body })}
          />
        </Suspense>
      )}
      <Textarea
        ref={field}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={14}
        aria-label={t(labels[kind])}
        placeholder={t(placeholders[kind], { name: ticket.requester.name })}
        value={content.body}
        onChange={(event) => composing.change({ body: event.currentTarget.value })}
        onKeyDown={onKeyDown}
        classNames={{ input: styles.field ?? '' }}
      />
      {uploads.busy > 0 && (
        <p className="dim small" role="status">
          {t('uploading', { count: uploads.busy })}
        </p>
      )}
      <Attachments files={uploads.files} onRemove={uploads.remove} />
      {newer && (
        <div className={styles.newer} role="alert">
          <span className="grow">
            <strong>{t('newerTitle')}</strong> {t('newerRead')}
          </span>
          <Button onClick={() => void send('stay', true)}>{t('sendAnyway')}</Button>
        </div>
      )}
      {blanks && content.body.includes('___') && (
        <div className={styles.newer} role="alert">
          <span className="grow">{t('blanksLeft')}</span>
          <Button
            onClick={() => {
              setBlanks(undefined)
              void send(blanks)
            }}
          >
            {t('sendAnyway')}
          </Button>
        </div>
      )}
      <Foot ticket={ticket} composing={composing} ready={ready} onSend={begin} />
    </>
  )
}

/** Keeps what the writer has seen: the newest message when the writing began, or when a warning was read. */
function useSending(ticket: Ticket, composing: Composing, setNewer: (newer: boolean) => void, onSent: () => void) {
  const me = useMe()
  const seen = useRef(ticket.lastMessageId)
  const empty = composing.content.body === ''
  useEffect(() => {
    if (empty) seen.current = ticket.lastMessageId
  }, [empty, ticket.lastMessageId])
  return async (then: Then, anyway = false) => {
    if (anyway) seen.current = ticket.lastMessageId
    const outcome = await sendMessage(ticket, composing, me, then, seen.current)
    setNewer(outcome === 'newer')
    if (outcome === 'sent') onSent()
  }
}

type FootProps = { ticket: Ticket; composing: Composing; ready: boolean; onSend: (then: Then) => void }
function Foot({ ticket, composing, ready, onSend }: FootProps) {
  const t = useTexts(talkTexts)
  const pick = useRef<HTMLInputElement>(null)
  const photo = useRef<HTMLInputElement>(null)
  const narrow = useNarrow()
  const take = (input: HTMLInputElement) => {
    void composing.uploads.add(input.files ?? [])
    input.value = ''
  }
  return (
    <div className={styles.foot}>
      <input ref={pick} type="file" multiple hidden onChange={(e) => take(e.currentTarget)} aria-label={t('attach')} />
      <input
        ref={photo}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(e) => take(e.currentTarget)}
        aria-label={t('photograph')}
      />
      <IconButton label={t('attach')} icon={<IconPaperclip size={18} stroke={1.7} />} size={32} onClick={() => pick.current?.click()} />
      {narrow && (
        <IconButton label={t('photograph')} icon={<IconCamera size={18} stroke={1.7} />} size={32} onClick={() => photo.current?.click()} />
      )}
      <Suspense fallback={null}>
        <ComposerTools ticket={ticket} composing={composing} ready={ready} />
      </Suspense>
      <span className="grow" />
      {composing.kind === 'reply' && (
        <Menu
          end
          width={270}
          target={<IconButton label={t('sendAnd')} icon={<IconChevronDown size={16} />} disabled={!ready} size={30} />}
          entries={[
            { key: 'wait', label: t('sendWaiting'), run: () => onSend('wait') },
            { key: 'resolve', label: t('sendResolve'), run: () => onSend('resolve') },
          ]}
        />
      )}
      <Button look="main" keys="mod+enter" disabled={!ready} onClick={() => onSend('stay')}>
        {t(sends[composing.kind])}
      </Button>
    </div>
  )
}

/** Typing is told while keys were pressed in the last four seconds. */
function useTyping(body: string, tell: (typing: boolean) => void): void {
  const before = useRef(body)
  useEffect(() => {
    if (before.current === body) return
    before.current = body
    if (body === '') return tell(false)
    tell(true)
    const timer = setTimeout(() => tell(false), 4000)
    return () => clearTimeout(timer)
  }, [body, tell])
}

function Typing({ ticketId }: { ticketId: string }) {
  const t = useTexts(talkTexts)
  const typing = useOthers(ticketId).filter((p) => p.typing)
  if (typing.length === 0) return null
  return <span className={styles.typing}>{t('theyType', { names: typing.map((p) => p.name).join(', ') })}</span>
}
