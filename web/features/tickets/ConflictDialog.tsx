import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import styles from './ConflictDialog.module.css'
import { talkTexts } from './conversation-texts.ts'
import type { Conflict, Edit } from './edit.ts'

const fieldTexts: Partial<
  Record<
    keyof Edit,
    | 'field-subject'
    | 'field-kind'
    | 'field-statusId'
    | 'field-impact'
    | 'field-urgency'
    | 'field-priority'
    | 'field-categoryId'
    | 'field-requesterId'
    | 'field-teamId'
    | 'field-assigneeId'
    | 'field-tags'
  >
> = {
  subject: 'field-subject',
  kind: 'field-kind',
  statusId: 'field-statusId',
  impact: 'field-impact',
  urgency: 'field-urgency',
  priority: 'field-priority',
  categoryId: 'field-categoryId',
  requesterId: 'field-requesterId',
  teamId: 'field-teamId',
  assigneeId: 'field-assigneeId',
  tags: 'field-tags',
}
const shownAs: Partial<Record<keyof Edit, (t: Ticket) => string>> = {
  subject: (t) => t.subject,
  kind: (t) => t.kind,
  statusId: (t) => t.status.name,
  impact: (t) => String(t.impact),
  urgency: (t) => String(t.urgency),
  priority: (t) => String(t.priority),
  categoryId: (t) => t.category?.name ?? '',
  requesterId: (t) => t.requester.name,
  teamId: (t) => t.team?.name ?? '',
  assigneeId: (t) => t.assignee?.name ?? '',
  tags: (t) => t.tags.join(', '),
}

/** Two people changed the same field: both values side by side, and the choice. */
export function ConflictDialog({ conflict, onTheirs, onMine }: { conflict: Conflict; onTheirs: () => void; onMine: () => void }) {
  const t = useTexts(talkTexts)
  const mine = { ...conflict.base, ...conflict.shown } as Ticket
  const fields = (Object.keys(conflict.edit) as (keyof Edit)[]).filter((f) => f !== 'priorityReason' && f !== 'waitingReason')
  return (
    <Dialog title={t('conflictTitle')} open onClose={onTheirs}>
      <p>{t('conflictText')}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('theirs')}</th>
            <th scope="col">{t('mine')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <th scope="row">{t(fieldTexts[field] ?? 'field-other')}</th>
              <td>{shownAs[field]?.(conflict.theirs) || t('nothing')}</td>
              <td>{shownAs[field]?.(mine) || t('nothing')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Buttons>
        <Button onClick={onMine}>{t('keepMine')}</Button>
        <Button look="main" onClick={onTheirs}>
          {t('keepTheirs')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
