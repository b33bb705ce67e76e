import type { VoiceLine } from '../../../contract/emergency.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { FieldRow, FieldSet, NumberField, PasswordField, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, TeamPick } from '../people/picks.tsx'
import type { WithAddress } from './AddressSheet.tsx'
import { emergencyTexts } from './texts.ts'

const renews = ['GET /api/emergency/lines'] as const
const languages = ['en', 'de'] as const
type Props = { line?: VoiceLine; onAddress: (made: WithAddress) => void; onClose: () => void }

const valuesOf = (line: VoiceLine | undefined, language: 'en' | 'de') => ({
  name: line?.name ?? '',
  number: line?.number ?? '',
  language: line?.language ?? language,
  teamId: optionOf(line?.team),
  policyId: line?.policy?.id ?? (null as string | null),
  forwardTo: line?.forwardTo ?? '',
  english: line?.greeting.en ?? '',
  german: line?.greeting.de ?? '',
  maxSeconds: (line?.maxSeconds ?? 120) as number | null,
  pagesPerHour: (line?.pagesPerHour ?? 3) as number | null,
  token: '',
})

export function LineSheet({ line, onAddress, onClose }: Props) {
  const t = useTexts(emergencyTexts)
  const form = useForm(valuesOf(line, useLanguage()))
  const policies = useCall('GET /api/paging/policies').data?.items ?? []
  const add = useSend('POST /api/emergency/lines', {
    renews,
    onProblem: form.take,
    onDone: (made) => {
      onClose()
      onAddress(made)
    },
  })
  const edit = useSend('PATCH /api/emergency/lines/:id', {
    renews,
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  })
  const save = () => {
    const { english, german, teamId, maxSeconds, pagesPerHour, token, ...rest } = form.values
    const body = {
      ...rest,
      teamId: teamId?.value ?? null,
      greeting: { en: english, de: german },
      maxSeconds: maxSeconds ?? 120,
      pagesPerHour: pagesPerHour ?? 3,
    }
    if (line) edit.mutate({ params: { id: line.id }, ifMatch: line.version, body: { ...body, ...(token ? { token } : {}) } })
    else add.mutate({ body: { ...body, token } })
  }
  return (
    <FormSheet
      title={line ? t('editLine', { name: line.name }) : t('newLine')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={line && <Doings line={line} onAddress={onAddress} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus maxLength={100} {...form.text('name')} />
      <FieldRow>
        <TextField label={t('number')} type="tel" hint={t('numberHint')} maxLength={50} {...form.text('number')} />
        <TextField label={t('forwardTo')} type="tel" hint={t('forwardHint')} maxLength={50} {...form.text('forwardTo')} />
      </FieldRow>
      <PasswordField
        label={t('token')}
        hint={t(line ? 'tokenHint' : 'tokenNew')}
        autoComplete="off"
        maxLength={200}
        {...form.text('token')}
      />
      <FieldRow>
        <TeamPick label={t('team')} hint={t('teamHint')} clearable {...form.value('teamId')} />
        <SelectField
          label={t('policy')}
          hint={t('policyHint')}
          clearable
          options={policies.map((one) => ({ value: one.id, label: one.name }))}
          {...form.value('policyId')}
        />
      </FieldRow>
      <SelectField
        label={t('language')}
        hint={t('languageHint')}
        options={languages.map((value) => ({ value, label: t(value) }))}
        {...form.value('language')}
      />
      <FieldSet title={t('greeting')}>
        <TextField label={t('english')} hint={t('greetingHint')} maxLength={500} {...form.text('english')} />
        <TextField label={t('german')} maxLength={500} {...form.text('german')} />
      </FieldSet>
      <FieldRow>
        <NumberField label={t('maxSeconds')} hint={t('secondsHint')} min={10} max={600} {...form.value('maxSeconds')} />
        <NumberField label={t('pagesPerHour')} hint={t('pagesHint')} min={1} max={60} {...form.value('pagesPerHour')} />
      </FieldRow>
    </FormSheet>
  )
}

function Doings({ line, onAddress, onDone }: { line: VoiceLine; onAddress: (made: WithAddress) => void; onDone: () => void }) {
  const t = useTexts(emergencyTexts)
  const [confirm, question] = useConfirm()
  const params = { id: line.id }
  const renew = useSend('POST /api/emergency/lines/:id/renew-key', {
    renews,
    onProblem: toastProblem,
    onDone: (made) => {
      onDone()
      onAddress(made)
    },
  })
  const remove = useSend('DELETE /api/emergency/lines/:id', { renews, onDone, onProblem: toastProblem })
  const askRenew = async () => {
    if (await confirm({ title: t('renewKey'), text: t('renewAsk'), action: t('renewKey') })) renew.mutate({ params })
  }
  const askRemove = async () => {
    const yes = await confirm({ title: t('remove'), text: t('removeAsk', { name: line.name }), action: t('remove'), danger: true })
    if (yes) remove.mutate({ params })
  }
  return (
    <>
      <Button look="plain" busy={remove.isPending} onClick={() => void askRemove()}>
        {t('remove')}
      </Button>
      <Button look="plain" busy={renew.isPending} onClick={() => void askRenew()}>
        {t('renewKey')}
      </Button>
      {question}
    </>
  )
}
