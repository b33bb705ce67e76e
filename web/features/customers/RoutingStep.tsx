import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import type { Option } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { TeamPick } from '../people/picks.tsx'
import styles from './Customers.module.css'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'
import type { StepProps } from './step.ts'

/** A team that gets this customer's tickets; a mailbox of its own is made where mailboxes are made. */
export function RoutingStep({ organisation }: StepProps) {
  const t = useTexts(pathTexts)
  const mayRoute = useMay('routing.edit')
  const mayMail = useMay('mailbox.edit')
  const [team, setTeam] = useState<Option | null>(null)
  const rules = useCall('GET /api/routing-rules').data?.items.filter((rule) => rule.organisation?.id === organisation.id)
  const add = useSend('POST /api/routing-rules', {
    renews: [...customerRenews, 'GET /api/routing-rules'],
    onDone: () => {
      setTeam(null)
      toast(t('ruleMade'))
    },
    onProblem: toastProblem,
  })
  const make = () => {
    if (!team) return
    const name = t('ruleName', { name: organisation.name }).slice(0, 100)
    add.mutate({ body: { name, organisationId: organisation.id, teamId: team.value, on: true } })
  }
  return (
    <Section>
      {rules && rules.length > 0 && (
        <div>
          <strong className="small">{t('rules')}</strong>
          <ul className={styles.topics}>
            {rules.map((rule) => (
              <li key={rule.id}>
                <span>{rule.name}</span>
                <span>{rule.team.name}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {mayRoute ? (
        <>
          <TeamPick label={t('team')} value={team} onChange={setTeam} />
          <div>
            <Button onClick={make} disabled={!team} busy={add.isPending}>
              {t('makeRule')}
            </Button>
          </div>
        </>
      ) : (
        <p className="dim small">{t('noRoutingRight')}</p>
      )}
      {mayMail && (
        <p className="small">
          {t('ownMailbox')} <Link to="/mail">{t('mailboxes')}</Link>
        </p>
      )}
    </Section>
  )
}
