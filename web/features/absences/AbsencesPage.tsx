import { IconPlus, IconUserOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Absence } from '../../../contract/absences.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { AbsenceLine } from './AbsencePart.tsx'
import { AbsenceSheet } from './AbsenceSheet.tsx'
import styles from './Absences.module.css'
import { GiveOn } from './GiveOn.tsx'
import { absenceTexts } from './texts.ts'

/** Who is away, and their open tickets, to be taken or given to somebody else, several at once. */
export function AbsencesPage() {
  const t = useTexts(absenceTexts)
  const lead = useMay('team.edit')
  const absences = useCall('GET /api/absences')
  const [opened, setOpened] = useState<Absence | 'new'>()
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        lead && (
          <Button icon={<IconPlus size={16} />} onClick={() => setOpened('new')}>
            {t('add')}
          </Button>
        )
      }
    >
      <Loaded from={absences}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.dim}>{t('none')}</p>
          ) : (
            <ul className={styles.lines}>
              {items.map((one) => (
                <AbsenceLine key={one.id} absence={one} named onOpen={() => setOpened(one)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <TheirTickets />
      {opened && <AbsenceSheet absence={opened === 'new' ? null : opened} person={null} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function TheirTickets() {
  const t = useTexts(absenceTexts)
  const formats = useFormats()
  const tickets = useEndless('GET /api/tickets', { query: { absent: 'true', open: 'true', sort: 'waiting' } }, { keep: true })
  const [chosen, setChosen] = useState<readonly string[]>([])
  const toggle = (id: string) => setChosen((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]))
  return (
    <Section title={t('listTitle')}>
      <Loaded from={{ data: tickets.items, error: tickets.error, refetch: tickets.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={<IconUserOff size={24} />} title={t('listNone')} text={t('listNoneText')} />
          ) : (
            <>
              <div className={styles.bar}>
                <label className="row">
                  <input
                    type="checkbox"
                    checked={chosen.length === items.length}
                    onChange={() => setChosen(chosen.length === items.length ? [] : items.map((one) => one.id))}
                  />
                  <span>{chosen.length === 0 ? t('chooseAll') : t('chosen', { count: chosen.length })}</span>
                </label>
                <span className="grow" />
                {chosen.length > 0 && <GiveOn ticketIds={chosen} onDone={() => setChosen([])} />}
              </div>
              <ul className={styles.lines}>
                {items.map((row) => (
                  <li key={row.id} className={styles.line}>
                    <input
                      type="checkbox"
                      aria-label={t('choose', { subject: row.subject })}
                      checked={chosen.includes(row.id)}
                      onChange={() => toggle(row.id)}
                    />
                    <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} search={{} as never} className={styles.subject}>
                      #{row.id} {row.subject}
                    </Link>
                    <span className={styles.dim}>
                      {t('of', { name: row.assignee?.name ?? '' })}
                      {row.waitingSince && ` · ${t('waits', { when: formats.brief(row.waitingSince) })}`}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
      <MoreRows has={tickets.hasNextPage} busy={tickets.isFetchingNextPage} load={tickets.more} />
    </Section>
  )
}
