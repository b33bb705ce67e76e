import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import type { QuietHours as Hours, NoticeChoices } from '../../../contract/notices.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FormProblem, SwitchField, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Choices.module.css'
import { choiceTexts } from './choice-texts.ts'
import { useChoose } from './choosing.ts'

const week = [1, 2, 3, 4, 5, 6, 7]
const usual: Hours = { days: week, from: '19:00', until: '07:00' }

/** Kept together with the button, so that nobody is cut off halfway through changing them. */
export function QuietHours({ chosen, label }: { chosen: NoticeChoices; label: string }) {
  const t = useTexts(choiceTexts)
  const formats = useFormats()
  const choose = useChoose()
  const [quiet, setQuiet] = useState<Hours[]>(chosen.quiet)
  const [dailyAt, setDailyAt] = useState(chosen.dailyAt)
  const form = useForm({})
  const keep = useSend('PUT /api/notices/choices', {
    renews: ['GET /api/notices/choices', 'GET /api/notices/preview'],
    onProblem: form.take,
    onDone: () => toast(t('saved')),
  })
  const changed = JSON.stringify([quiet, dailyAt]) !== JSON.stringify([chosen.quiet, chosen.dailyAt])
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    keep.mutate({ body: { quiet, dailyAt } })
  }
  const set = (n: number, change: Partial<Hours>) => setQuiet(quiet.map((one, m) => (m === n ? { ...one, ...change } : one)))
  return (
    <Section title={label} lead={t('quietLead', { zone: chosen.timeZone })}>
      <form className="stack" onSubmit={submit} noValidate>
        {chosen.quietUntil && (
          <p className={styles.now} role="status">
            {t('quietNow', { time: formats.time(chosen.quietUntil) })}
          </p>
        )}
        {quiet.length === 0 && <p className="dim small">{t('quietNone')}</p>}
        {quiet.map((hours, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
          <Row key={n} hours={hours} onChange={(change) => set(n, change)} onRemove={() => setQuiet(quiet.filter((_, m) => m !== n))} />
        ))}
        {quiet.length < 5 && (
          <div>
            <Button icon={<IconPlus size={16} />} onClick={() => setQuiet([...quiet, usual])}>
              {t('quietAdd')}
            </Button>
          </div>
        )}
        <SwitchField
          label={t('through')}
          hint={t('throughHint')}
          checked={chosen.mentionsInQuiet === 'through'}
          onChange={(e) => choose({ mentionsInQuiet: e.currentTarget.checked ? 'through' : 'held' })}
        />
        <div className={styles.daily}>
          <TextField label={t('dailyAt')} type="time" value={dailyAt} onChange={(e) => setDailyAt(e.currentTarget.value)} />
        </div>
        <FormProblem text={form.problem ?? Object.values(form.errors)[0]} />
        {changed && (
          <div>
            <Button type="submit" look="main" busy={keep.isPending}>
              {t('save')}
            </Button>
          </div>
        )}
      </form>
    </Section>
  )
}

function Row({ hours, onChange, onRemove }: { hours: Hours; onChange: (change: Partial<Hours>) => void; onRemove: () => void }) {
  const t = useTexts(choiceTexts)
  const language = useLanguage()
  const nameOf = (day: number, weekday: 'long' | 'short') =>
    new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { weekday, timeZone: 'UTC' }).format(new Date((day + 3) * 86_400_000))
  const turn = (day: number) => {
    const days = hours.days.includes(day) ? hours.days.filter((one) => one !== day) : [...hours.days, day].sort((a, b) => a - b)
    if (days.length > 0) onChange({ days })
  }
  const note = hours.from === hours.until ? t('wholeDay') : hours.until < hours.from ? t('nextDay') : ''
  return (
    <div className={styles.row}>
      <fieldset className={styles.days} aria-label={t('days')}>
        {week.map((day) => (
          <button
            key={day}
            type="button"
            className={styles.day}
            aria-pressed={hours.days.includes(day)}
            title={nameOf(day, 'long')}
            onClick={() => turn(day)}
          >
            {nameOf(day, 'short')}
          </button>
        ))}
      </fieldset>
      <TextField label={t('from')} type="time" value={hours.from} onChange={(e) => onChange({ from: e.currentTarget.value })} />
      <TextField label={t('until')} type="time" value={hours.until} onChange={(e) => onChange({ until: e.currentTarget.value })} />
      <span className={`${styles.note} dim small`}>{note}</span>
      <IconButton label={t('quietRemove')} icon={<IconTrash size={16} />} onClick={onRemove} />
    </div>
  )
}
