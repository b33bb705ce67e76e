import { Popover, TagsInput } from '@mantine/core'
import { IconAt, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { ChoiceField, TextField } from '../../ui/Fields.tsx'
import { ColleagueList } from './ColleagueList.tsx'
import styles from './Composer.module.css'
import type { Composing } from './composing.ts'
import { talkTexts } from './conversation-texts.ts'

/** What stands above the text: recipients of a reply, colleagues to be told by a note, number and direction of a call. */
export function ComposerFields({ ticket, composing }: { ticket: Ticket; composing: Composing }) {
  if (composing.kind === 'reply') return <Recipients ticket={ticket} composing={composing} />
  if (composing.kind === 'note') return <Mentions ticket={ticket} composing={composing} />
  return <Call composing={composing} />
}

function Recipients({ ticket, composing }: { ticket: Ticket; composing: Composing }) {
  const t = useTexts(talkTexts)
  const { content, change } = composing
  const to = content.to ?? (ticket.requester.email ? [ticket.requester.email] : [])
  const copies = ticket.cc.flatMap((p) => (p.email ? [p.email] : []))
  const look = { wrapper: styles.inline ?? '', input: styles.addresses ?? '', label: styles.addressLabel ?? '' }
  const common = {
    classNames: look,
    acceptValueOnBlur: true,
    splitChars: [',', ';', ' '],
    variant: 'unstyled' as const,
    size: 'xs' as const,
  }
  return (
    <div className={styles.recipients}>
      <TagsInput {...common} label={t('recipients')} value={[...to]} onChange={(next) => change({ to: next })} />
      <TagsInput
        {...common}
        label={t('copies')}
        placeholder={copies.length === 0 && !content.cc?.length ? t('addCopy') : ''}
        value={[...(content.cc ?? copies)]}
        onChange={(next) => change({ cc: next })}
      />
      {to.length === 0 && <p className="dim small">{t('noAddress', { name: ticket.requester.name })}</p>}
    </div>
  )
}

/** Only people who see the ticket are offered; typing @ in the note opens the same list. */
function Mentions({ ticket, composing }: { ticket: Ticket; composing: Composing }) {
  const t = useTexts(talkTexts)
  const [open, setOpen] = useState(false)
  const { mentions, body } = composing.content
  const typedAt = /(^|\s)@$/.test(body)
  const before = useRef(body)
  useEffect(() => {
    if (typedAt && body.length === before.current.length + 1) setOpen(true)
    before.current = body
  }, [body, typedAt])
  const seeing = useCall('GET /api/tickets/:id/help/candidates', { params: { id: ticket.id } }, { enabled: open, staleTime: 60_000 })
  const among = seeing.data && new Set(seeing.data.items.map((one) => one.id))
  const teams = useCall('GET /api/teams', {}, { enabled: open, staleTime: 60_000 }).data?.items.filter((team) => !team.archived) ?? []
  const add = (one: { id: string; name: string; team?: true }) => {
    setOpen(false)
    if (mentions.some((m) => m.id === one.id && m.team === one.team)) return
    const start = typedAt ? body.slice(0, -1) : body
    composing.change({ mentions: [...mentions, one], body: `${start}${start === '' || /\s$/.test(start) ? '' : ' '}@${one.name} ` })
  }
  return (
    <div className={styles.mentions}>
      <Popover opened={open} onChange={setOpen} position="top-start" shadow="md" width={260} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={styles.mention} onClick={() => setOpen(!open)}>
            <IconAt size={14} /> {t('mention')}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={4}>
          <ColleagueList
            onPick={add}
            among={among}
            first={teams.map(({ id, name }) => ({ key: id, label: t('mentionTeam', { name }), run: () => add({ id, name, team: true }) }))}
          />
        </Popover.Dropdown>
      </Popover>
      {mentions.length > 0 && (
        <span className="small row wrap">
          {mentions.map((m) => (
            <span key={`${m.team ?? ''}${m.id}`} className={styles.told}>
              {m.name}
              <IconButton
                label={t('removeFile', { name: m.name })}
                icon={<IconX size={12} />}
                size={24}
                onClick={() => composing.change({ mentions: mentions.filter((x) => x !== m) })}
              />
            </span>
          ))}
        </span>
      )}
    </div>
  )
}

function Call({ composing }: { composing: Composing }) {
  const t = useTexts(talkTexts)
  const { direction, number } = composing.content
  return (
    <div className={styles.call}>
      <ChoiceField
        label={t('phone')}
        value={direction}
        onChange={(next) => composing.change({ direction: next })}
        options={[
          { value: 'in', label: t('callIn') },
          { value: 'out', label: t('callOut') },
        ]}
      />
      <TextField
        label={t('number')}
        type="tel"
        size="xs"
        value={number}
        onChange={(e) => composing.change({ number: e.currentTarget.value })}
      />
    </div>
  )
}
