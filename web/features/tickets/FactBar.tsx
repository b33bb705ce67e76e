import { IconCategory, IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { TagsField } from '../../ui/Fields.tsx'
import { CategoryPicker } from './CategoryPicker.tsx'
import { talkTexts } from './conversation-texts.ts'
import type { TicketEditing } from './edit.ts'
import { FactPopover } from './FactPopover.tsx'
import { PriorityFact } from './PriorityFact.tsx'
import { StatusFact } from './StatusFact.tsx'
import styles from './TicketPane.module.css'
import { AssigneeFact, TeamFact } from './WhoFacts.tsx'

type Props = { ticket: Ticket; editing: TicketEditing }

/** Status, priority, who has it, category, tags: each is shown, and changed on the spot. */
export function FactBar({ ticket, editing }: Props) {
  return (
    <>
      <StatusFact ticket={ticket} editing={editing} />
      <PriorityFact ticket={ticket} editing={editing} />
      <AssigneeFact ticket={ticket} editing={editing} />
      <TeamFact ticket={ticket} />
      <CategoryFact ticket={ticket} editing={editing} />
      <TagsFact ticket={ticket} editing={editing} />
    </>
  )
}

function CategoryFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const [open, setOpen] = useState(false)
  const name = ticket.category?.name ?? t('noCategory')
  return (
    <FactPopover
      on={ticket.can.edit}
      open={open}
      setOpen={setOpen}
      label={t('category', { name })}
      shown={
        <>
          <IconCategory size={14} stroke={1.7} /> {ticket.category && <span className="truncate">{name}</span>}
        </>
      }
    >
      <CategoryPicker
        current={ticket.category?.id ?? null}
        onPick={(category) => {
          setOpen(false)
          void editing.edit({ categoryId: category?.id ?? null }, { category })
        }}
      />
    </FactPopover>
  )
}

function TagsFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const [open, setOpen] = useState(false)
  const [tags, setTags] = useState<readonly string[]>(ticket.tags)
  const turn = (next: boolean) => {
    setOpen(next)
    if (next) setTags(ticket.tags)
  }
  const save = () => {
    setOpen(false)
    if (tags.join('\n') !== ticket.tags.join('\n')) void editing.edit({ tags: [...tags] }, { tags: [...tags] })
  }
  return (
    <FactPopover
      on={ticket.can.edit}
      open={open}
      setOpen={turn}
      label={ticket.tags.length > 0 ? `${t('tags')}: ${ticket.tags.join(', ')}` : t('noTags')}
      shown={
        <>
          <IconTag size={14} stroke={1.7} /> {ticket.tags.length > 0 && <span className="truncate">{ticket.tags.join(', ')}</span>}
        </>
      }
    >
      <div className={styles.pick} style={{ width: 260 }}>
        <TagsField label={t('tags')} hint={t('tagsHint')} value={tags} onChange={setTags} />
        <Button look="main" onClick={save}>
          {t('save')}
        </Button>
      </div>
    </FactPopover>
  )
}
