import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { oncallTexts } from './texts.ts'

/** The private address of my shifts, or of a whole rota, for a calendar program. */
export function LinkDialog({ rotaId, onClose }: { rotaId: string | null; onClose: () => void }) {
  const t = useTexts(oncallTexts)
  const formats = useFormats()
  const { data } = useCall('GET /api/on-call-links')
  const [address, setAddress] = useState<string>()
  const renews = ['GET /api/on-call-links'] as const
  const make = useSend('POST /api/on-call-links', { renews, onDone: (made) => setAddress(made.address), onProblem: toastProblem })
  const end = useSend('DELETE /api/on-call-links/:id', {
    renews,
    onProblem: toastProblem,
    onDone: () => {
      setAddress(undefined)
      toast(t('ended'))
    },
  })
  const copy = () => void navigator.clipboard.writeText(address ?? '').then(() => toast(t('copied')))
  const known = data?.items.find((one) => (one.rota?.id ?? null) === rotaId)
  return (
    <Dialog title={t('calendar')} open onClose={onClose}>
      <div className="stack">
        <p>{t(rotaId === null ? 'calendarText' : 'calendarRotaText')}</p>
        {address === undefined && known && (
          <p className="dim">
            {t('calendarSince', { when: formats.dateTime(known.since) })}{' '}
            {known.usedAt === null ? t('calendarUnused') : t('calendarUsed', { when: formats.relative(known.usedAt) })}
          </p>
        )}
        {address !== undefined && (
          <TextField label={t('calendarOnce')} value={address} readOnly onFocus={(event) => event.currentTarget.select()} />
        )}
        <Buttons>
          {known && (
            <Button look="plain" busy={end.isPending} onClick={() => end.mutate({ params: { id: known.id } })}>
              {t('calendarEnd')}
            </Button>
          )}
          {address === undefined ? (
            <Button look="main" busy={make.isPending} onClick={() => make.mutate({ body: { rotaId } })}>
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
