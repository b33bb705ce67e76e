import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { visitTexts } from './texts.ts'

/** The private address of one's own visits, for a calendar program. */
export function CalendarDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(visitTexts)
  const formats = useFormats()
  const { data } = useCall('GET /api/calendar-link')
  const [address, setAddress] = useState<string>()
  const renews = ['GET /api/calendar-link'] as const
  const make = useSend('POST /api/calendar-link', { renews, onDone: (made) => setAddress(made.address), onProblem: toastProblem })
  const end = useSend('DELETE /api/calendar-link', {
    renews,
    onProblem: toastProblem,
    onDone: () => {
      setAddress(undefined)
      toast(t('ended'))
    },
  })
  const copy = () => void navigator.clipboard.writeText(address ?? '').then(() => toast(t('copied')))
  const known = data?.since != null
  return (
    <Dialog title={t('calendar')} open onClose={onClose}>
      <div className="stack">
        <p>{t('calendarText')}</p>
        {address === undefined && known && (
          <p className="dim">
            {t('calendarSince', { when: formats.dateTime(data.since!) })}{' '}
            {data.usedAt === null ? t('calendarUnused') : t('calendarUsed', { when: formats.relative(data.usedAt) })}
          </p>
        )}
        {address !== undefined && (
          <TextField label={t('calendarOnce')} value={address} readOnly onFocus={(event) => event.currentTarget.select()} />
        )}
        <Buttons>
          {known && (
            <Button look="plain" busy={end.isPending} onClick={() => end.mutate({})}>
              {t('calendarEnd')}
            </Button>
          )}
          {address === undefined ? (
            <Button look="main" busy={make.isPending} onClick={() => make.mutate({})}>
              {t(known ? 'calendarAnew' : 'calendarMake')}
            </Button>
          ) : (
            <Button look="main" onClick={copy}>
              {t('copy')}
            </Button>
          )}
        </Buttons>
      </div>
    </Dialog>
  )
}
