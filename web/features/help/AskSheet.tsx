import { useState } from 'react'
import type { Helper } from '../../../contract/help.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { ChoiceField, type Option, SelectField, TextArea } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast } from '../../ui/Toast.tsx'
import { TeamPick } from '../people/picks.tsx'
import styles from './Help.module.css'
import { helpTexts } from './texts.ts'

type Whom = 'person' | 'team' | 'skill'

/** Of one person, one team, or whoever has a skill; only of those who see the ticket. */
export function AskSheet({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(helpTexts)
  const [whom, setWhom] = useState<Whom>('skill')
  const form = useForm({ question: '', personId: null as string | null, teamId: null as Option | null, skillId: null as string | null })
  const skills = useCall('GET /api/skills', {}, { staleTime: 60_000 }).data?.items ?? []
  const ask = useSend('POST /api/tickets/:id/help', {
    renews: ['GET /api/tickets/:id/help', 'GET /api/help', 'GET /api/tickets/:id/timeline'],
    onProblem: form.take,
    onDone: () => {
      toast(t('sent'))
      onClose()
    },
  })
  const { question, personId, teamId, skillId } = form.values
  const save = () =>
    ask.mutate({
      params: { id: ticket.id },
      body: {
        question,
        personId: whom === 'person' ? personId : null,
        teamId: whom === 'team' ? (teamId?.value ?? null) : null,
        skillId: whom === 'skill' ? skillId : null,
      },
    })
  return (
    <FormSheet
      title={t('ask')}
      action={t('send')}
      busy={ask.isPending}
      problem={form.problem}
      values={form.values}
      wide={false}
      onSave={save}
      onClose={onClose}
    >
      <ChoiceField
        label={t('whom')}
        value={whom}
        onChange={(next: Whom) => setWhom(next)}
        options={[
          { value: 'skill', label: t('skill') },
          { value: 'person', label: t('person') },
          { value: 'team', label: t('team') },
        ]}
      />
      {whom === 'person' && <Person ticketId={ticket.id} {...form.value('personId')} />}
      {whom === 'team' && <TeamPick label={t('teamPick')} {...form.value('teamId')} />}
      {whom === 'skill' && skills.length === 0 && <p className="dim small">{t('noSkills')}</p>}
      {whom === 'skill' && skills.length > 0 && (
        <SelectField
          label={t('skillPick')}
          options={skills.map((one) => ({ value: one.id, label: one.name }))}
          {...form.value('skillId')}
          error={form.errors.skillId ?? form.errors.personId}
        />
      )}
      {whom === 'skill' && skillId && <Candidates ticketId={ticket.id} skillId={skillId} />}
      <TextArea label={t('question')} hint={t('questionHint')} minRows={4} {...form.text('question')} />
    </FormSheet>
  )
}

type PersonProps = { ticketId: string; value: string | null; error: string | undefined; onChange: (id: string | null) => void }
/** Everybody who sees the ticket, who is free first. */
function Person({ ticketId, ...field }: PersonProps) {
  const t = useTexts(helpTexts)
  const words = useFreeWords()
  const { data } = useCall('GET /api/tickets/:id/help/candidates', { params: { id: ticketId } })
  return (
    <SelectField
      label={t('personPick')}
      searchable
      options={data?.items.map((one) => ({ value: one.id, label: `${one.name} (${words(one)})` })) ?? []}
      {...field}
    />
  )
}

function useFreeWords(): (one: Helper) => string {
  const t = useTexts(helpTexts)
  const formats = useFormats()
  return (one) => {
    const here = one.absentUntil ? t('away', { when: formats.date(`${one.absentUntil}T12:00:00`) }) : t(`state-${one.state}`)
    return `${here}, ${t('load', { count: one.openTickets })}`
  }
}

function Candidates({ ticketId, skillId }: { ticketId: string; skillId: string }) {
  const t = useTexts(helpTexts)
  const words = useFreeWords()
  const { data } = useCall('GET /api/tickets/:id/help/candidates', { params: { id: ticketId }, query: { skillId } })
  if (!data || data.items.length === 0) return null
  return (
    <div>
      <p className="dim small">{t('skilled')}</p>
      <ul className={styles.candidates}>
        {data.items.slice(0, 6).map((one) => (
          <li key={one.id}>
            <span className="grow">{one.name}</span>
            <span>{words(one)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
