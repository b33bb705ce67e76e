import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

type Row = Answer<'GET /api/me/security'>['sessions'][number]

/** Where I am signed in; each can be ended from here. */
export function Sessions({ sessions }: { sessions: readonly Row[] }) {
  const t = useTexts(profileTexts)
  const { relative } = useFormats()
  const told = { renews: ['GET /api/me/security'] as const, onDone: () => void toast(t('sessionEnded')), onProblem: toastProblem }
  const end = useSend('DELETE /api/me/sessions/:id', told)
  const others = useSend('POST /api/me/sessions/end-others', told)
  if (sessions.length === 0) return null
  return (
    <Section
      title={t('sessionsTitle')}
      actions={
        sessions.length > 1 && (
          <Button busy={others.isPending} onClick={() => others.mutate({})}>
            {t('sessionsEndOthers')}
          </Button>
        )
      }
    >
      <ul className={styles.rows}>
        {sessions.map((row) => {
          const client = clientName(row.client) ?? t('unknownClient')
          return (
            <li key={row.id}>
              {/android|iphone|mobile/i.test(row.client) ? (
                <IconDeviceMobile size={20} stroke={1.7} aria-hidden="true" />
              ) : (
                <IconDeviceDesktop size={20} stroke={1.7} aria-hidden="true" />
              )}
              <span className={styles.what}>
                <span title={row.client}>
                  {client} {row.current && <Badge tone="good">{t('sessionThis')}</Badge>}
                </span>
                <span className="dim small">
                  {[t('sessionSeen', { when: relative(row.seenAt) }), row.address, lookUp(profileTexts, `how.${row.how}`)]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              {!row.current && (
                <Button aria-label={t('sessionEndOf', { client })} onClick={() => end.mutate({ params: { id: row.id } })}>
                  {t('sessionEnd')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

/** "Firefox, Windows" from what the browser says of itself; the whole stands in the title. */
function clientName(agent: string): string | undefined {
  const browser = /Edg|OPR|Firefox|Chrome|Safari|curl|node/.exec(agent.replace('HeadlessChrome', 'Chrome'))?.[0]
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0]?.replace('Mac OS X', 'macOS')
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser
  return [name, system].filter(Boolean).join(', ') || undefined
}
