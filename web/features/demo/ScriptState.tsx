import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { DemoScript } from '../../../contract/demo.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './DemoBar.module.css'
import { putScript } from './sample.ts'
import { demoTexts } from './texts.ts'

/** The script in one line: when the next mail comes, and a pause. */
export function ScriptSwitch({ script }: { script: DemoScript }) {
  const t = useTexts(demoTexts)
  const time = useCountdown(script.nextAt)
  const send = { onDone: putScript, onProblem: toastProblem }
  const pause = useSend('POST /api/demo/pause', send)
  const resume = useSend('POST /api/demo/resume', send)
  if (script.state === 'waiting') return null
  if (script.state === 'over') return <span className={styles.script}>{t('over', { total: script.total })}</span>
  const runs = script.state === 'running'
  return (
    <span className={styles.script}>
      {/* It changes every second: not for screen readers, who have the button. */}
      <span aria-hidden="true">{!runs ? t('paused') : time ? t('nextIn', { time }) : t('nextNow')}</span>
      <IconButton
        label={t(runs ? 'pause' : 'resume')}
        icon={runs ? <IconPlayerPause size={16} stroke={1.7} /> : <IconPlayerPlay size={16} stroke={1.7} />}
        style={{ color: 'inherit' }}
        disabled={pause.isPending || resume.isPending}
        onClick={() => (runs ? pause : resume).mutate({})}
      />
    </span>
  )
}

/** How far the script is, as a sentence. */
export function ScriptWords({ script }: { script: DemoScript }) {
  const t = useTexts(demoTexts)
  const { sent, total } = script
  if (script.state === 'waiting') return t('scriptWaiting')
  if (script.state === 'over') return t('scriptOver', { total })
  return t(script.state === 'paused' ? 'scriptPaused' : 'scriptRunning', { sent, total })
}

/** "0:42"; nothing once the time has come. */
function useCountdown(until: string | null): string | undefined {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (until === null) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [until])
  if (until === null) return undefined
  const left = Math.round((Date.parse(until) - now) / 1000)
  return left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : undefined
}
