import { IconBellRinging, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PagingRule, Policy } from '../../../contract/paging.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { OutsideSection } from './OutsideSection.tsx'
import styles from './Paging.module.css'
import { PagingRuleSheet } from './PagingRuleSheet.tsx'
import { PolicySheet } from './PolicySheet.tsx'
import { pagingTexts } from './setting-texts.ts'
import { policyWords } from './words.ts'

/** Who is woken in which order, which tickets do it by themselves, and who is told when nothing runs any more. */
export function PagingPage() {
  const t = useTexts(pagingTexts)
  const may = useMay('routing.edit')
  return (
    <Page title={t('title')} lead={t('lead')} width="narrow" actions={<Link to={'/pages' as never}>{t('pages')}</Link>}>
      <Policies may={may} />
      <Rules may={may} />
      {useMay('setting.edit') && <OutsideSection />}
    </Page>
  )
}

function Policies({ may }: { may: boolean }) {
  const t = useTexts(pagingTexts)
  const policies = useCall('GET /api/paging/policies')
  const [open, setOpen] = useState<Policy | 'new'>()
  return (
    <Section
      title={t('policies')}
      lead={t('policiesLead')}
      actions={
        may && (
          <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('newPolicy')}
          </Button>
        )
      }
    >
      <Loaded from={policies}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconBellRinging size={24} />} title={t('noPolicies')} text={t('noPoliciesText')} />
          ) : (
            items.map((policy) => (
              <div key={policy.id} className={styles.entry}>
                <span className={styles.main}>
                  {may ? (
                    <button type="button" className={styles.name} onClick={() => setOpen(policy)}>
                      {policy.name}
                    </button>
                  ) : (
                    <strong>{policy.name}</strong>
                  )}
                  <span className={styles.says}>{policyWords(policy, t)}</span>
                </span>
                {policy.teams.map((team) => (
                  <Badge key={team.id} tone="plain">
                    {team.name}
                  </Badge>
                ))}
              </div>
            ))
          )
        }
      </Loaded>
      {open && (
        <PolicySheet
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { policy: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}

function Rules({ may }: { may: boolean }) {
  const t = useTexts(pagingTexts)
  const rules = useCall('GET /api/paging/rules')
  const [open, setOpen] = useState<PagingRule | 'new'>()
  const turn = useSend('PATCH /api/paging/rules/:id', { renews: ['GET /api/paging/rules'], onProblem: toastProblem })
  return (
    <Section title={t('rules')} lead={t('rulesLead')} actions={may && <Button onClick={() => setOpen('new')}>{t('newRule')}</Button>}>
      <Loaded from={rules}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="dim">{t('noRules')}</p>}
            {items.map((rule) => (
              <div key={rule.id} className={styles.entry}>
                <span className={styles.main}>
                  {may ? (
                    <button type="button" className={styles.name} onClick={() => setOpen(rule)}>
                      {rule.name}
                    </button>
                  ) : (
                    <strong>{rule.name}</strong>
                  )}
                  <span className={styles.says}>
                    {t('byPolicy')} {rule.policy?.name ?? t('ofTeam')}
                  </span>
                </span>
                <SwitchField
                  label={t(rule.on ? 'on' : 'off')}
                  aria-label={t('turn', { name: rule.name })}
                  checked={rule.on}
                  disabled={!may || turn.isPending}
                  onChange={(event) =>
                    turn.mutate({ params: { id: rule.id }, ifMatch: rule.version, body: { on: event.currentTarget.checked } })
                  }
                />
              </div>
            ))}
          </>
        )}
      </Loaded>
      {open && (
        <PagingRuleSheet
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { rule: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}
