import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconDatabaseExport, IconHistory, IconRefresh } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { HealthCheck } from '../../../contract/desk.ts'
import type { Answer } from '../../kernel/call.ts'
import { type Formats, useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { checkTexts } from './check-texts.ts'
import { FailedJobs } from './FailedJobs.tsx'
import styles from './Health.module.css'
import { healthTexts } from './texts.ts'

type State = HealthCheck['state']
const icons = { good: IconCircleCheck, warning: IconAlertTriangle, bad: IconCircleX } as const
const worst: readonly State[] = ['bad', 'warning', 'good']

export function HealthPage() {
  const t = useTexts(healthTexts)
  const mayBackUp = useMay('setting.edit')
  const mayAudit = useMay('audit.see')
  const navigate = useNavigate()
  const health = useCall('GET /api/health/details', undefined, { refetchInterval: 15_000, staleTime: 5000 })
  const backup = useSend('POST /api/health/backup', { onDone: () => void toast(t('backupBegun')), onProblem: toastProblem })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          <Button icon={<IconRefresh size={16} />} busy={health.isFetching && !health.isPending} onClick={() => void health.refetch()}>
            {t('lookNow')}
          </Button>
          {mayAudit && (
            <Button icon={<IconHistory size={16} />} onClick={() => void navigate({ to: '/audit' })}>
              {t('audit')}
            </Button>
          )}
          {mayBackUp && (
            <Button icon={<IconDatabaseExport size={16} />} busy={backup.isPending} onClick={() => backup.mutate({})}>
              {t('backupNow')}
            </Button>
          )}
        </>
      }
    >
      <Loaded from={health}>
        {(shown) => (
          <>
            <Summary health={shown} at={health.dataUpdatedAt} />
            <ul className={styles.checks} aria-label={t('checks')}>
              {[...shown.checks]
                .sort((a, b) => worst.indexOf(a.state) - worst.indexOf(b.state))
                .map((check) => (
                  <CheckRow key={check.key} check={check} />
                ))}
            </ul>
          </>
        )}
      </Loaded>
      <FailedJobs />
    </Page>
  )
}

function Summary({ health, at }: { health: Answer<'GET /api/health/details'>; at: number }) {
  const t = useTexts(healthTexts)
  const formats = useFormats()
  const count = (state: State) => health.checks.filter((c) => c.state === state).length
  const state = worst.find((one) => count(one) > 0) ?? 'good'
  const Icon = icons[state]
  return (
    <div className={styles.summary} data-state={state}>
      <Icon size={28} stroke={1.7} aria-hidden="true" />
      <div className="grow">
        <h2>
          {state === 'good'
            ? t('allGood')
            : state === 'bad'
              ? t('someBad', { count: count('bad') })
              : t('someWarn', { count: count('warning') })}
        </h2>
        <p className="dim small">
          {t('version', { version: health.version })} · {t('upSince', { time: formats.dateTime(health.startedAt) })} ·{' '}
          {t('looked', { time: formats.time(new Date(at).toISOString()) })}
        </p>
      </div>
    </div>
  )
}

/** The check in the reader's language where its key is known here, else in the server's words. */
function CheckRow({ check }: { check: HealthCheck }) {
  const t = useTexts(healthTexts)
  const words = useCheckWords(check)
  const Icon = icons[check.state]
  return (
    <li className={styles.check} data-state={check.state}>
      <Icon size={20} stroke={1.7} aria-hidden="true" />
      <div>
        <div className={styles.name}>
          {words.name}
          <Badge tone={check.state === 'good' ? 'good' : check.state === 'bad' ? 'bad' : 'warn'}>{t(check.state)}</Badge>
        </div>
        <p>{words.message}</p>
        {words.figures.length > 0 && (
          <p className={styles.figures}>
            {words.figures.map(([name, value]) => (
              <span key={name}>
                {name}: <b>{value}</b>
              </span>
            ))}
          </p>
        )}
        {check.state !== 'good' && words.remedy && (
          <p className={styles.remedy}>
            <strong>{t('remedy')}:</strong> {words.remedy}
          </p>
        )}
      </div>
    </li>
  )
}

function useCheckWords(check: HealthCheck) {
  const language = useLanguage()
  const formats = useFormats()
  const known = (key: string) => lookUp(checkTexts, key, {}, language)
  const say = (value: string) => (/^\d{4}-\d\d-\d\dT/.test(value) ? formats.dateTime(value) : (known(`value.${value}`) ?? value))
  const figures = Object.entries(check.figures).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, typeof value === 'number' ? measured(name, value, formats) : say(value)] as const],
  )
  return {
    name: known(`name.${check.key.split('.')[0]}`) ?? check.key,
    message: known(check.key) ?? check.message,
    remedy: known(`${check.key}.remedy`) ?? check.remedy,
    figures: figures.map(([name, value]) => [known(`figure.${name}`) ?? name, value] as const),
  }
}

/** The server's figures carry their unit in their name. */
function measured(name: string, value: number, formats: Formats): string {
  if (/megabytes$/i.test(name)) return formats.size(value * 1_000_000)
  if (/seconds$/i.test(name)) return formats.duration(value)
  if (name === 'hours') return formats.duration(value * 3600)
  return name.startsWith('percent') ? `${formats.number(value)} %` : formats.number(value)
}
