import { IconX } from '@tabler/icons-react'
import type { Team } from '../../../contract/people.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { CheckField, FieldRow, FieldSet, NumberField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { PersonName } from '../../ui/Marks.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { PersonPick } from '../people/picks.tsx'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

type Member = { id: string; name: string; lead: boolean }
type Values = { name: string; tier: number | null; speciality: string; members: Member[] }
const valuesOf = (team: Team): Values => ({
  name: team.name,
  tier: team.tier,
  speciality: team.speciality,
  members: team.members.map(({ id, name, lead }) => ({ id, name, lead })),
})
const fieldsOf = ({ name, tier, speciality }: Values) => ({ name, tier, speciality })

export function TeamSheet({ team, onClose }: { team?: Team; onClose: () => void }) {
  const t = useTexts(teamTexts)
  const form = useForm<Values>(team ? valuesOf(team) : { name: '', tier: 1, speciality: '', members: [] })
  const change = useOtherChange(team, valuesOf, form)
  const renews = ['GET /api/teams', 'GET /api/people/:id', 'GET /api/me'] as const
  const finish = () => {
    toast(team ? t('saved') : t('added', { name: form.values.name }))
    onClose()
  }
  const setMembers = useSend('PUT /api/teams/:id/members', { renews, onDone: finish, onProblem: form.take })
  /** Two calls: the team's own fields, then its members where they changed. */
  const then = ({ id }: Team) => {
    const { members } = form.values
    if (JSON.stringify(members) === JSON.stringify(team ? valuesOf(team).members : [])) return finish()
    setMembers.mutate({ params: { id }, body: { members: members.map((m) => ({ personId: m.id, lead: m.lead })) } })
  }
  const add = useSend('POST /api/teams', { renews, onDone: then, onProblem: form.take })
  const edit = useSend('PATCH /api/teams/:id', { renews, onDone: then, onProblem: change.take })
  const save = () => {
    const fields = fieldsOf(form.values)
    if (!team) return add.mutate({ body: fields })
    const stored = change.stored ?? team
    edit.mutate({ params: { id: team.id }, ifMatch: change.version, body: changesOf(fieldsOf(valuesOf(stored)), fields) })
  }
  const labels = { name: t('name'), tier: t('tierField'), speciality: t('speciality'), members: t('members') }
  return (
    <FormSheet
      title={team ? t('editTeam', { name: team.name }) : t('newTeam')}
      busy={add.isPending || edit.isPending || setMembers.isPending}
      problem={form.problem}
      values={form.values}
      aside={team && <ArchiveTeam team={team} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <FieldRow>
        <TextField label={t('name')} required data-autofocus {...form.text('name')} />
        <NumberField label={t('tierField')} min={1} max={9} {...form.value('tier')} />
      </FieldRow>
      <p className="dim small">{t('tierHint')}</p>
      <TextField label={t('speciality')} hint={t('specialityHint')} {...form.text('speciality')} />
      <Members value={form.values.members} error={form.errors['members']} onChange={(members) => form.set('members', members)} />
    </FormSheet>
  )
}

function Members({
  value,
  error,
  onChange,
}: {
  value: readonly Member[]
  error: string | undefined
  onChange: (members: Member[]) => void
}) {
  const t = useTexts(teamTexts)
  const set = (id: string, lead: boolean) => onChange(value.map((m) => (m.id === id ? { ...m, lead } : m)))
  return (
    <FieldSet title={t('members')}>
      <div>
        {value.map((m) => (
          <div key={m.id} className={styles.member}>
            <span className="grow">
              <PersonName person={m} />
            </span>
            <CheckField label={t('isLead')} checked={m.lead} onChange={(e) => set(m.id, e.currentTarget.checked)} />
            <IconButton
              label={t('removeMember', { name: m.name })}
              icon={<IconX size={16} />}
              onClick={() => onChange(value.filter((x) => x.id !== m.id))}
            />
          </div>
        ))}
      </div>
      <PersonPick
        key={value.length}
        staff
        label={t('addMember')}
        hint={t('addMemberHint')}
        error={error}
        value={null}
        onChange={(p) =>
          p &&
          !value.some((m) => m.id === p.value) &&
          onChange([...value, { id: p.value, name: p.label.replace(/ \([^()]*@[^()]*\)$/, ''), lead: false }])
        }
      />
    </FieldSet>
  )
}

function ArchiveTeam({ team, onDone }: { team: Team; onDone: () => void }) {
  const t = useTexts(teamTexts)
  const [confirm, question] = useConfirm()
  const restore = useSend('POST /api/teams/:id/restore', { renews: ['GET /api/teams'], onProblem: toastProblem })
  const archive = useSend('POST /api/teams/:id/archive', {
    renews: ['GET /api/teams'],
    onDone: () => {
      toast(t('archived', { name: team.name }), { undo: () => restore.mutate({ params: { id: team.id } }) })
      onDone()
    },
    onProblem: toastProblem,
  })
  const ask = async () => {
    if (await confirm({ title: t('archiveTitle', { name: team.name }), text: t('archiveText'), action: t('archive'), danger: true }))
      archive.mutate({ params: { id: team.id } })
  }
  return (
    <>
      <Button look="plain" busy={archive.isPending} onClick={() => void ask()}>
        {t('archive')}
      </Button>
      {question}
    </>
  )
}
