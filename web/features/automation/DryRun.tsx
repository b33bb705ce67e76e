import { IconFlask } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './Automation.module.css'
import { bodyOf, type Values } from './draft.ts'
import { automationTexts } from './texts.ts'
import { stepsWords } from './words.ts'

/** What the rule as it stands in the form would have done. */
export function DryRun({ values, onProblem }: { values: Values; onProblem: (cause: unknown) => void }) {
  const t = useTexts(automationTexts)
  const formats = useFormats()
  const dry = useSend('POST /api/automation/dry-run', { onProblem })
  const found = dry.data
  const cut = found !== undefined && Date.now() - Date.parse(found.since) < 29.9 * 86_400_000
  return (
    <section className={styles.part}>
      <div className="row">
        <Button icon={<IconFlask size={16} />} busy={dry.isPending} onClick={() => dry.mutate({ body: bodyOf(values) })}>
          {t('dryRun')}
        </Button>
      </div>
      <p className="dim small">{t('dryRunText')}</p>
      <div aria-live="polite">
        {found && (
          <>
            <p className={styles.count}>{found.more ? t('wouldMore', { count: found.count }) : t('would', { count: found.count })}</p>
            {cut && <p className="dim small">{t('lookedBack', { since: formats.dateTime(found.since) })}</p>}
            <ul className={styles.tried}>
              {found.items.map(({ ticket, steps }) => (
                <li key={ticket.id}>
                  <Link to={'/tickets/$ticketId' as never} params={{ ticketId: ticket.id } as never} className="truncate">
                    #{ticket.id} {ticket.subject}
                  </Link>
                  <span className="dim">{stepsWords(steps, t)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}
