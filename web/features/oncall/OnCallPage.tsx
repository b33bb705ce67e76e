import { IconCalendarTime, IconPlus, IconUrgent } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { Awake } from './Awake.tsx'
import { HandoverToConfirm } from './Handovers.tsx'
import { LinkDialog } from './LinkDialog.tsx'
import { NowCards } from './NowCards.tsx'
import styles from './OnCall.module.css'
import { Problems } from './Problems.tsx'
import { RotaSheet } from './RotaSheet.tsx'
import { Swaps } from './Swaps.tsx'
import { oncallTexts } from './texts.ts'
import { useWhen } from './words.ts'

const tabs = ['now', 'awake', 'swaps', 'problems', 'archived'] as const
type Tab = (typeof tabs)[number]

export function OnCallPage() {
  const t = useTexts(oncallTexts)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string }
  const tab = tabs.find((one) => one === search.tab) ?? 'now'
  const rotas = useCall('GET /api/rotas')
  const onCall = useCall('GET /api/on-call')
  const problems = useCall('GET /api/on-call/problems')
  const [opened, setOpened] = useState<'rota' | 'link'>()
  const swaps = onCall.data?.swaps ?? 0
  const holes = problems.data?.items.length ?? 0
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          <Link to={'/emergency-card' as never}>{t('card')}</Link>
          <Link to={'/pages' as never}>{t('pages')}</Link>
          <Button icon={<IconCalendarTime size={16} />} onClick={() => setOpened('link')}>
            {t('calendar')}
          </Button>
          {rotas.data?.can.add && (
            <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpened('rota')}>
              {t('addRota')}
            </Button>
          )}
        </>
      }
    >
      <Tabs<Tab>
        label={t('parts')}
        value={tab}
        onChange={(next) => void navigate({ to: '/on-call' as never, search: (next === 'now' ? {} : { tab: next }) as never })}
        tabs={[
          { value: 'now', label: t('tabNow'), content: <Now /> },
          { value: 'awake', label: t('tabAwake'), content: <Awake /> },
          { value: 'swaps', label: t('tabSwaps'), ...(swaps > 0 ? { count: swaps } : {}), content: <Swaps /> },
          { value: 'problems', label: t('tabProblems'), ...(holes > 0 ? { count: holes } : {}), content: <Ahead /> },
          { value: 'archived', label: t('tabArchived'), content: <NowCards archived /> },
        ]}
      />
      {opened === 'rota' && <RotaSheet rota={null} onClose={() => setOpened(undefined)} />}
      {opened === 'link' && <LinkDialog rotaId={null} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function Now() {
  const t = useTexts(oncallTexts)
  const onCall = useCall('GET /api/on-call')
  return (
    <Loaded from={onCall}>
      {({ items, handovers }) => (
        <>
          {handovers.map((note) => (
            <HandoverToConfirm key={note.id} note={note} />
          ))}
          {items.length === 0 ? <EmptyState icon={<IconUrgent size={24} />} title={t('none')} text={t('noneText')} /> : <NowCards />}
          {items.length > 0 && (
            <div className={styles.below}>
              <MyShifts />
            </div>
          )}
        </>
      )}
    </Loaded>
  )
}

function MyShifts() {
  const t = useTexts(oncallTexts)
  const when = useWhen()
  const mine = useCall('GET /api/on-call/mine')
  // What one has already is asked for from yesterday on: its beginning is not known, and nobody needs it.
  const said = ({ from, to }: { from: string; to: string }) =>
    Date.parse(from) <= Date.now() ? t('nowUntil', { when: when(to) }) : t('span', { from: when(from), to: when(to) })
  return (
    <Section title={t('myShifts')}>
      <Loaded from={mine} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.dim}>{t('myShiftsNone')}</p>
          ) : (
            <ul className={styles.lines}>
              {items.slice(0, 12).map((shift) => (
                <li key={`${shift.rota.id}${shift.from}`} className={styles.line}>
                  <span className={styles.lineWho}>{shift.rota.name}</span>
                  <span className={styles.grow}>{said(shift)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

function Ahead() {
  const t = useTexts(oncallTexts)
  const problems = useCall('GET /api/on-call/problems')
  return (
    <Section title={t('problems')} lead={t('problemsLead')}>
      <Loaded from={problems}>{({ items }) => <Problems items={items} named />}</Loaded>
    </Section>
  )
}
