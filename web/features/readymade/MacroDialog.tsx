import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Readymade } from '../../../contract/readymade.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Answer } from '../../kernel/call.ts'
import { call } from '../../kernel/call.ts'
import { lookUp, type Say, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { keyOf, queries, renew, useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { talkTexts } from '../tickets/conversation-texts.ts'
import styles from './Readymade.module.css'
import { readymadeTexts } from './texts.ts'
import { usingTexts } from './using-texts.ts'
import { gist, said, type T } from './words.ts'

type UsingT = Say<(typeof usingTexts)['en']>
type Props = { ticket: Ticket; onClose: () => void; first?: string | undefined }

/** Choose a macro or a model, see what it will do on this ticket, run it; for the undo time one click takes it back. */
export function MacroDialog({ ticket, onClose, first }: Props) {
  const t = useTexts(usingTexts)
  const [chosen, setChosen] = useState(first)
  return (
    <Dialog title={t('macroRun')} open onClose={onClose}>
      {chosen === undefined ? (
        <Choose ticket={ticket} onPick={setChosen} />
      ) : (
        <Preview key={chosen} ticket={ticket} id={chosen} onBack={() => setChosen(undefined)} onClose={onClose} />
      )}
    </Dialog>
  )
}

export const useMacros = () =>
  useCall('GET /api/readymade', { query: { kind: 'macro', on: 'true', limit: 200 } }, { staleTime: 300_000 }).data?.items ?? []

function Choose({ ticket, onPick }: { ticket: Ticket; onPick: (id: string) => void }) {
  const t = useTexts(usingTexts)
  const r = useTexts(readymadeTexts)
  const language = useLanguage()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const macros = useMacros()
  const models =
    useCall('GET /api/readymade', { query: { kind: 'model', on: 'true', limit: 200 } }, { staleTime: 300_000 }).data?.items ?? []
  const fits = (row: Readymade) => `${row.name.en} ${row.name.de} ${row.folder}`.toLowerCase().includes(typed.trim().toLowerCase())
  const ofCategory = (row: Readymade) =>
    row.content.kind === 'model' && row.content.categoryId === ticket.category?.id && ticket.category !== null
  const shown = [...macros.filter(fits), ...models.filter(fits).sort((a, b) => Number(ofCategory(b)) - Number(ofCategory(a)))]
  const current = shown[Math.min(at, shown.length - 1)]
  const group = (row: Readymade) => (row.kind === 'macro' ? row.folder || t('macros') : t(ofCategory(row) ? 'forCategory' : 'models'))
  return (
    <>
      <input
        className={styles.find}
        aria-label={t('findMacro')}
        placeholder={t('findMacro')}
        value={typed}
        data-autofocus
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && current) {
            event.preventDefault()
            onPick(current.id)
          }
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            setAt((i) => (Math.min(i, shown.length - 1) + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % Math.max(1, shown.length))
          }
        }}
      />
      <div className={styles.list} role="listbox" aria-label={t('macros')}>
        {shown.map((row, i) => (
          <div key={row.id} role="presentation">
            {(i === 0 || group(shown[i - 1]!) !== group(row)) && <div className={styles.group}>{group(row)}</div>}
            <button type="button" role="option" aria-selected={row === current} className={styles.pick} onClick={() => onPick(row.id)}>
              <strong>{said(row.name, language)}</strong>
              <span className={styles.snippetText}>{gist(row, r, language)}</span>
            </button>
          </div>
        ))}
        {shown.length === 0 && <p className="dim small">{t('noMacros')}</p>}
      </div>
      <p className="small">
        <Link to="/ready-made" search={{}}>
          {t('manage')}
        </Link>
      </p>
    </>
  )
}

type Shown = Answer<'POST /api/tickets/:id/preview-run'>

