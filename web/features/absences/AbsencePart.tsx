import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Absence } from '../../../contract/absences.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { AbsenceSheet } from './AbsenceSheet.tsx'
import styles from './Absences.module.css'
import { absenceTexts } from './texts.ts'

/** Somebody's absences: one's own in the profile, or of a colleague for whoever forms teams. */
export function AbsencePart({ person, own = false }: { person: { id: string; name: string }; own?: boolean }) {
  const t = useTexts(absenceTexts)
  const { data } = useCall('GET /api/absences', { query: { personId: person.id } })
  const [opened, setOpened] = useState<Absence | 'new'>()
  if (!data) return null
  return (
    <Section
      title={t(own ? 'mine' : 'theirs')}
      {...(own ? { lead: t('mineHint') } : {})}
      actions={
        <Button icon={<IconPlus size={16} />} onClick={() => setOpened('new')}>
          {t('add')}
        </Button>
      }
    >
      {data.items.length === 0 && <p className={styles.dim}>{t('none')}</p>}
      <ul className={styles.lines}>
        {data.items.map((one) => (
          <AbsenceLine key={one.id} absence={one} onOpen={() => setOpened(one)} />
        ))}
      </ul>
      {opened && <AbsenceSheet absence={opened === 'new' ? null : opened} person={person} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}

export function AbsenceLine({ absence, named = false, onOpen }: { absence: Absence; named?: boolean; onOpen: () => void }) {
  const t = useTexts(absenceTexts)
  const formats = useFormats()
  const day = (on: string) => formats.date(`${on}T12:00:00`)
  return (
    <li className={styles.line}>
      {named && <span className={styles.who}>{absence.person.name}</span>}
      <span>{absence.fromOn === absence.toOn ? day(absence.fromOn) : t('days', { from: day(absence.fromOn), to: day(absence.toOn) })}</span>
      <Badge tone={absence.now ? 'warn' : 'plain'}>{t(absence.now ? 'now' : 'soon')}</Badge>
      <span className={styles.dim}>
        {absence.substitute ? t('stands', { name: absence.substitute.name }) : t('nobody')} · {t('tickets', { count: absence.openTickets })}
      </span>
      <span className="grow" />
      {absence.can.edit && <Button onClick={onOpen}>{t('change')}</Button>}
    </li>
  )
}
