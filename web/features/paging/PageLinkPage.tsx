import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { LinkedPages } from '../../../contract/paging.ts'
import { call, problemIn } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { Door } from '../sessions/Door.tsx'
import styles from './Paging.module.css'
import { pageTexts } from './texts.ts'

type Shown = LinkedPages['pages'][number]

/** Where a page's link leads, on a phone in the night: looking acts on nothing, each button acts once. */
export function PageLinkPage() {
  const t = useTexts(pageTexts)
  const { token } = useParams({ strict: false }) as { token: string }
  const look = useQuery({ queryKey: ['page-link', token], queryFn: () => call('POST /api/page-links/look', { body: { token } }), retry: 2 })
  const [acted, setActed] = useState<LinkedPages>()
  const act = useSend('POST /api/page-links/act', { onDone: setActed, onProblem: toastProblem })
  const data = acted ?? look.data
  const language = data?.language
  useEffect(() => language && setLanguage(language), [language])
  if (['link_expired', 'validation_failed'].includes(problemIn(look.error)?.code ?? ''))
    return (
      <Door title={t('gone')}>
        <p role="status">{t('goneText')}</p>
      </Door>
    )
  if (!data)
    return (
      <Door title={t('looking')}>
        {look.error ? <ErrorState cause={look.error} onRetry={() => void look.refetch()} /> : <Loading rows={3} />}
      </Door>
    )
  const more = data.count - data.pages.length
  return (
    <Door title={t('linkTitle', { count: data.count })} lead={t('linkLead', { company: data.company, name: data.name })}>
      <div className="stack">
        {acted && (
          <p role="status" className={styles.note}>
            {t('done')}
          </p>
        )}
        <Acts
          data={data}
          busy={act.isPending}
          onAct={(what, policyId) => act.mutate({ body: { token, do: what, ...(policyId ? { policyId } : {}) } })}
        />
        {data.pages.map((page) => (
          <OneTicket key={page.number} page={page} />
        ))}
        {more > 0 && <p>{t('more', { count: more })}</p>}
        <Awake awake={data.awake} />
      </div>
    </Door>
  )
}

type Act = LinkedPages['open'][number]
function Acts({ data, busy, onAct }: { data: LinkedPages; busy: boolean; onAct: (act: Act, policyId?: string) => void }) {
  const t = useTexts(pageTexts)
  const [asking, setAsking] = useState(false)
  const may = (act: Act) => data.open.includes(act)
  return (
    <>
      {may('acknowledge') && (
        <Button look="main" size="md" wide busy={busy} onClick={() => onAct('acknowledge')}>
          {t('acknowledge')}
        </Button>
      )}
      {may('pass-on') && (
        <Button size="md" wide busy={busy} onClick={() => onAct('pass-on')}>
          {t('passOn')}
        </Button>
      )}
      {may('help') && !asking && data.helpers.length > 0 && (
        <Button size="md" wide busy={busy} onClick={() => setAsking(true)}>
          {t('callHelp')}
        </Button>
      )}
      {may('help') && asking && (
        <div className="stack" style={{ gap: 8 }}>
          <p>{t('helpWho')}</p>
          {data.helpers.map((one) => (
            <Button key={one.id} size="md" wide busy={busy} onClick={() => onAct('help', one.id)}>
              {one.name}
            </Button>
          ))}
        </div>
      )}
    </>
  )
}

function OneTicket({ page }: { page: Shown }) {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  const where = [page.organisation, page.site].filter(Boolean).join(', ')
  return (
    <section className={styles.card}>
      <div className={styles.subject}>{page.subject}</div>
      <div className={styles.facts}>
        {[`#${page.number}`, t('priority', { n: page.priority }), where, t('since', { at: formats.dateTime(page.since) })]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {page.note && <p>{page.note}</p>}
      {page.alike > 0 && <p>{t('alike', { count: page.alike })}</p>}
      <strong>{page.state === 'ended' ? t('over') : page.acknowledgedBy ? t('has', { name: page.acknowledgedBy }) : t('nobodyHas')}</strong>
      {page.hotline && (
        <p>
          {t('hotline')}: {page.hotline}
        </p>
      )}
      {page.runbook && (
        <a href={page.runbook} rel="noreferrer" target="_blank">
          {t('runbook')}
        </a>
      )}
      {page.helped.length > 0 && (
        <div>
          {t('helped')}
          <ul className={styles.help}>
            {page.helped.map((one) => (
              <li key={one.number}>
                #{one.number} {one.subject}: {one.resolution}
              </li>
            ))}
          </ul>
        </div>
      )}
      <a href={`/tickets/${page.number}`}>{t('openTicket')}</a>
    </section>
  )
}

function Awake({ awake }: { awake: LinkedPages['awake'] }) {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  if (awake.length === 0) return null
  return (
    <section>
      <h2 style={{ fontSize: 15 }}>{t('awake')}</h2>
      <ul className={styles.help}>
        {awake.map((one) => (
          <li key={one.name}>
            {one.name} {one.phone && <a href={`tel:${one.phone.replace(/[^+\d]/g, '')}`}>{one.phone}</a>}{' '}
            <span className="dim">{t('awakeUntil', { at: formats.time(one.until) })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
