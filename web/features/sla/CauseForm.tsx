import { useState } from 'react'
import type { Clock } from '../../../contract/sla.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Sla.module.css'
import { slaTexts } from './texts.ts'

/** Asked where a target was missed, from the closed list of causes. */
export function CauseForm({ clock, ticketId }: { clock: Clock; ticketId: string }) {
  const t = useTexts(slaTexts)
  const { data } = useCall('GET /api/breach-causes')
  const [causeId, setCauseId] = useState('')
  const [note, setNote] = useState('')
  const send = useSend('POST /api/clocks/:id/cause', {
    renews: ['GET /api/tickets/:id/clocks'],
    onDone: () => toast(sayIn(slaTexts)('causeSaved')),
  })
  const options = (data?.items ?? []).filter((one) => !one.archived).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form
      className={styles.cause}
      aria-label={t('cause')}
      data-ticket={ticketId}
      onSubmit={(event) => {
        event.preventDefault()
        if (causeId !== '') send.mutate({ params: { id: clock.id }, body: { causeId, note } })
      }}
    >
      <SelectField label={t('cause')} value={causeId} onChange={setCauseId} options={options} />
      <TextField label={t('causeNote')} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <Button type="submit" look="main" busy={send.isPending} disabled={causeId === ''}>
        {t('causeSave')}
      </Button>
    </form>
  )
}
