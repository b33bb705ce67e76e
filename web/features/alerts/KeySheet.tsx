import type { AlertSource } from '../../../contract/alerts.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, SideSheet } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Alerts.module.css'
import { sourceTexts } from './source-texts.ts'

export type WithKey = AlertSource & { key: string; address: string }

/** The key, this once, and the steps for the machine that is to use it. */
export function KeySheet({ made, onClose }: { made: WithKey; onClose: () => void }) {
  const t = useTexts(sourceTexts)
  return (
    <SideSheet open size="lg" title={t('keyTitle', { name: made.name })} onClose={onClose}>
      <div className="stack">
        <p className={styles.once}>{t(made.kind === 'mail' ? 'addressOnce' : 'keyOnce')}</p>
        <Secret label={t('address')} value={made.address} />
        {made.kind !== 'mail' && <Secret label={t('key')} value={made.key} />}
        <section className={styles.part}>
          <h3>{t('stepsTitle')}</h3>
          <ol className={styles.steps}>
            <li>
              {t(`step-${made.kind}-1`)}
              {made.kind === 'alertmanager' && <Code text={receiver(made)} label={t(`step-${made.kind}-1`)} />}
            </li>
            <li>
              {t(`step-${made.kind}-2`)}
              {made.kind !== 'alertmanager' && made.kind !== 'mail' && <Code text={command(made)} label={t(`step-${made.kind}-2`)} />}
            </li>
          </ol>
        </section>
        <Buttons>
          <Button look="main" onClick={onClose}>
            {t('close')}
          </Button>
        </Buttons>
      </div>
    </SideSheet>
  )
}

// It scrolls sideways, so it must be reachable by keyboard.
const Code = ({ text, label }: { text: string; label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse (WCAG 2.1.1)
  <section tabIndex={0} aria-label={label} className={styles.code}>
    {text}
  </section>
)

function Secret({ label, value }: { label: string; value: string }) {
  const t = useTexts(sourceTexts)
  const copy = () => void navigator.clipboard.writeText(value).then(() => void toast(t('copied')))
  return (
    <span className={styles.secret}>
      <TextField label={label} value={value} readOnly onFocus={(event) => event.currentTarget.select()} />
      <Button aria-label={`${t('copy')}: ${label}`} onClick={copy}>
        {t('copy')}
      </Button>
    </span>
  )
}

const receiver = ({ address, key }: WithKey) => `receivers:
  - name: firstline
    webhook_configs:
      - url: ${address}
        send_resolved: true
        http_config:
          authorization:
            type: Bearer
            credentials: ${key}`

const command = ({ kind, address, key }: WithKey) =>
  kind === 'opsgenie'
    ? `curl ${address} -H 'Authorization: GenieKey ${key}' -d '{
  "message": "Test",
  "alias": "test",
  "entity": "example-host",
  "priority": "P5"}'`
    : kind === 'pagerduty'
      ? `curl ${address} -d '{
  "routing_key": "${key}",
  "event_action": "trigger",
  "dedup_key": "test",
  "payload": {"summary": "Test", "source": "example-host", "severity": "info"}}'`
      : `curl ${address} -d '{
  "device": "example-host",
  "condition": "Disk space",
  "severity": "warning",
  "summary": "Test",
  "state": "firing"}'`
