import { IconAlertTriangle } from '@tabler/icons-react'
import type { Repeated } from '../../../contract/similar.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toast } from '../../ui/Toast.tsx'
import { offerText } from '../tickets/offered-text.ts'
import { makeChildren } from './children.ts'
import { NearRow } from './NearRow.tsx'
import { SameMenu } from './SameMenu.tsx'
import styles from './Similar.module.css'
import { similarTexts } from './texts.ts'

const shown = 4

/** Beside a ticket: what it is one of, open ones that may be the same, and solved ones whose resolution may be used. */
export function SimilarPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(similarTexts)
  const { data } = useCall('GET /api/tickets/:id/similar', { params: { id: ticket.id } }, { staleTime: 300_000 })
  if (!data) return null
  const use = (resolution: string) => {
    offerText(ticket.id, resolution)
    toast(sayIn(similarTexts)('used'))
  }
  return (
    <>
      {data.repeated.length > 0 && (
        <PanelPart title={t('repeated')}>
          {data.repeated.map((issue) => (
            <RepeatedLine key={issue.id} ticket={ticket} issue={issue} />
          ))}
        </PanelPart>
      )}
      <PanelPart title={t('open')}>
        {data.open.length === 0 && <p className="dim">{t('none')}</p>}
        <ul className={styles.list}>
          {data.open.slice(0, shown).map((near) => (
            <NearRow key={near.id} near={near} action={ticket.can.edit && <SameMenu ticket={ticket} near={near} />} />
          ))}
        </ul>
      </PanelPart>
      {data.solved.length > 0 && (
        <PanelPart title={t('solved')}>
          <ul className={styles.list}>
            {data.solved.slice(0, shown).map((near) => (
              <NearRow key={near.id} near={near} use={ticket.can.reply ? { label: t('useThis'), run: use } : undefined} />
            ))}
          </ul>
        </PanelPart>
      )}
    </>
  )
}

function RepeatedLine({ ticket, issue }: { ticket: Ticket; issue: Repeated }) {
  const t = useTexts(similarTexts)
  const said = t(`repeated-${issue.kind}`, { count: issue.tickets, words: issue.words.join(', ') })
  const offer = issue.kind === 'words' && ticket.can.edit && issue.open.length > 0
  return (
    <div className={issue.burst ? styles.burst : undefined}>
      {issue.burst && <IconAlertTriangle size={16} aria-hidden="true" />}
      <div>
        {issue.burst && <strong>{t('burst')} </strong>}
        {said}
        {offer && (
          <div>
            <Button
              look={issue.burst ? 'quiet' : 'plain'}
              className={issue.burst ? '' : styles.use}
              onClick={() => void makeChildren(ticket.id, issue.open)}
            >
              {t('makeParent', { count: issue.open.length })}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
