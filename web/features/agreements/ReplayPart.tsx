import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AgreementForm, Replay } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldSet, SelectField } from '../../ui/Fields.tsx'
import { Table } from '../../ui/Table.tsx'
import { useAmounts } from '../figures/amounts.ts'
import styles from './Agreements.module.css'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'
import { type Past, pastPeriods, periodOf } from './words.ts'

type Props = { agreementId: string | null; terms: AgreementForm; onProblem: (cause: unknown) => void }
const most = 30

/** Tickets of the past against these terms, before anything is promised. */
export function ReplayPart({ agreementId, terms, onProblem }: Props) {
  const t = useTexts(agreementTexts)
  const [past, setPast] = useState<Past>('period30')
  const [about, setAbout] = useState<string>()
  const asked = JSON.stringify([terms, past])
  const ask = useSend('POST /api/agreements/replay', { onProblem, onDone: () => setAbout(asked) })
  const shown = about === asked ? ask.data : undefined
  return (
    <FieldSet title={t('replay')}>
      <p className="dim small">{t('replayHint')}</p>
      <SelectField label={t('period')} options={pastPeriods.map((value) => ({ value, label: t(value) }))} value={past} onChange={setPast} />
      <div>
        <Button busy={ask.isPending} onClick={() => ask.mutate({ body: { agreementId, terms, ...periodOf(past, new Date()) } })}>
          {t('replayAsk')}
        </Button>
      </div>
      <div role="status" className={styles.preview}>
        {shown && <Outcome shown={shown} />}
      </div>
    </FieldSet>
  )
}

function Outcome({ shown }: { shown: Replay }) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const { write } = useAmounts()
  const met = ({ met, missed }: Replay['targets'][number]['inForce']) =>
    met + missed === 0
      ? t('outcome.none')
      : t('ofMany', { percent: write('share', met / (met + missed)), met: write('tickets', met), all: write('tickets', met + missed) })
  if (shown.covered === 0) return <p>{t('replayNone')}</p>
  return (
    <>
      <p>{t('replayCovered', { count: shown.covered, looked: write('tickets', shown.looked) })}</p>
      {shown.more && <p className="dim small">{t('replayMore')}</p>}
      <Table
        label={t('replay')}
        rows={shown.targets}
        keyOf={(one) => one.target}
        columns={[
          { key: 'target', title: t('target'), cell: (one) => r(`target.${one.target}`), phone: 'main' },
          { key: 'now', title: t('nowMet'), cell: (one) => met(one.inForce), end: true },
          { key: 'then', title: t('thenMet'), cell: (one) => met(one.proposed), end: true },
        ]}
      />
      <p>{t('otherOutcome', { count: shown.count })}</p>
      {shown.items.length > 0 && (
        <ul className={styles.moves}>
          {shown.items.slice(0, most).map((one) => (
            <li key={`${one.ticket.id}/${one.target}`}>
              <Link to="/tickets/$ticketId" params={{ ticketId: one.ticket.id }} search={{} as never}>
                #{one.ticket.number} {one.ticket.subject}
              </Link>
              <span className="dim">
                {r(`target.${one.target}`)}:{' '}
                {t('moves', { from: t(`outcome.${one.inForce ?? 'none'}`), to: t(`outcome.${one.proposed ?? 'none'}`) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