function Preview({ ticket, id, onBack, onClose }: { ticket: Ticket; id: string; onBack: () => void; onClose: () => void }) {
  const t = useTexts(usingTexts)
  const r = useTexts(readymadeTexts)
  const language = useLanguage()
  const row = useCall('GET /api/readymade/:id', { params: { id } }).data
  const preview = usePreview(ticket.id, id)
  const [busy, setBusy] = useState(false)
  const missing = [...new Set(preview.data?.steps.filter((s) => s.do !== 'note').flatMap((s) => s.missing) ?? [])]
  const run = async () => {
    setBusy(true)
    try {
      const done = await call('POST /api/tickets/:id/run', {
        params: { id: ticket.id },
        body: { readymadeId: id, anyway: missing.length > 0, seenMessageId: ticket.lastMessageId },
      })
      onClose()
      offerUndo(t, r, ticket.id, done, row ? said(row.name, language) : '')
    } catch (cause) {
      toastProblem(cause)
      setBusy(false)
    }
    look(ticket.id)
  }
  return (
    <>
      <p className="small">
        <strong>{row && said(row.name, language)}</strong>
      </p>
      <Loaded from={preview}>{(shown) => <Report shown={shown} />}</Loaded>
      {missing.length > 0 && <p className={styles.off}>{t('blanks', { names: missing.join(', ') })}</p>}
      <Buttons>
        <Button onClick={onBack}>{t('back')}</Button>
        <Button look="main" data-autofocus busy={busy} disabled={!preview.data?.possible} onClick={() => void run()}>
          {t(missing.length > 0 ? 'runAnyway' : 'run')}
        </Button>
      </Buttons>
    </>
  )
}

function usePreview(ticketId: string, readymadeId: string) {
  const [state, setState] = useState<{ data: Shown | undefined; error: unknown }>({ data: undefined, error: undefined })
  const [asked, setAsked] = useState(false)
  const ask = () =>
    void call('POST /api/tickets/:id/preview-run', { params: { id: ticketId }, body: { readymadeId } }).then(
      (data) => setState({ data, error: undefined }),
      (error) => setState({ data: undefined, error }),
    )
  if (!asked) {
    setAsked(true)
    ask()
  }
  return { ...state, refetch: ask }
}

type Step = Shown['steps'][number]
/** Codes in words; names come from the server as they are. */
function valueWords({ do: what, value }: Step, t: UsingT, r: T): string {
  if (what === 'resolve') return lookUp(talkTexts, `code-${value}`) ?? value
  if (what === 'priority') return lookUp(uiTexts, `priority${value}`) ?? value
  if (what === 'kind') return r(value === 'request' ? 'request' : 'incident')
  return what === 'time' && value ? t('minutesLong', { count: Number(value) }) : value
}

const icons = { done: <IconCheck size={16} />, nothing: <IconMinus size={16} />, refused: <IconX size={16} /> }

function Report({ shown }: { shown: Shown }) {
  const t = useTexts(usingTexts)
  const r = useTexts(readymadeTexts)
  return (
    <ol className={styles.report} aria-label={t('preview')}>
      {shown.steps.map((step) => (
        <li key={step.step} data-outcome={step.outcome}>
          <span aria-hidden="true">{icons[step.outcome]}</span>
          <div>
            <strong>{r(`step_${step.do}`)}</strong> {valueWords(step, t, r)}
            {step.outcome === 'nothing' && <span className="dim"> {t('nothingChanges')}</span>}
            {step.outcome === 'refused' && (
              <p>
                {t('refused')}: {step.problem} {t('stops')}
              </p>
            )}
            {step.text && (
              <p className={styles.quote} data-internal={step.do === 'note' || undefined}>
                {step.text}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** All that a run may have touched is asked anew. */
function look(ticketId: string): void {
  void queries.invalidateQueries({ queryKey: keyOf('GET /api/tickets/:id', { params: { id: ticketId } }) })
  renew(
    'GET /api/tickets/:id/timeline',
    'GET /api/tickets/:id/tasks',
    'GET /api/tickets/:id/time',
    'GET /api/tickets',
    'GET /api/tickets/views',
  )
}

function offerUndo(t: UsingT, r: T, ticketId: string, done: Answer<'POST /api/tickets/:id/run'>, name: string): void {
  const undo = async () => {
    try {
      const { kept } = await call('POST /api/macro-runs/:id/undo', { params: { id: done.id } })
      toast(kept.length === 0 ? t('undone') : t('undoneKept', { what: kept.map((what) => r(`step_${what}`)).join(', ') }))
    } catch (cause) {
      toastProblem(cause)
    }
    look(ticketId)
  }
  const seconds = Math.max(2, (new Date(done.undoUntil).getTime() - Date.now()) / 1000)
  toast(t('ran', { name }), { seconds, undo: () => void undo() })
}
