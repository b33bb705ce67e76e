import { IconPlus, IconX } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import type { Person } from '../../../contract/people.ts'
import { type Role, roles } from '../../../contract/rights.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FieldRow, FormProblem, type Option, SelectField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './People.module.css'
import { OrganisationPick, TeamPick } from './picks.tsx'
import { peopleTexts } from './texts.ts'
import { useRoleWords } from './words.ts'

const renews = ['GET /api/people', 'GET /api/people/:id', 'GET /api/me'] as const

export function PersonRoles({ person }: { person: Person }) {
  const t = useTexts(peopleTexts)
  const words = useRoleWords()
  const me = useMe()
  const customers = useCompany()?.supports === 'customers'
  const [giving, setGiving] = useState(false)
  const [confirm, question] = useConfirm()
  const take = useSend('DELETE /api/people/:id/grants/:grantId', { renews, onDone: () => void toast(t('taken')), onProblem: toastProblem })
  const scopeOf = (grant: Person['grants'][number]) => {
    const scope = [
      grant.organisation && t('forOrganisation', { name: grant.organisation.name }),
      grant.team && t('inTeam', { name: grant.team.name }),
    ]
    return scope.filter(Boolean).join(', ') || t('everywhere')
  }
  const askTake = async (grantId: string, role: Role) => {
    const text = t('takeText', { name: person.name, role: words.name(role) })
    const own = person.id === me.id ? ` ${t('takeOwn')}` : ''
    if (await confirm({ title: t('takeTitle'), text: text + own, action: t('take'), danger: true }))
      take.mutate({ params: { id: person.id, grantId } })
  }
  return (
    <Section
      title={t('roles')}
      lead={t(customers ? 'rolesLeadCustomer' : 'rolesLead')}
      actions={
        person.can.grant && (
          <Button icon={<IconPlus size={16} />} onClick={() => setGiving(true)}>
            {t('give')}
          </Button>
        )
      }
    >
      {person.grants.length === 0 && <p className="dim small">{t('noRoles')}</p>}
      {person.grants.length > 0 && (
        <ul className={styles.lines}>
          {person.grants.map((grant) => (
            <li key={grant.id}>
              <span className="grow">
                <strong>{words.name(grant.role)}</strong> <span className="dim">{scopeOf(grant)}</span>
                {grant.provider && <span className="dim"> · {t('byGroup', { provider: grant.provider.name })}</span>}
                <br />
                <span className="dim small">{words.text(grant.role)}</span>
              </span>
              {person.can.grant && !grant.provider && (
                <IconButton
                  label={t('takeRole', { role: words.name(grant.role) })}
                  icon={<IconX size={16} />}
                  onClick={() => void askTake(grant.id, grant.role)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {giving && <GiveRole person={person} onClose={() => setGiving(false)} />}
      {question}
    </Section>
  )
}

function GiveRole({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useTexts(peopleTexts)
  const words = useRoleWords()
  const form = useForm({ role: 'agent' as Role, organisationId: null as Option | null, teamId: null as Option | null })
  const give = useSend('POST /api/people/:id/grants', {
    renews,
    onDone: () => {
      toast(t('given'))
      onClose()
    },
    onProblem: form.take,
  })
  const { role, organisationId, teamId } = form.values
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    give.mutate({ params: { id: person.id }, body: { role, organisationId: organisationId?.value ?? null, teamId: teamId?.value ?? null } })
  }
  return (
    <Dialog title={t('giveTo', { name: person.name })} open onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <SelectField
          label={t('role')}
          hint={words.text(role)}
          options={roles.map((value) => ({ value, label: words.name(value) }))}
          {...form.value('role')}
        />
        <FieldRow>
          <OrganisationPick label={t('limitOrganisation')} hint={t('limitOrganisationHint')} {...form.value('organisationId')} />
          <TeamPick label={t('limitTeam')} hint={t('limitTeamHint')} {...form.value('teamId')} />
        </FieldRow>
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={give.isPending}>
            {t('give')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
