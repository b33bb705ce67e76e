import { Link } from '@tanstack/react-router'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { SideSheet } from '../../ui/Dialog.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import type { Entry } from './entry.ts'
import { JournalActions } from './JournalActions.tsx'
import styles from './Mail.module.css'
import { useReason } from './reason.ts'
import { mailTexts } from './texts.ts'
import { VerdictBadge } from './Verdict.tsx'

export function JournalSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts(mailTexts)
  const entry = useCall('GET /api/mail/journal/:id', { params: { id } })
  const from = entry.data?.from
  return (
    <SideSheet title={entry.data ? entry.data.subject || t('noSubject') : t('journal')} open onClose={onClose} size="lg">
      <Loaded from={entry}>
        {(shown) => (
          <div className={styles.entry}>
            <p>
              <span className={styles.reason}>
                <VerdictBadge verdict={shown.verdict} />
                {shown.ticketId && (
                  <Link to="/tickets/$ticketId" params={{ ticketId: shown.ticketId }}>
                    {t('toTicket', { number: shown.ticketId })}
                  </Link>
                )}
                {sourcesOf(shown).map((source) => (
                  <Link key={source} to="/alerts" search={{ source }}>
                    {t('toAlerts')}
                  </Link>
                ))}
              </span>
              <Reason entry={shown} />
            </p>
            <JournalActions entry={shown} />
            <Envelope entry={shown} from={from} />
            <Authentication entry={shown} />
            <Details entry={shown} />
            {shown.text !== null && (
              <section>
                <h3>{t('text')}</h3>
                <pre className={styles.text}>{shown.text}</pre>
              </section>
            )}
            {shown.headers && (
              <details>
                <summary>{t('headers')}</summary>
                <div className={styles.headers}>
                  {shown.headers.map((header, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: headers come twice, and never change places
                    <div key={i}>
                      <b>{header.name}:</b> {header.value}
                    </div>
                  ))}
                </div>
              </details>
            )}
          </div>
        )}
      </Loaded>
    </SideSheet>
  )
}

const sourcesOf = ({ verdict, detail }: Entry): string[] =>
  verdict === 'alert' && Array.isArray(detail['sources']) ? detail['sources'].map(String) : []

function Reason({ entry }: { entry: Entry }) {
  const reasonOf = useReason()
  const reason = reasonOf(entry)
  return reason ? <span className="dim">{reason}</span> : null
}

function Envelope({ entry, from }: { entry: Entry; from: Entry['from'] | undefined }) {
  const t = useTexts(mailTexts)
  const formats = useFormats()
  return (
    <section>
      <h3>{t('envelope')}</h3>
      <Facts>
        <Fact name={t('from')}>{[from?.name, from?.email && `<${from.email}>`].filter(Boolean).join(' ')}</Fact>
        <Fact name={t('envelopeFrom')}>{entry.envelopeFrom || <span className="dim">{t('emptyPath')}</span>}</Fact>
        <Fact name={t('envelopeTo')}>{entry.envelopeTo.join(', ')}</Fact>
        <Fact name={t('mailbox')}>{entry.mailbox?.name}</Fact>
        <Fact name={t('source')}>{t(entry.source)}</Fact>
        <Fact name={t('client')}>{entry.clientAddress}</Fact>
        <Fact name={t('received')}>{formats.dateTime(entry.receivedAt)}</Fact>
        <Fact name={t('judged')}>{entry.judgedAt && formats.dateTime(entry.judgedAt)}</Fact>
        <Fact name={t('size')}>{formats.size(entry.size)}</Fact>
        <Fact name={t('messageId')}>{entry.messageId && <code className="small">{entry.messageId}</code>}</Fact>
      </Facts>
    </section>
  )
}

const toneOf = (result: string) => (result === 'pass' ? 'good' : result === 'fail' || result === 'permerror' ? 'bad' : 'plain')
const checks = ['result', 'spf', 'dkim', 'dmarc'] as const

function Authentication({ entry }: { entry: Entry }) {
  const t = useTexts(mailTexts)
  const found = entry.authentication
  if (checks.every((name) => typeof found[name] !== 'string')) return null
  const say = (result: string) => (result === 'pass' || result === 'fail' || result === 'none' ? t(result) : result)
  return (
    <section>
      <h3>{t('authentication')}</h3>
      <p className="dim small">{t('authLead')}</p>
      <p className={styles.reason}>
        {checks.map((name) => {
          const result = found[name]
          if (typeof result !== 'string') return null
          return (
            <Badge key={name} tone={toneOf(result)}>
              {name === 'result' ? t('result') : name.toUpperCase()}: {say(result)}
            </Badge>
          )
        })}
        {typeof found['domain'] === 'string' && found['domain'] !== '' && <span className="dim small">{found['domain']}</span>}
      </p>
    </section>
  )
}

/** What else was recognised, by the server's own names: for whoever looks for a fault. */
function Details({ entry }: { entry: Entry }) {
  const t = useTexts(mailTexts)
  const known = Object.entries(entry.detail).filter(([, value]) => value !== null && value !== '')
  if (known.length === 0) return null
  return (
    <details>
      <summary>{t('details')}</summary>
      <Facts>
        {known.map(([name, value]) => (
          <Fact key={name} name={name}>
            <code className="small">{typeof value === 'string' ? value : JSON.stringify(value)}</code>
          </Fact>
        ))}
      </Facts>
    </details>
  )
}
