import { IconPhoneCall, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { EmergencySet, VoiceLine } from '../../../contract/emergency.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { AddressSheet, type WithAddress } from './AddressSheet.tsx'
import styles from './Emergency.module.css'
import { LineSheet } from './LineSheet.tsx'
import { ReachSection } from './ReachSection.tsx'
import { SetSheet } from './SetSheet.tsx'
import { emergencyTexts } from './texts.ts'

/** Settings of the emergency phone: what is asked, who answers, what is said about it. */
export function EmergencyPage() {
  const t = useTexts(emergencyTexts)
  return (
    <Page title={t('title')} lead={t('lead')} width="narrow" actions={<Link to={'/emergency-card' as never}>{t('card')}</Link>}>
      <Sets />
      <Lines />
      <ReachSection />
    </Page>
  )
}

function Sets() {
  const t = useTexts(emergencyTexts)
  const sets = useCall('GET /api/emergency/sets')
  const [open, setOpen] = useState<EmergencySet | 'new'>()
  return (
    <Section
      title={t('questions')}
      lead={t('questionsLead')}
      actions={
        <Button icon={<IconPlus size={16} />} disabled={!sets.data} onClick={() => setOpen('new')}>
          {t('newSet')}
        </Button>
      }
    >
      <Loaded from={sets}>
        {({ items }) =>
          items.map((set) => (
            <div key={set.id} className={styles.entry}>
              <span className={styles.main}>
                <button type="button" className={styles.name} onClick={() => setOpen(set)}>
                  {set.organisation?.name ?? t('desk')}
                </button>
                <span className="dim">{t('count', { count: set.questions.length })}</span>
              </span>
            </div>
          ))
        }
      </Loaded>
      {open && (
        <SetSheet
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? { first: sets.data?.items[0]?.questions ?? [] } : { set: open, first: open.questions })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}

function Lines() {
  const t = useTexts(emergencyTexts)
  const lines = useCall('GET /api/emergency/lines')
  const [open, setOpen] = useState<VoiceLine | 'new'>()
  const [made, setMade] = useState<WithAddress>()
  return (
    <Section
      title={t('lines')}
      lead={t('linesLead')}
      actions={
        <Button icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('newLine')}
        </Button>
      }
    >
      <Loaded from={lines}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconPhoneCall size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            items.map((line) => <Line key={line.id} line={line} onOpen={() => setOpen(line)} />)
          )
        }
      </Loaded>
      {open && (
        <LineSheet
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { line: open })}
          onAddress={setMade}
          onClose={() => setOpen(undefined)}
        />
      )}
      {made && <AddressSheet made={made} onClose={() => setMade(undefined)} />}
    </Section>
  )
}

function Line({ line, onOpen }: { line: VoiceLine; onOpen: () => void }) {
  const t = useTexts(emergencyTexts)
  const formats = useFormats()
  return (
    <div className={styles.entry}>
      <span className={styles.main}>
        <button type="button" className={styles.name} onClick={onOpen}>
          {line.name}
        </button>
        <span className="dim">{[line.number, line.team?.name, t(line.language)].filter(Boolean).join(' · ')}</span>
      </span>
      <span className={styles.marks}>
        {!line.hasKey && <Badge tone="bad">{t('noKey')}</Badge>}
        {!line.hasToken && <Badge tone="bad">{t('noToken')}</Badge>}
        <Badge tone={line.heardAt ? 'good' : 'plain'}>
          {line.heardAt ? t('heard', { at: formats.dateTime(line.heardAt) }) : t('neverHeard')}
        </Badge>
      </span>
    </div>
  )
}
