import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { SyntheticEvent } from 'react'
import type { Reach } from '../../../contract/emergency.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Emergency.module.css'
import { emergencyTexts } from './texts.ts'

/** What the portal's page on reaching the desk says beside the lines and the hours. */
export function ReachSection() {
  const t = useTexts(emergencyTexts)
  const reach = useCall('GET /api/emergency/reach')
  return (
    <Section title={t('reach')} lead={t('reachLead')}>
      <Loaded from={reach}>{(kept) => <ReachForm key={JSON.stringify(kept)} kept={kept} />}</Loaded>
    </Section>
  )
}

let keys = 0
const row = (one?: Reach['numbers'][number]) => ({ key: ++keys, name: one?.name ?? '', number: one?.number ?? '' })

function ReachForm({ kept }: { kept: Reach }) {
  const t = useTexts(emergencyTexts)
  const form = useForm({ numbers: kept.numbers.map(row), english: kept.advice.en, german: kept.advice.de })
  const { numbers, english, german } = form.values
  const save = useSend('PATCH /api/emergency/reach', {
    renews: ['GET /api/emergency/reach', 'GET /api/reach'],
    onProblem: form.take,
    onDone: () => void toast(t('saved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const told = numbers.filter((one) => one.name.trim() !== '' || one.number.trim() !== '')
    save.mutate({ body: { numbers: told.map(({ name, number }) => ({ name, number })), advice: { en: english, de: german } } })
  }
  const put = (key: number, change: { name?: string; number?: string }) =>
    form.set(
      'numbers',
      numbers.map((one) => (one.key === key ? { ...one, ...change } : one)),
    )
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {numbers.map((one, n) => (
        <div key={one.key} className={styles.number}>
          <TextField
            label={t('reachName')}
            maxLength={100}
            value={one.name}
            onChange={(event) => put(one.key, { name: event.currentTarget.value })}
          />
          <TextField
            label={t('number')}
            type="tel"
            maxLength={50}
            value={one.number}
            onChange={(event) => put(one.key, { number: event.currentTarget.value })}
          />
          <IconButton
            label={t('dropNumber', { n: n + 1 })}
            icon={<IconTrash size={16} />}
            onClick={() =>
              form.set(
                'numbers',
                numbers.filter((other) => other.key !== one.key),
              )
            }
          />
        </div>
      ))}
      <div>
        <Button icon={<IconPlus size={14} />} onClick={() => form.set('numbers', [...numbers, row()])}>
          {t('addNumber')}
        </Button>
      </div>
      <strong>{t('advice')}</strong>
      <FieldRow>
        <TextArea label={t('english')} maxLength={2000} {...form.text('english')} />
        <TextArea label={t('german')} maxLength={2000} {...form.text('german')} />
      </FieldRow>
      <FormProblem text={form.problem ?? form.errors['numbers']} />
      <div>
        <Button look="main" type="submit" busy={save.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
