import { useState } from 'react'
import type { AgreementForm, Move } from '../../../contract/sla.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldSet } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import styles from './Agreements.module.css'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'

type Props = { agreementId: string | null; terms: AgreementForm; onProblem: (cause: unknown) => void }
const most = 30

/** Which open tickets would be due at another time, and which agreement would count, before anything is saved. */
export function PreviewPart({ agreementId, terms, onProblem }: Props) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const [about, setAbout] = useState<string>()
  const asked = JSON.stringify(terms)
  const ask = useSend('POST /api/agreements/preview', { onProblem, onDone: () => setAbout(asked) })
  const shown = about === asked ? ask.data : undefined
  return (
    <FieldSet title={t('preview')}>
      <div>
        <Button busy={ask.isPending} onClick={() => ask.mutate({ body: { agreementId, terms } })}>
          {t('previewAsk')}
        </Button>
      </div>
      <div role="status" className={styles.preview}>
        {shown?.overlaps.map(({ agreement, target, wins }) => (
          <p key={`${agreement.id}/${target}`} className={styles.warn}>
            {t(wins === 'this' ? 'overlapThis' : 'overlapOther', { target: r(`target.${target}`), name: agreement.name })}
          </p>
        ))}
        {shown && <p>{t('previewCount', { count: shown.count })}</p>}
        {shown?.more && <p className="dim small">{t('previewMore')}</p>}
        {shown && shown.items.length > 0 && (
          <ul className={styles.moves}>
            {shown.items.slice(0, most).map((one) => (
              <MoveLine key={`${one.ticket.id}/${one.kind}/${one.target}`} one={one} />
            ))}
          </ul>
        )}
      </div>
    </FieldSet>
  )
}

function MoveLine({ one }: { one: Move }) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const formats = useFormats()
  const time = (at: string | null) => (at ? formats.dateTime(at) : t('noTime'))
  const said =
    one.what === 'begins'
      ? t('begins', { to: time(one.to) })
      : one.what === 'ends'
        ? t('stops', { from: time(one.from) })
        : t('moves', { from: time(one.from), to: time(one.to) })
  return (
    <li>
      <span>
        #{one.ticket.number} {one.ticket.subject}
      </span>
      <span className="dim">
        {r(`target.${one.target}`)}: {said} {one.breached && <Badge tone="bad">{t('late')}</Badge>}
      </span>
    </li>
  )
}
