import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldSet } from '../../ui/Fields.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { useLook, type When } from './Ahead.tsx'
import styles from './Calendars.module.css'
import { calendarTexts } from './texts.ts'

const most = 20

/** Which open tickets would be due at another time, before anything is saved. */
export function Moves({ calendarId, when }: { calendarId: string; when: When }) {
  const t = useTexts(calendarTexts)
  const formats = useFormats()
  const look = useLook(when)
  const [about, setAbout] = useState<string>()
  const ask = useSend('POST /api/agreements/preview-calendar', { onProblem: toastProblem, onDone: () => setAbout(JSON.stringify(when)) })
  const calendar = look.data?.calendar
  const shown = about === JSON.stringify(when) ? ask.data : undefined
  const time = (at: string | null) => (at ? formats.dateTime(at) : t('noTime'))
  return (
    <FieldSet title={t('moves')}>
      <div>
        <Button
          busy={ask.isPending}
          disabled={!calendar}
          onClick={() => calendar && ask.mutate({ body: { calendarId, calendar: calendar as never } })}
        >
          {t('look')}
        </Button>
      </div>
      <div role="status">
        {shown && <p>{t('moveCount', { count: shown.count })}</p>}
        {shown && shown.items.length > 0 && (
          <ul className={styles.moves}>
            {shown.items.slice(0, most).map((one) => (
              <li key={`${one.ticket.id}/${one.target}/${one.kind}`}>
                <span>
                  #{one.ticket.number} {one.ticket.subject}
                </span>
                <span className="dim">{t('moveAt', { from: time(one.from), to: time(one.to) })}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </FieldSet>
  )
}
