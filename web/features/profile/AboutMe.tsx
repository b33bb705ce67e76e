import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { SyntheticEvent } from 'react'
import type { Me } from '../../../contract/people.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { queries, useSend } from '../../kernel/query.ts'
import { meQuery, useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

const zones = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))

export function AboutMe({ portal = false }: { portal?: boolean }) {
  const t = useTexts(profileTexts)
  const me = useMe()
  const form = useForm({ name: me.name, language: me.language, timeZone: me.timeZone, phones: me.phones })
  const save = useSend('PATCH /api/me', {
    onDone: (changed) => {
      queries.setQueryData(meQuery.queryKey, changed)
      setLanguage(changed.language)
      toast(t('saved'))
    },
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate({ body: { ...form.values, phones: form.values.phones.filter((phone) => phone.number.trim() !== '') } })
  }
  return (
    <Section title={t('meTitle')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('name')} autoComplete="name" {...form.text('name')} />
        <TextField label={t('email')} hint={t(portal ? 'emailHintPortal' : 'emailHint')} value={me.email ?? ''} readOnly />
        <FieldRow>
          <SelectField
            label={t('language')}
            hint={t('languageHint')}
            options={[
              { value: 'en', label: 'English' },
              { value: 'de', label: 'Deutsch' },
            ]}
            {...form.value('language')}
          />
          <SelectField
            label={t('timeZone')}
            hint={t('timeZoneHint')}
            placeholder={t('timeZoneOwn')}
            options={zones}
            clearable
            {...form.value('timeZone')}
          />
        </FieldRow>
        <Phones value={form.values.phones} error={form.errors.phones} onChange={(phones) => form.set('phones', phones)} />
        <FormProblem text={form.problem} />
        <div>
          <Button look="main" type="submit" busy={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

type Phone = Me['phones'][number]
const kinds = ['work', 'mobile', 'home', 'other'] as const

function Phones({ value, onChange, error }: { value: readonly Phone[]; onChange: (phones: Phone[]) => void; error: string | undefined }) {
  const t = useTexts(profileTexts)
  const set = (at: number, change: Partial<Phone>) => onChange(value.map((phone, i) => (i === at ? { ...phone, ...change } : phone)))
  return (
    <FieldSet title={t('phones')} hint={t('phonesHint')}>
      {value.map((phone, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number has no name of its own
        <div key={at} className={styles.phone}>
          <SelectField
            aria-label={t('phoneKind', { n: at + 1 })}
            label=""
            value={phone.kind}
            onChange={(kind) => set(at, { kind })}
            options={kinds.map((kind) => ({ value: kind, label: t(kind) }))}
          />
          <TextField
            aria-label={t('phoneNumber', { n: at + 1 })}
            label=""
            type="tel"
            autoComplete="tel"
            value={phone.number}
            onChange={(e) => set(at, { number: e.currentTarget.value })}
          />
          <IconButton
            label={t('phoneRemove', { n: at + 1 })}
            size={36}
            icon={<IconTrash size={18} stroke={1.7} />}
            onClick={() => onChange(value.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <FormProblem text={error} />
      {value.length < 10 && (
        <div>
          <Button icon={<IconPlus size={16} />} onClick={() => onChange([...value, { kind: 'work', number: '' }])}>
            {t('phoneAdd')}
          </Button>
        </div>
      )}
    </FieldSet>
  )
}
