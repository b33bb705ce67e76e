import { type SyntheticEvent, useState } from 'react'
import type { MyPaging, NewChannel } from '../../../contract/paging.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, PasswordField, SelectField, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { browserName, subscribe, whyNoPush } from './push.ts'
import { pagingTexts } from './setting-texts.ts'

type Format = 'ntfy' | 'slack' | 'teams' | 'matrix'
const sample = 'https://'
const formats: Format[] = ['ntfy', 'slack', 'teams', 'matrix']
const names: Record<Format, string> = { ntfy: 'ntfy', slack: 'Slack', teams: 'Teams', matrix: 'Matrix' }

export function NewWay({ mine, onClose }: { mine: MyPaging; onClose: () => void }) {
  const t = useTexts(pagingTexts)
  const why = whyNoPush(mine.secure)
  const [refused, setRefused] = useState(false)
  const form = useForm({
    kind: (why ? 'mail' : 'push') as NewChannel['kind'],
    name: browserName(),
    number: '+',
    format: 'ntfy' as Format,
    url: '',
    token: '',
    room: '',
    endpoint: '',
  })
  const add = useSend('POST /api/me/paging/channels', {
    renews: ['GET /api/me/paging'],
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  })
  const { kind } = form.values
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const { name, number, format, url, token, room } = form.values
    const when = { highAfter: 0, lowAfter: kind === 'mail' ? 0 : null }
    if (kind === 'push') {
      const subscription = await subscribe(mine.pushKey).catch(() => undefined)
      if (!subscription) return setRefused(true)
      return add.mutate({ body: { kind, name, ...subscription, ...when } })
    }
    if (kind === 'mail') return add.mutate({ body: { kind, ...when } })
    if (kind === 'sms') return add.mutate({ body: { kind, number: number.replace(/[^+\d]/g, ''), ...when } })
    add.mutate({ body: { kind, format, url, ...(token ? { token } : {}), ...(room ? { room } : {}), ...when } })
  }
  const kinds = [...(why ? [] : (['push'] as const)), 'mail' as const, ...(mine.sms ? (['sms'] as const) : []), 'webhook' as const]
  return (
    <Dialog open title={t('add')} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <SelectField label={t('kind')} options={kinds.map((value) => ({ value, label: t(value) }))} {...form.value('kind')} />
        {why && <p className="dim small">{t(why)}</p>}
        {!mine.sms && <p className="dim small">{t('smsNone')}</p>}
        {kind === 'push' && <TextField label={t('pushName')} maxLength={60} {...form.text('name')} />}
        {kind === 'push' && refused && <FormProblem text={t('pushDenied')} />}
        {kind === 'sms' && <TextField label={t('number')} inputMode="tel" placeholder="+49 171 5550001" {...form.text('number')} />}
        {kind === 'webhook' && (
          <>
            <SelectField label={t('format')} options={formats.map((value) => ({ value, label: names[value] }))} {...form.value('format')} />
            <TextField label={t('url')} hint={mine.hosts.join(', ')} placeholder={sample} {...form.text('url')} />
            {form.values.format === 'matrix' && <TextField label={t('room')} placeholder="!" {...form.text('room')} />}
            {(form.values.format === 'matrix' || form.values.format === 'ntfy') && (
              <PasswordField label={t('token')} autoComplete="off" {...form.text('token')} />
            )}
          </>
        )}
        <FormProblem text={form.problem ?? form.errors['endpoint']} />
        <Buttons>
          <Button look="main" type="submit" busy={add.isPending}>
            {t('add')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
