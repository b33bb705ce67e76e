import { IconPlus, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Visit } from '../../../contract/visits.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { keyOf, queries, useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, FormProblem, NumberField, TextArea, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { visitTexts } from './texts.ts'
import { type Draft, isOffline, keepDraft, type Part, unsentDraft } from './unsent.ts'
import styles from './Visits.module.css'

const SignSheet = lazy(async () => ({ default: (await import('./SignSheet.tsx')).SignSheet }))
const renews = ['GET /api/visits', 'GET /api/tickets/:id/visits', 'GET /api/tickets/:id/time', 'GET /api/time'] as const

function storedOf(visit: Visit, me: string): Draft {
  const mine = visit.spent.find((one) => one.person.id === me)
  return {
    summary: visit.summary,
    workMinutes: mine?.workMinutes ?? null,
    travelMinutes: mine?.travelMinutes ?? null,
    kilometres: mine?.kilometres ?? null,
    parts: visit.parts,
  }
}

/** What was done and what it took. Every letter is kept on the device until the server has it. */
export function WorkForm({ visit }: { visit: Visit }) {
  const t = useTexts(visitTexts)
  const me = useMe()
  const form = useForm<Draft>(unsentDraft(visit.id) ?? storedOf(visit, me.id))
  const [signing, setSigning] = useState(false)
  const [sign, setSign] = useState(false)
  const changed = JSON.stringify(form.values) !== JSON.stringify(storedOf(visit, me.id))
  useEffect(() => keepDraft(visit.id, changed ? form.values : undefined), [visit.id, changed, form.values])
  const save = useSend('PUT /api/visits/:id/work', {
    renews,
    onProblem: (cause) => (isOffline(cause) ? toast(t('unsent')) : form.take(cause)),
    onDone: (now) => {
      queries.setQueryData(keyOf('GET /api/visits/:id', { params: { id: visit.id } }), now)
      form.reset(storedOf(now, me.id))
      if (sign) setSigning(true)
      else toast(t('saved'))
    },
  })
  const submit = (thenSign: boolean) => {
    setSign(thenSign)
    if (thenSign && !changed) return setSigning(true)
    const { summary, parts, workMinutes, travelMinutes, kilometres } = form.values
    const body = { summary, parts, workMinutes: workMinutes ?? 0, travelMinutes: travelMinutes ?? 0, kilometres: kilometres ?? 0 }
    save.mutate({ params: { id: visit.id }, ifMatch: visit.version, body })
  }
  return (
    <Section title={t('work')}>
      <div className="stack">
        <TextArea label={t('summary')} hint={t('summaryHint')} maxLength={10_000} {...form.text('summary')} />
        <div className={styles.three}>
          <NumberField label={t('workMinutes')} min={0} max={1440} {...form.value('workMinutes')} />
          <NumberField label={t('travelMinutes')} min={0} max={1440} {...form.value('travelMinutes')} />
          <NumberField label={t('kilometres')} min={0} max={5000} {...form.value('kilometres')} />
        </div>
        <p className="dim small">{t('workHint')}</p>
        <Parts parts={form.values.parts} onChange={(parts) => form.set('parts', parts)} errors={form.errors} />
        <FormProblem text={form.problem} />
        <div className={styles.foot}>
          {changed && <span className={styles.kept}>{t('keptHere')}</span>}
          <span className="grow" />
          <Button busy={save.isPending} disabled={!changed} onClick={() => submit(false)}>
            {t('saveWork')}
          </Button>
          <Button
            look={visit.state === 'there' ? 'quiet' : 'main'}
            disabled={form.values.summary.trim() === ''}
            onClick={() => submit(true)}
          >
            {t('letSign')}
          </Button>
        </div>
      </div>
      {signing && (
        <Suspense fallback={null}>
          <SignSheet visit={visit} onClose={() => setSigning(false)} />
        </Suspense>
      )}
    </Section>
  )
}

type PartsProps = { parts: Part[]; onChange: (parts: Part[]) => void; errors: Record<string, string> }
function Parts({ parts, onChange, errors }: PartsProps) {
  const t = useTexts(visitTexts)
  const set = (at: number, change: Partial<Part>) => onChange(parts.map((part, i) => (i === at ? { ...part, ...change } : part)))
  return (
    <>
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the list while it is written
        <div key={i} className={styles.part}>
          <div className={styles.partTop}>
            <TextField
              label={t('partName', { n: String(i + 1) })}
              maxLength={200}
              value={part.name}
              onChange={(event) => set(i, { name: event.currentTarget.value })}
            />
            <IconButton
              label={t('removePart', { n: String(i + 1) })}
              icon={<IconTrash size={16} />}
              onClick={() => onChange(parts.filter((_, place) => place !== i))}
            />
          </div>
          <FieldRow>
            <NumberField label={t('quantity')} min={1} value={part.quantity} onChange={(quantity) => set(i, { quantity: quantity ?? 1 })} />
            <NumberField label={t('price')} min={0} value={part.price} onChange={(price) => set(i, { price })} />
          </FieldRow>
          <FieldRow>
            <TextField
              label={t('partNumber')}
              maxLength={100}
              value={part.number}
              onChange={(event) => set(i, { number: event.currentTarget.value })}
            />
            <TextField
              label={t('serial')}
              maxLength={100}
              value={part.serial}
              onChange={(event) => set(i, { serial: event.currentTarget.value })}
            />
          </FieldRow>
        </div>
      ))}
      {errors['parts'] && <p className={styles.bad}>{errors['parts']}</p>}
      <span>
        <Button
          look="plain"
          icon={<IconPlus size={16} />}
          onClick={() => onChange([...parts, { name: '', number: '', quantity: 1, serial: '', price: null }])}
        >
          {t('addPart')}
        </Button>
      </span>
    </>
  )
}
