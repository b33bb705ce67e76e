import { type SyntheticEvent, useState } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { verificationTexts } from './texts.ts'
import styles from './Verification.module.css'

const renews = ['GET /api/phone-systems'] as const

/** Each with an address of its own, whose key is shown once and can be changed. */
export function PhoneSystems() {
  const t = useTexts(verificationTexts)
  const { data } = useCall('GET /api/phone-systems')
  const [address, setAddress] = useState<string>()
  const form = useForm({ name: '' })
  const tell = (made: { address: string }) => setAddress(made.address)
  const add = useSend('POST /api/phone-systems', {
    renews,
    onProblem: form.take,
    onDone: (made) => {
      tell(made)
      form.reset()
    },
  })
  const rotate = useSend('POST /api/phone-systems/:id/rotate', { renews, onProblem: toastProblem, onDone: tell })
  const remove = useSend('DELETE /api/phone-systems/:id', { renews, onProblem: toastProblem })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    add.mutate({ body: form.values })
  }
  return (
    <Section title={t('systems')} lead={t('systemsLead')}>
      <div className="stack">
        {data?.items.map((system) => (
          <div key={system.id} className={styles.system}>
            <strong>{system.name}</strong>
            <span className="dim">
              {system.heardAt ? (
                <>
                  {t('heard')} <TimeAgo at={system.heardAt} />
                </>
              ) : (
                t('neverHeard')
              )}
            </span>
            <Button look="plain" busy={rotate.isPending} onClick={() => rotate.mutate({ params: { id: system.id } })}>
              {t('newKey')}
            </Button>
            <Button look="plain" busy={remove.isPending} onClick={() => remove.mutate({ params: { id: system.id } })}>
              {t('removeSystem')}
            </Button>
          </div>
        ))}
        {address && (
          <div role="status">
            {t('address')}
            <code className={styles.address}>{address}</code>
          </div>
        )}
        <form className={styles.name} onSubmit={submit} noValidate>
          <TextField label={t('systemName')} {...form.text('name')} />
          <Button type="submit" busy={add.isPending}>
            {t('addSystem')}
          </Button>
        </form>
        <FormProblem text={form.problem} />
      </div>
    </Section>
  )
}
