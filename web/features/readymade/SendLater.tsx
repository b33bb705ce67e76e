import { type SyntheticEvent, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { renew, useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, TextField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import type { Composing } from '../tickets/composing.ts'
import { instantIn, morningIn, ownZone } from './later.ts'
import styles from './Readymade.module.css'
import { usingTexts } from './using-texts.ts'
import { whenIn } from './words.ts'

/** Keeps the reply on the server until its time. */
export function SendLater({ ticket, composing, onClose }: { ticket: Ticket; composing: Composing; onClose: () => void }) {
  const t = useTexts(usingTexts)
  const language = useLanguage()
  const { content, uploads } = composing
  const me = useMe()
  const keep = async (sendAt: Date) => {
    onClose()
    try {
      await call('POST /api/tickets/:id/scheduled-replies', {
        params: { id: ticket.id },
        body: {
          body: content.body,
          sendAt: sendAt.toISOString(),
          uploadIds: uploads.files.map((file) => file.id),
          ...(content.to ? { to: [...content.to] } : {}),
          ...(content.cc ? { cc: [...content.cc] } : {}),
        },
      })
      composing.clear()
      renew('GET /api/tickets/:id/scheduled-replies', 'GET /api/tickets/:id/timeline')
      toast(t('laterKept', { when: whenIn(sendAt.toISOString(), language, me.timeZone ?? undefined) }))
    } catch (cause) {
      toastProblem(cause)
    }
  }
  return <WhenDialog ticket={ticket} onPick={(at) => void keep(at)} onClose={onClose} />
}

/** Tomorrow, Monday, or a time of one's own; by the clock of whoever reads it, or by one's own. */
export function WhenDialog({ ticket, onPick, onClose }: { ticket: Ticket; onPick: (at: Date) => void; onClose: () => void }) {
  const t = useTexts(usingTexts)
  const language = useLanguage()
  const zones = useCall('GET /api/tickets/:id/scheduled-replies', { params: { id: ticket.id } }).data?.zones
  const mine = zones?.mine ?? ownZone()
  const theirs = zones?.requester ?? null
  const apart = theirs !== null && theirs !== mine
  const [clock, setClock] = useState<'theirs' | 'mine'>('theirs')
  const zone = apart && clock === 'theirs' ? theirs : mine
  const [wall, setWall] = useState('')
  const chosen = wall || morningIn(zone, 'tomorrow')
  const at = instantIn(chosen, zone)
  const past = Number.isNaN(at.getTime()) || at.getTime() <= Date.now()
  const save = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!past) onPick(at)
  }
  // On a Sunday the two are one.
  const days = (['tomorrow', 'monday'] as const)
    .map((which) => ({ which, value: morningIn(zone, which) }))
    .filter((day, i, all) => i === 0 || day.value !== all[0]?.value)
  return (
    <Dialog title={t('sendLater')} open onClose={onClose}>
      <form className="stack" onSubmit={save} noValidate>
        {apart && (
          <ChoiceField
            label={t('sendLaterAt')}
            hideLabel
            value={clock}
            onChange={setClock}
            options={[
              { value: 'theirs', label: t('theirClock', { name: ticket.requester.name }) },
              { value: 'mine', label: t('myClock') },
            ]}
          />
        )}
        <div className={styles.dayPicks}>
          {days.map(({ which, value }) => (
            <Button key={which} aria-pressed={value === chosen} onClick={() => setWall(value)}>
              {t(which)}
            </Button>
          ))}
        </div>
        <TextField
          type="datetime-local"
          label={t('pickTime')}
          value={chosen}
          error={past ? t('laterPast') : undefined}
          onChange={(e) => setWall(e.currentTarget.value)}
          data-autofocus
        />
        <p className="dim small">
          {!past && `${t('laterKept', { when: whenIn(at.toISOString(), language, zone) })}. `}
          {t('laterHint', { name: ticket.requester.name })}
        </p>
        <Buttons>
          <Button look="main" type="submit" disabled={past}>
            {t('sendLater')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
