import { Link } from '@tanstack/react-router'
import type { NoticePreview } from '../../../contract/notices.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import styles from './Choices.module.css'
import { choiceTexts } from './choice-texts.ts'
import { reasonTexts } from './reason-texts.ts'

/** What yesterday would have brought with the choices above: it changes with each of them. */
export function Preview() {
  const t = useTexts(choiceTexts)
  const formats = useFormats()
  const preview = useCall('GET /api/notices/preview', undefined, { keep: true })
  return (
    <Loaded from={preview}>
      {(day) => (
        <Section title={t('yesterday')} lead={t('yesterdayLead', { date: formats.date(`${day.date}T12:00:00`) })}>
          {day.items.length === 0 ? (
            <p className="dim small">{t('yesterdayNone')}</p>
          ) : (
            <>
              <p>
                <strong>{t('toldOf', { count: day.happened })}.</strong>{' '}
                {t('told', { bell: day.bell, mails: day.mails, browser: day.browser, push: day.push })}
              </p>
              <ul className={styles.preview}>
                {day.items.map((item) => (
                  <Line key={item.id} item={item} />
                ))}
              </ul>
            </>
          )}
        </Section>
      )}
    </Loaded>
  )
}

function Line({ item }: { item: NoticePreview['items'][number] }) {
  const t = useTexts(choiceTexts)
  const r = useTexts(reasonTexts)
  const formats = useFormats()
  const time = item.mailAt === null ? '' : formats.time(item.mailAt)
  return (
    <li>
      <span className="dim">{formats.time(item.at)}</span>
      <span className={styles.previewWhat}>
        {r(item.reason)}
        {item.ticket && (
          <Link to="/tickets/$ticketId" params={{ ticketId: item.ticket.id }} className={styles.previewTicket}>
            #{item.ticket.number} {item.ticket.subject}
          </Link>
        )}
      </span>
      <span className="dim small">
        {t('mailed')}: {item.why === 'off' ? t('why.off') : t(`why.${item.why}`, { time })}
        {item.bell === 'silent' && `, ${t('silent')}`}
      </span>
    </li>
  )
}
