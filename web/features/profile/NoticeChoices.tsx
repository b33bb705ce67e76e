import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import type { Notice } from '../../../contract/desk.ts'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { keyOf, queries, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

type Choices = Answer<'GET /api/notices/choices'>
type Reason = Notice['reason']
const reasons: readonly Reason[] = [
  'assigned',
  'team',
  'reply',
  'mention',
  'passed',
  'unclaimed',
  'task',
  'task-done',
  'call-back',
  'visit',
  'view',
  'back',
  'snooze-over',
  'reply-dropped',
  'switched-off',
  'rule',
  'burst',
  'undelivered',
  'system',
]
const key = keyOf('GET /api/notices/choices')

/** What I am told of beyond the bell: each tick is kept at once. */
export function NoticeChoices() {
  const t = useTexts(profileTexts)
  const choices = useCall('GET /api/notices/choices')
  const send = useSend('PUT /api/notices/choices', {
    onProblem: (cause) => {
      void queries.invalidateQueries({ queryKey: key })
      toastProblem(cause)
    },
  })
  const turn = (now: Choices, way: keyof Choices, reason: Reason, on: boolean) => {
    const next = { ...now, [way]: on ? [...now[way], reason] : now[way].filter((r) => r !== reason) }
    queries.setQueryData<Choices>(key, next)
    send.mutate({ body: next })
  }
  return (
    <Section title={t('noticesTitle')} lead={t('noticesHint')}>
      <BrowserPermission />
      <Loaded from={choices}>
        {(now) => (
          <table className={styles.choices}>
            <thead>
              <tr>
                <th scope="col">{t('reason')}</th>
                <th scope="col">{t('byMail')}</th>
                <th scope="col">{t('byBrowser')}</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map((reason) => (
                <tr key={reason}>
                  <th scope="row">{t(reason)}</th>
                  <td>
                    <Checkbox
                      aria-label={t('byMailOf', { reason: t(reason) })}
                      checked={now.byMail.includes(reason)}
                      onChange={(e) => turn(now, 'byMail', reason, e.currentTarget.checked)}
                    />
                  </td>
                  <td>
                    <Checkbox
                      aria-label={t('byBrowserOf', { reason: t(reason) })}
                      checked={now.byBrowser.includes(reason)}
                      onChange={(e) => turn(now, 'byBrowser', reason, e.currentTarget.checked)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Section>
  )
}

type Permission = NotificationPermission | 'none'
const permissionNow = (): Permission => ('Notification' in window && window.isSecureContext ? Notification.permission : 'none')

function BrowserPermission() {
  const t = useTexts(profileTexts)
  const [permission, setPermission] = useState(permissionNow)
  const ask = async () => {
    await Notification.requestPermission()
    setPermission(permissionNow())
  }
  const text = { default: 'permissionAsk', denied: 'permissionDenied', granted: 'permissionGranted', none: 'permissionNone' } as const
  return (
    <div className={styles.permission} role="status">
      <span className="grow">{t(text[permission])}</span>
      {permission === 'default' && <Button onClick={() => void ask()}>{t('permissionAllow')}</Button>}
    </div>
  )
}
