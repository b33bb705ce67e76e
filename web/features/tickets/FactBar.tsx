import { IconCategory, IconChevronDown, IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, TagsField } from '../../ui/Fields.tsx'
import { PriorityMark, StatusShape } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { CategoryPicker } from './CategoryPicker.tsx'
import { talkTexts } from './conversation-texts.ts'
import type { TicketEditing } from './edit.ts'
import { FactPopover } from './FactPopover.tsx'
import styles from './TicketPane.module.css'
import { ticketTexts } from './texts.ts'
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

function StatusFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const language = useLanguage()
  const { data } = useCall('GET /api/statuses', {}, { staleTime: 300_000 })
  // Resolving and closing have buttons of their own, with their own questions.
  const choices = (data?.items ?? []).filter((s) => !['new', 'resolved', 'closed'].includes(s.meaning))
  const shape = <StatusShape meaning={ticket.status.meaning} />
  if (!ticket.can.edit)
    return (
      <span className={styles.fact} data-plain>
        {shape} {ticket.status.name}
      </span>
    )
  return (
    <Menu
      width={240}
      target={
        <button type="button" className={styles.fact} aria-label={t('status', { name: ticket.status.name })}>
          {shape} <span className="truncate">{ticket.status.name}</span> <IconChevronDown size={12} />
        </button>
      }
      entries={choices.map((s) => {
        const name = inLanguage(s.name, language)
        return {
          key: s.id,
          label: name,
          icon: <StatusShape meaning={s.meaning} />,
          checked: s.id === ticket.status.id,
          run: () => void editing.edit({ statusId: s.id }, { status: { id: s.id, name, meaning: s.meaning } }),
        }
      })}
    />
  )
}

const levels = ['1', '2', '3'] as const
function PriorityFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const l = useTexts(ticketTexts)
  const u = useTexts(uiTexts)
  const [open, setOpen] = useState(false)
  const name = u(`priority${ticket.priority as 1 | 2 | 3 | 4 | 5}`)
  const set = (impact: number, urgency: number) =>
    void editing.edit({ impact, urgency }, { impact, urgency, priority: 7 - impact - urgency })
  return (
    <FactPopover
      on={ticket.can.edit}
      open={open}
      setOpen={setOpen}
      label={t('priority', { name })}
      shown={<PriorityMark priority={ticket.priority} words />}
    >
      <div className={styles.pick}>
        <ChoiceField
          label={t('impact')}
          value={String(ticket.impact) as '1'}
          onChange={(v: string) => set(Number(v), ticket.urgency)}
          options={levels.map((v) => ({ value: v as '1', label: l(`impact-${v}`) }))}
          wide
        />
        <ChoiceField
          label={t('urgency')}
          value={String(ticket.urgency) as '1'}
          onChange={(v: string) => set(ticket.impact, Number(v))}
          options={levels.map((v) => ({ value: v as '1', label: l(`urgency-${v}`) }))}
          wide
        />
        <p className="small dim">{t('priorityIs', { name })}</p>
      </div>
    </FactPopover>
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
          <IconCategory size={14} stroke={1.7} /> <span className="truncate">{name}</span>
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
      label={`${t('tags')}: ${ticket.tags.join(', ')}`}
      shown={
        <>
          <IconTag size={14} stroke={1.7} /> <span className="truncate">{ticket.tags.join(', ') || t('tags')}</span>
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
