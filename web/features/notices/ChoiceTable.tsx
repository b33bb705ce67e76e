import { Checkbox } from '@mantine/core'
import { Fragment } from 'react'
import type { NoticeChoices } from '../../../contract/notices.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Section } from '../../ui/Page.tsx'
import { BrowserPermission } from './BrowserPermission.tsx'
import styles from './Choices.module.css'
import { choiceTexts } from './choice-texts.ts'
import { groups, type MailWay, mailWayOf, type Reason, turned, useChoose, withMailWay } from './choosing.ts'
import { reasonTexts } from './reason-texts.ts'

const mailWays: MailWay[] = ['now', 'hourly', 'daily', 'off']

export function ChoiceTable({ chosen }: { chosen: NoticeChoices }) {
  const t = useTexts(choiceTexts)
  const r = useTexts(reasonTexts)
  return (
    <Section title={t('table')} lead={t('tableLead')}>
      <BrowserPermission />
      {chosen.pushDevices === 0 && <p className="dim small">{t('pushNone')}</p>}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('reason')}</th>
            <th scope="col">{t('inApp')}</th>
            <th scope="col">{t('mail')}</th>
            <th scope="col">{t('browser')}</th>
            <th scope="col">{t('push')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ name, reasons }) => (
            <Fragment key={name}>
              <tr className={styles.group}>
                <th scope="colgroup" colSpan={5}>
                  {r(`group.${name}`)}
                </th>
              </tr>
              {reasons.map((reason) => (
                <Line key={reason} reason={reason} chosen={chosen} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Line({ reason, chosen }: { reason: Reason; chosen: NoticeChoices }) {
  const t = useTexts(choiceTexts)
  const r = useTexts(reasonTexts)
  const choose = useChoose()
  const words = { reason: r(reason) }
  return (
    <tr>
      <th scope="row">{words.reason}</th>
      <td data-label={t('inApp')}>
        <Checkbox
          aria-label={t('inAppOf', words)}
          checked={!chosen.notInApp.includes(reason)}
          onChange={(e) => choose({ notInApp: turned(chosen.notInApp, reason, !e.currentTarget.checked) })}
        />
      </td>
      <td data-label={t('mail')}>
        <select
          className={styles.select}
          aria-label={t('mailOf', words)}
          value={mailWayOf(chosen, reason)}
          onChange={(e) => choose(withMailWay(chosen, reason, e.currentTarget.value as MailWay))}
        >
          {mailWays.map((way) => (
            <option key={way} value={way}>
              {t(way)}
            </option>
          ))}
        </select>
      </td>
      <td data-label={t('browser')}>
        <Checkbox
          aria-label={t('browserOf', words)}
          checked={chosen.byBrowser.includes(reason)}
          onChange={(e) => choose({ byBrowser: turned(chosen.byBrowser, reason, e.currentTarget.checked) })}
        />
      </td>
      <td data-label={t('push')}>
        <Checkbox
          aria-label={t('pushOf', words)}
          disabled={chosen.pushDevices === 0 && !chosen.byPush.includes(reason)}
          checked={chosen.byPush.includes(reason)}
          onChange={(e) => choose({ byPush: turned(chosen.byPush, reason, e.currentTarget.checked) })}
        />
      </td>
    </tr>
  )
}
