import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { NumberField, type Option, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { OrganisationPick, PersonPick } from '../people/picks.tsx'
import type { OwnDraft } from './own-conditions.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

/** What an own field is compared with, by its type. */
type Props = { own: OwnDraft; choices: readonly Option[]; onChange: (own: OwnDraft) => void }
export function OwnValue({ own, choices, onChange }: Props) {
  const t = useTexts(viewTexts)
  const put = (change: Partial<OwnDraft>) => onChange({ ...own, ...change })
  const labels = { label: '', 'aria-label': t('value') }
  if (own.how === 'empty' || own.how === 'not-empty') return <span />
  switch (own.type) {
    case 'choice': {
      const picked = own.picked.map((one) => choices.find((choice) => choice.value === one.value) ?? one)
      return <ManyField {...labels} options={choices} value={picked} onChange={(next) => put({ picked: next })} />
    }
    case 'person':
    case 'organisation':
      return <Somebody own={own} onPick={(picked) => put({ picked: picked ? [picked] : [] })} />
    case 'date':
      if (own.how === 'between') return <Between own={own} put={put} />
      return (
        <div className={styles.amount}>
          <NumberField {...labels} min={0} max={3650} value={own.days} onChange={(days) => put({ days })} />
          <span className="dim">{t('days')}</span>
        </div>
      )
    default:
      return (
        <TextField
          {...labels}
          maxLength={100}
          {...(own.type === 'number' ? { inputMode: 'decimal' as const } : {})}
          value={own.text}
          onChange={(event) => put({ text: event.currentTarget.value })}
        />
      )
  }
}

function Between({ own, put }: { own: OwnDraft; put: (change: Partial<OwnDraft>) => void }) {
  const t = useTexts(viewTexts)
  const day = (which: 'from' | 'to') => (
    <TextField
      label=""
      aria-label={t(which)}
      type="date"
      value={own[which]}
      onChange={(event) => put({ [which]: event.currentTarget.value })}
    />
  )
  return (
    <div className={styles.days}>
      {day('from')}
      {day('to')}
    </div>
  )
}

/** A kept condition knows the id alone: its name is asked for. */
function Somebody({ own, onPick }: { own: OwnDraft; onPick: (picked: Option | null) => void }) {
  const t = useTexts(viewTexts)
  const [one] = own.picked
  const unnamed = one !== undefined && one.value === one.label && one.value !== 'me'
  const params = { id: one?.value ?? '' }
  const isPerson = own.type === 'person'
  const person = useCall('GET /api/people/:id', { params }, { enabled: unnamed && isPerson }).data
  const organisation = useCall('GET /api/organisations/:id', { params }, { enabled: unnamed && !isPerson }).data
  const name = one?.value === 'me' ? t('me') : ((isPerson ? person : organisation)?.name ?? one?.label ?? '')
  const Pick = isPerson ? PersonPick : OrganisationPick
  const value = one ? { value: one.value, label: name } : null
  return <Pick label="" aria-label={t('value')} value={value} onChange={onPick} />
}
