import type { SyntheticEvent } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TagsField, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { pagingTexts } from './setting-texts.ts'

const sample = 'https://hc-ping.com/'
const path = 'GET /api/paging/settings'

/** Who hears of it when this whole desk is down, and to which hosts pages may go. */
export function OutsideSection() {
  const settings = useCall(path)
  return <Loaded from={settings}>{(shown) => <OutsideForm key={`${shown.outsideUrl} ${shown.hosts.join()}`} shown={shown} />}</Loaded>
}

type Shown = NonNullable<ReturnType<typeof useCall<typeof path>>['data']>
function OutsideForm({ shown }: { shown: Shown }) {
  const t = useTexts(pagingTexts)
  const formats = useFormats()
  const form = useForm({ outsideUrl: shown.outsideUrl, hosts: shown.hosts })
  const save = useSend('PATCH /api/paging/settings', { renews: [path], onProblem: form.take, onDone: () => void toast(t('saved')) })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate({ body: form.values })
  }
  return (
    <Section title={t('outside')} lead={t('outsideLead')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('outsideUrl')} placeholder={sample} {...form.text('outsideUrl')} />
        {shown.outsideUrl && (
          <p className="dim small">
            {shown.outsideAt && shown.outsideAnswer.startsWith('HTTP 2')
              ? t('outsideGood', { at: formats.relative(shown.outsideAt) })
              : t('outsideBad', { answer: shown.outsideAnswer || '–' })}
          </p>
        )}
        {shown.beatAt && <p className="dim small">{t('beat', { at: formats.relative(shown.beatAt) })}</p>}
        <TagsField label={t('hosts')} hint={t('hostsHint')} {...form.value('hosts')} />
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
